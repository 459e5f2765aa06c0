"""The pack's other sheets: gaps, whose pupils make them, inspection by regime, where the county stands, districts."""

from collections.abc import Mapping

from pipelines.publication.workbooks.columns import (
    BASIS,
    DOUBT,
    ENGLAND,
    MINUS_ENGLAND,
    NEIGHBOURS,
    QUARTILE,
    RELEASE,
    VALUE,
    YEAR,
    gap,
    rank,
)
from pipelines.publication.workbooks.japr_series import BASIS_NOTE, KPIS
from pipelines.publication.workbooks.sheets import Column, Sheet

GAPS = Sheet(
    "Gaps",
    "Gaps, newest reported year",
    "Each gap of the county in its newest reported year: between whom, how wide, its course, and whether it closes "
    "faster than nationally.",
    ("gaps",),
    """
    with mine as (
        select g.*, coalesce(m.title, g.measure) as title, coalesce(m.place, 999) as place,
            format_of('points', m.decimals) as points, format_of(case when m.unit = 'points' then 'score'
                else m.unit end, m.decimals) as plain
        from gaps as g left join seed_measures as m using (measure)
        where g.entity_type = 'la' and g.la_code = getvariable('la_code')
    )
    select title, words(pupil_group) as pupil_group, words(comparator_group) as comparator_group,
        words(gap_type) as gap_type,
        academic_year, gap, words(status) as gap_absent, gap_lower_ci, gap_upper_ci,
        case when shown(release, disadvantaged_n, null) then disadvantaged_value end as disadvantaged_value,
        absence(status, release, disadvantaged_n, null) as disadvantaged_value_absent,
        disadvantaged_n, comparator_value, pupils_equivalent, change_1y, change_3y, words(pace_1y) as pace_1y,
        words(pace_3y) as pace_3y, words(release) as release, words(basis) as basis, measure,
        doubt, doubt as gap_doubt, points as gap_format, points as gap_lower_ci_format, points as gap_upper_ci_format,
            plain as disadvantaged_value_format,
        plain as comparator_value_format, points as change_1y_format, points as change_3y_format
    from mine
    qualify row_number() over (
        partition by measure, pupil_group, gap_type, basis order by status = 'reported' desc, academic_year desc) = 1
    order by place, measure, pupil_group, gap_type, basis
    """,
    (
        Column("title", "Measure", "long", 40),
        Column("pupil_group", "Pupils", width=14),
        Column("comparator_group", "Compared with", width=14),
        Column("gap_type", "Kind of gap", width=22),
        YEAR,
        *gap(9),
        Column("disadvantaged_value", "Value of the pupils", "by_row", 10),
        Column("disadvantaged_n", "Pupils counted", "count", 10, empty="not published"),
        Column("comparator_value", "Compared value", "by_row", 10, empty="not held"),
        Column("pupils_equivalent", "In pupils", "count", 9, empty="not known"),
        Column("change_1y", "Change, 1 year", "by_row", 9, empty="none"),
        Column("pace_1y", "Pace, 1 year", "long", 14, empty="not known"),
        Column("change_3y", "Change, 3 years", "by_row", 9, empty="none"),
        Column("pace_3y", "Pace, 3 years", "long", 14, empty="not known"),
        RELEASE,
        BASIS,
        DOUBT,
    ),
    (
        BASIS_NOTE,
        "Gaps to others nationally and to disadvantaged pupils nationally are what is judged; a gap within the "
        "county is shown for information: raising the others would widen it.",
    ),
)

SCHOOLS_SHORT = Sheet(
    "Gap by school",
    "Which schools, how many pupils",
    "For each measure that has a gap among the indicators, newest year: the schools whose disadvantaged pupils fall "
    "short of disadvantaged pupils nationally, widest first, and how far the county gets by counting them.",
    ("gap_decomposition", "japr_kpis", "schools"),
    """
    with wanted as (
        select distinct measure from japr_kpis where la_code = getvariable('la_code') and gap_type is not null
    ),
    mine as (
        select d.*, coalesce(m.title, d.measure) as title, coalesce(m.place, 999) as place, format_of(m.unit,
            m.decimals) as plain,
            shown(null, disadvantaged_n, null) as is_shown, shown(null, other_n, null) as is_other_shown,
            component = 'school' and not (shown(null, disadvantaged_n, null) and shown(null, other_n,
                null)) as is_hidden
        from gap_decomposition as d join wanted using (measure) left join seed_measures as m using (measure)
        where d.la_code = getvariable('la_code')
        qualify d.academic_year = max(d.academic_year) over (partition by d.measure)
    )
    select mine.title, mine.academic_year,
        case component when 'county' then 'The county' when 'not_shown' then 'Schools not shown, together'
            else coalesce(s.school_name, 'URN ' || mine.urn) end as school,
        mine.urn, words(component) as component,
        case when is_shown then disadvantaged_n end as disadvantaged_n,
        case when is_shown then disadvantaged_value end as disadvantaged_value,
        case when is_other_shown then other_n end as other_n, case
            when is_other_shown then other_value end as other_value,
        case when not is_shown then 'too few to show' else 'not known' end as disadvantaged_n_absent,
        case when not is_shown then 'too few to show' else 'not known' end as disadvantaged_value_absent,
        case when not is_other_shown then 'too few to show' else 'not known' end as other_n_absent,
        case when not is_other_shown then 'too few to show' else 'not known' end as other_value_absent,
        national_disadvantaged_value,
        case when not is_hidden then within_part end as within_part, case
            when not is_hidden then between_part end as between_part,
        case when is_shown then pupils_short_of_national end as pupils_short_of_national,
        case when is_shown then pupils_short_so_far end as pupils_short_so_far,
        case when is_hidden then 'too few to show' end as within_part_absent, case
            when is_hidden then 'too few to show' end as between_part_absent,
        case when not is_shown then 'too few to show' end as pupils_short_of_national_absent,
        case when not is_shown then 'too few to show' end as pupils_short_so_far_absent,
        mine.doubt, mine.doubt as within_part_doubt, mine.doubt as between_part_doubt,
        plain as disadvantaged_value_format, plain as other_value_format, plain as national_disadvantaged_value_format
    from mine left join schools as s on mine.urn = s.urn
    order by place, mine.measure, component = 'county' desc, component = 'not_shown' desc,
        mine.pupils_short_of_national desc nulls last, mine.urn
    """,
    (
        Column("title", "Measure", "long", 40),
        Column("school", "School", "long", 36),
        Column("urn", "URN", width=9, empty="–"),
        YEAR,
        Column("disadvantaged_n", "Disadvantaged pupils", "count", 13),
        Column("disadvantaged_value", "Their value", "by_row", 9),
        Column("other_n", "Other pupils", "count", 9),
        Column("other_value", "Their value (others)", "by_row", 9),
        Column("national_disadvantaged_value", "Disadvantaged nationally", "by_row", 13, empty="not held"),
        Column("pupils_short_of_national", "Pupils short of national", "points1", 11, empty="not counted"),
        Column("pupils_short_so_far", "Running total", "score1", 9, empty="not counted"),
        Column("within_part", "Part within the school", "points2", 11, empty="not known"),
        Column("between_part", "Part between schools", "points2", 11, empty="not known"),
        Column("component", "Row is of", width=11),
        DOUBT,
    ),
    (
        "Schools whose figures are suppressed form one line together, recovered as the county's total minus the "
        "visible. Pupils short: positive is short of national, negative is above it.",
    ),
)

INSPECTION = Sheet(
    "Inspection",
    "Inspection, each regime apart",
    "Shares of schools and settings by the inspectorate's own words. The regimes ask different questions and are "
    "never one line: none is converted into another.",
    ("japr_kpis",),
    f"""
    with kpis as ({KPIS})
    select i.inspected, words(i.series) as series, words(i.area) as area,
        k.* replace (words(k.basis) as basis, words(k.release) as release)
    from kpis as k join seed_inspection_series as i on k.measure = i.measure
    order by i.place, k.academic_year
    """,
    (
        Column("inspected", "Inspected", width=10, note="Schools or early-years settings."),
        Column("series", "Regime", "long", 24, "overall grade: to August 2024; key judgements: inspections "
        "without an overall grade; report card: from November 2025."),
        Column("area", "Area", "long", 26, "The area judged."),
        Column("title", "Indicator", "long", 44),
        YEAR,
        VALUE,
        ENGLAND,
        MINUS_ENGLAND,
        *rank(9),
        Column("commentary", "In a sentence", "long", 60),
        BASIS,
        RELEASE,
        DOUBT,
    ),
    ("An inspection of a predecessor counts for no school here.",),
)  # fmt: skip

STANDING = Sheet(
    "Where we stand",
    "Where the county stands among authorities",
    "Every indicator that can be ranked, in its newest ranked year, best standing first.",
    ("japr_kpis",),
    f"""
    with kpis as ({KPIS})
    select *, words(basis) as basis_in_words, round(100.0 * la_rank / la_count, 1) as of_100
    from kpis where la_rank is not null
    qualify row_number() over (partition by kpi order by academic_year desc) = 1
    order by of_100, place, kpi
    """,
    (
        Column("title", "Indicator", "long", 48),
        YEAR,
        VALUE,
        *rank(8),
        QUARTILE,
        Column("of_100", "In a hundred", "score0", 9, "The rank, were there a hundred authorities."),
        ENGLAND,
        MINUS_ENGLAND,
        NEIGHBOURS,
        Column(
            "to_neighbours",
            "Minus neighbours",
            "by_row",
            11,
            "Value minus the neighbours' mean, both as printed.",
            empty="not held",
        ),
        Column("neighbours_n", "Neighbours with a value", "count", 11, empty="none"),
        Column("basis_in_words", "Basis", width=14, note="Which schools the figures count."),
        DOUBT,
    ),
    ("Rank 1 is best by what is good for the indicator: most of a result, least of an absence.",),
)

DISTRICTS = Sheet(
    "Districts and kinds",
    "Indicators by district and by kind of school",
    "Made from school rows, weighted by pupils; schools that are not shown are counted and left out.",
    ("japr_district_kpis",),
    """
    select d.* replace (words(area) as area, words(area_type) as area_type, words(basis) as basis),
        case when shown(null, pupils_n, null) then value end as shown_value,
        case when shown(null, pupils_n, null) then pupils_n end as shown_n,
        case when status = 'reported' and not shown(null, pupils_n, null) then 'too few to show'
            else words(status) end as shown_value_absent,
        case when not shown(null, pupils_n, null) then 'too few to show' else 'not published' end as shown_n_absent,
        format_of(m.unit, m.decimals) as shown_value_format, format_of(m.unit, m.decimals) as county_value_format,
        format_of(m.unit, m.decimals) as national_value_format
    from japr_district_kpis as d left join seed_kpis as k on d.kpi = k.kpi
        left join seed_measures as m on k.measure = m.measure
    where d.la_code = getvariable('la_code')
    order by coalesce(k.place, 999), d.kpi, d.area_type, d.area, d.academic_year desc, d.basis
    """,
    (
        Column("title", "Indicator", "long", 44),
        Column("area_type", "By", width=12),
        Column("area", "District or kind", width=20),
        YEAR,
        Column("shown_value", "Value", "by_row", 9, "Value weighted by pupils."),
        Column("shown_n", "Pupils", "count", 9, "Pupils behind the value."),
        Column("schools_n", "Schools", "count", 9),
        Column("schools_not_shown_n", "Schools not shown", "count", 10),
        Column("county_value", "The county", "by_row", 9, empty="not held"),
        ENGLAND,
        Column("basis", "Basis", width=18),
    ),
)


def neighbours(beside: Mapping[str, str]) -> Sheet:
    """The county beside its statistical neighbours (names by LA code): every KPI's newest reported year, one column for
    each neighbour.
    """
    columns = "".join(
        f", max(b.value) filter (b.la_code = '{code}') as n_{code}, any_value(number_format) as n_{code}_format"
        for code in beside
    )
    return Sheet(
        "Neighbours",
        "The county beside each statistical neighbour",
        "Every indicator but the gaps in its newest reported year, on the same basis for all.",
        ("japr_kpis", "benchmarks"),
        f"""
        with kpis as ({KPIS}),
        newest as (
            select * from kpis where status = 'reported' and gap_type is null
            qualify row_number() over (partition by kpi order by academic_year desc) = 1
        ),
        others as (
            select measure, pupil_group, basis, academic_year, la_code, value from benchmarks
            where entity_type = 'la' and status = 'reported'
        )
        select k.kpi, any_value(k.title) as title, any_value(k.academic_year) as academic_year,
            any_value(k.value) as value,
            any_value(number_format) as value_format, any_value(k.neighbour_mean) as neighbour_mean,
                any_value(number_format) as neighbour_mean_format,
            words(any_value(k.basis)) as basis{columns}
        from newest as k left join others as b
            on k.measure = b.measure and k.pupil_group = b.pupil_group and k.basis = b.basis
                and k.academic_year = b.academic_year
        group by k.kpi, k.place
        order by k.place, k.kpi
        """,
        (
            Column("title", "Indicator", "long", 44),
            YEAR,
            Column("value", "The county", "by_row", 9, "The county's value."),
            Column("neighbour_mean", "Mean of the neighbours", "by_row", 11, empty="not held"),
            *(
                Column(f"n_{code}", name, "by_row", 13, f"The value of {name}.", empty="not held")
                for code, name in beside.items()
            ),
            Column("basis", "Basis", width=16),
        ),
        ("The neighbours are those of the list in force on the day this build stands for, for every year.",),
    )
