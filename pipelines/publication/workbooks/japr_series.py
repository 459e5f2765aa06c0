"""The pack's sheets of KPIs over time: scorecard, series, the chart data, and the charts drawn from it."""

import math

from pipelines.publication.views.reading import Marts
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
    rank,
)
from pipelines.publication.workbooks.sheets import Chart, Charts, Column, Line, Row, Sheet

# What a member looks at first: a line for the county and one for England each.
TRENDS = (
    "eyfs_gld",
    "phonics_y1",
    "ks2_rwm",
    "ks4_attainment8",
    "ks4_engmaths_95",
    "ks5_alevel_aps",
    "persistent_absence_primary",
    "persistent_absence_secondary",
)
GAPS = ("eyfs_gld_gap", "phonics_y1_gap", "ks2_rwm_gap", "ks4_attainment8_gap")
BASIS_NOTE = (
    "Each figure stands on the basis named in its row (la tables: the Local Authority Interactive Tool; state "
    "funded: the performance tables); England, neighbours and rank are of the same basis."
)

# Every KPI and year of the authority, in the order of the seed, with how each of its figures is written. A change or a
# difference is of the figures as printed beside it; the mart's own is of its unrounded ones.
KPIS = """
select k.* replace (
        printed_difference(k.value, k.previous_value, m.places) as change,
        printed_difference(k.value, k.national_value, m.places) as difference
    ),
    printed_difference(k.value, k.neighbour_mean, m.places) as to_neighbours,
    coalesce(s.place, 999) as place, words(k.status) as value_absent,
    case k.la_quartile when 1 then '1 (best)' else k.la_quartile::varchar end as quartile,
    format_of(k.unit, m.places) as number_format, number_format as value_format, number_format as previous_value_format,
    number_format as national_value_format, number_format as neighbour_mean_format, number_format as target_format,
    format_of('points', m.places) as change_format, change_format as difference_format,
    change_format as to_neighbours_format, k.doubt as value_doubt
from japr_kpis as k
left join seed_kpis as s on k.kpi = s.kpi
left join (select measure, decimals::integer as places from seed_measures) as m on k.measure = m.measure
where k.la_code = getvariable('la_code')
"""

# Of each KPI the newest reported year, or the newest where none is reported; and the years that came after it.
NEWEST = """
newest as (
    select * from kpis
    qualify row_number() over (partition by kpi order by status = 'reported' desc, academic_year desc) = 1
),
later as (
    select kpis.kpi, string_agg(kpis.academic_year || ' ' || words(kpis.status),
        '; ' order by kpis.academic_year) as since
    from kpis join newest on kpis.kpi = newest.kpi and kpis.academic_year > newest.academic_year
    group by kpis.kpi
)
"""


def years_of(marts: Marts) -> tuple[str, ...]:
    """The academic years that any KPI has a row for, oldest first."""
    return tuple(
        row["academic_year"]
        for row in marts.query(f"select distinct academic_year from ({KPIS}) order by academic_year")
    )


def scorecard(years: tuple[str, ...]) -> Sheet:
    """One line for each KPI: its newest reported year."""
    helpers = ", ".join(
        f"max(value) filter (academic_year = '{year}' and status = 'reported') as \"year_{year}\"" for year in years
    )
    query = f"""
    with kpis as ({KPIS}),
    {NEWEST},
    lines as (select kpi, {helpers} from kpis group by kpi)
    select newest.* replace (words(release) as release, words(basis) as basis, words(target_status) as target_status),
        lines.* exclude (kpi)
    from newest
    left join lines using (kpi)
    order by priority, place, kpi
    """
    return Sheet(
        "Scorecard",
        "Scorecard by priority",
        "One line for each indicator of the strategy: its newest reported year beside the year before, England, the "
        "statistical neighbours, the rank among authorities, and the target.",
        ("japr_kpis",),
        query,
        (
            Column("priority", "Priority", "long", 20),
            Column("title", "Indicator", "long", 42),
            YEAR,
            VALUE,
            Column("previous_value", "Year before", "by_row", 9, empty="none"),
            Column("change", "Change", "by_row", 9, "Value minus the year before, both as printed.", empty="none"),
            ENGLAND,
            MINUS_ENGLAND,
            NEIGHBOURS,
            *rank(8),
            QUARTILE,
            Column("target", "Target", "by_row", 9, empty="no target"),
            Column("target_status", "Against target", "target", 11),
            Column("kpi", "Trend", "line", 18, "The values of all years held; a gap is a year without one."),
            DOUBT,
            *_helpers(years),
        ),
        (BASIS_NOTE,),
    )


SENTENCES = Sheet(
    "In sentences",
    "The scorecard in sentences",
    "What the numbers of each scorecard line say, years that came after and have no value, and what the line rests on.",
    ("japr_kpis",),
    f"""
    with kpis as ({KPIS}),
    {NEWEST}
    select newest.priority, newest.title, newest.academic_year, newest.commentary, later.since,
        words(newest.release) as release,
        words(newest.basis) as basis, newest.strategy_paragraph
    from newest left join later on newest.kpi = later.kpi
    order by newest.priority, newest.place, newest.kpi
    """,
    (
        Column("title", "Indicator", "long", 44),
        YEAR,
        Column("commentary", "In a sentence", "long", 80),
        Column("since", "Newer years", "long", 24, "Years after the one shown, and why they have no value."),
        RELEASE,
        BASIS,
        Column("strategy_paragraph", "Strategy paragraph", width=10),
    ),
    (BASIS_NOTE,),
    frozen=1,
)


def series(years: tuple[str, ...]) -> Sheet:
    """Every KPI by year, in words where a year has no figure."""
    return Sheet(
        "Series",
        "Every indicator, year by year",
        "Three lines for each indicator: the county, England and the mean of its statistical neighbours.",
        ("japr_kpis",),
        _wide(years, _VALUES_AND_WORDS),
        (
            Column("title", "Indicator", "long", 44),
            Column(
                "whose", "Figure of", width=12, note="The county, England, or the mean of the statistical neighbours."
            ),
            Column("kpi", "Trend", "line", 16, "The years to the right; a gap is a year without a figure."),
            *(Column(f"y_{year}", year, "by_row", 10, f"The figure of {year}.", empty="no row") for year in years),
            DOUBT,
            *_helpers(years),
        ),
        (
            BASIS_NOTE,
            "no row: the build has no line for that year; not held: the figure beside it is not among the files.",
        ),
        frozen=2,
    )


def chart_data(years: tuple[str, ...]) -> Sheet:
    """What the charts draw: the same lines with nothing where there is no figure."""
    return Sheet(
        "Chart data",
        "Chart data",
        "What the charts draw. A year without a figure is left empty here, so that the line breaks; the sheet Series "
        "says why. Not a table: sorting it would change the charts.",
        ("japr_kpis",),
        _wide(years, _VALUES),
        (
            Column("kpi", "Identifier", width=30),
            Column("whose", "Figure of", width=12),
            *(Column(f"y_{year}", year, "by_row", 10) for year in years),
        ),
        is_plain=True,
    )


def charts(marts: Marts, data: Sheet, county: str, years: tuple[str, ...]) -> tuple[Charts, ...]:
    """Trends of the headline KPIs, and of the gaps; none of what the build does not have."""
    rows = marts.query(data.query)
    places = {(row["kpi"], row["whose"]): number for number, row in enumerate(rows)}
    by_kpi = {row["kpi"]: row for row in rows}
    first = len(data.columns) - len(years)

    def chart(kpi: str, begin: int) -> Chart:
        lines = [(county, "county"), ("England", "England")]
        drawn = [
            Line(name, places[kpi, whose], whose == "England")
            for name, whose in lines
            if any(rows[places[kpi, whose]][f"y_{year}"] is not None for year in years)
        ]
        title, unit = by_kpi[kpi]["title"], by_kpi[kpi]["unit_in_words"]
        told = [_told(line.name, rows[line.row], years) for line in drawn]
        alt = f"Line chart. {title} ({unit}). {' '.join(told)}"
        ends = _ends([rows[line.row][f"y_{year}"] for line in drawn for year in years])
        span = (first + begin, first + len(years) - 1)
        return Chart(title, alt, tuple(drawn), by_kpi[kpi]["number_format"], *span, "line", *ends)

    def has_values(kpi: str) -> bool:
        return kpi in by_kpi and any(rows[places[kpi, "county"]][f"y_{year}"] is not None for year in years)

    def sheet(name: str, title: str, purpose: str, kpis: tuple[str, ...]) -> Charts:
        held = [kpi for kpi in kpis if has_values(kpi)]
        begin = _unheld([rows[places[kpi, "county"]] for kpi in held], years)
        return Charts(name, title, purpose, data, tuple(chart(kpi, begin) for kpi in held))

    sheets = (
        sheet(
            "Trends", "Trends", f"{county} (solid) and England (dashed). The figures stand on the sheet Series.", TRENDS
        ),
        sheet(
            "Gap trends",
            "Gaps over time",
            "Disadvantaged pupils here minus other pupils nationally (early years and phonics: free school meals), "
            "in points; "
            f"lower is wider. {county} solid, England dashed. The figures stand on the sheet Series.",
            GAPS,
        ),
    )
    return tuple(drawn for drawn in sheets if drawn.charts)


def _told(name: str, row: Row, years: tuple[str, ...]) -> str:
    """One line of a chart in words: where it begins and where it ends."""
    held = [(year, row[f"y_{year}"]) for year in years if row[f"y_{year}"] is not None]
    (first, begun), (last, ended) = held[0], held[-1]
    return f"{name}: {begun:g} in {first}, {ended:g} in {last}."


def _ends(values: list[float | None]) -> tuple[float, float]:
    """The ends of an axis that shows all values and little else, on round numbers."""
    held = [value for value in values if value is not None]
    least, most = min(held), max(held)
    step = next(step for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100) if (most - least) <= 6 * step)
    return math.floor(least / step - 0.5) * step, math.ceil(most / step + 0.5) * step


def _unheld(drawn: list[Row], years: tuple[str, ...]) -> int:
    """How many of the first years none of the rows has a figure for."""
    return next((number for number, year in enumerate(years) if any(row[f"y_{year}"] is not None for row in drawn)), 0)


def _helpers(years: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(Column(f"year_{year}", f"{year} (for the trend)", "helper", 8) for year in years)


_VALUES = """
    any_value(value) filter (academic_year = '{year}') as "y_{year}",
    any_value(number_format) as "y_{year}_format"
"""
_VALUES_AND_WORDS = (
    _VALUES
    + """,
    any_value(words) filter (academic_year = '{year}') as "y_{year}_absent",
    any_value(value) filter (academic_year = '{year}') as "year_{year}",
    any_value(doubt) filter (academic_year = '{year}') as "y_{year}_doubt"
"""
)


def _wide(years: tuple[str, ...], of_a_year: str) -> str:
    """KPIs by year: three lines for each, in the seed's order."""
    columns = ", ".join(of_a_year.format(year=year) for year in years)
    beside = "case when status in ('reported', 'not_held') then 'not held' else words(status) end"
    return f"""
    with kpis as ({KPIS}),
    figures as (
        select kpi, title, place, unit, number_format, academic_year, 1 as line, 'county' as whose,
            case when status = 'reported' then value end as value, words(status) as words, doubt
            from kpis
        union all
        select kpi, title, place, unit, number_format, academic_year, 2, 'England', national_value, {beside}, null
            from kpis
        union all
        select kpi, title, place, unit, number_format, academic_year, 3, 'neighbours', neighbour_mean, {beside}, null
            from kpis
    )
    select kpi, any_value(title) as title, whose, any_value(number_format) as number_format,
        case any_value(unit) when 'pct' then 'per cent' when 'points' then 'points' when 'rate' then 'rate'
            else 'score' end as unit_in_words,
        string_agg(academic_year || ': ' || doubt, '; ' order by academic_year) as doubt,
        {columns}
    from figures
    group by kpi, place, line, whose
    order by place, kpi, line
    """
