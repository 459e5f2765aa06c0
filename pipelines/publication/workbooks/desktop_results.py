"""The desktop exercise's sheets of figures: results, gaps, attendance and intake, finance, each a few measures wide."""

from dataclasses import dataclass

from pipelines.publication.views.handling import TOO_FEW
from pipelines.publication.views.reading import Marts
from pipelines.publication.workbooks.columns import DOUBT, OF_SCHOOL, RELEASE, SCHOOL, gap
from pipelines.publication.workbooks.sheets import Column, Sheet


@dataclass(frozen=True)
class Result:
    """A figure of the mart `desktop_exercise`: the start of its columns' names, and the measure and pupils it is of."""

    name: str
    measure: str
    group: str
    short: str  # heading
    has_verdict: bool = True


RESULTS = {
    "Early years and phonics": (
        Result("eyfs_gld", "eyfs_gld_pct", "all", "Good level of development"),
        Result("phonics", "phonics_y1_pct", "all", "Phonics in year 1"),
    ),
    "Key stage 2": (
        Result("ks2_rwm", "ks2_rwm_expected_pct", "all", "RWM expected"),
        Result("ks2_rwm_disadvantaged", "ks2_rwm_expected_pct", "disadvantaged", "RWM disadvantaged"),
        Result("ks2_rwm_higher", "ks2_rwm_higher_pct", "all", "RWM higher"),
    ),
    "Key stage 4": (
        Result("ks4_attainment8", "ks4_attainment8", "all", "Attainment 8"),
        Result("ks4_attainment8_disadvantaged", "ks4_attainment8", "disadvantaged", "Attainment 8 disadvantaged"),
        Result("ks4_engmaths_95", "ks4_engmaths_95_pct", "all", "Grade 5 English and maths"),
    ),
    "Progress and leavers": (
        Result("ks4_progress8", "ks4_progress8", "all", "Progress 8"),
        Result("ks4_destinations", "ks4_destination_sustained_pct", "all", "Sustained destinations"),
    ),
    "Post-16": (
        Result("ks5_alevel_aps", "ks5_alevel_aps", "all", "A level points per entry"),
        Result("ks5_alevel_value_added", "ks5_alevel_value_added", "all", "A level value added"),
    ),
    "Attendance": (
        Result("persistent_absence", "absence_persistent_pct", "all", "Persistent absence"),
        Result("overall_absence", "absence_overall_pct", "all", "Overall absence"),
    ),
    "Behaviour": (Result("suspensions", "suspension_rate_pct", "all", "Suspensions per hundred pupils"),),
    "Intake": (
        Result("fsm6", "fsm6_pct", "all", "Free school meals in six years", False),
        Result("sen_support", "sen_support_pct", "all", "SEN support", False),
        Result("ehcp", "ehcp_pct", "all", "EHC plan", False),
    ),
}
PURPOSES = {
    "Early years and phonics": "The authority's own returns of early years and phonics, beside England; internal.",
    "Key stage 2": "Reading, writing and maths at the end of key stage 2, each beside England and with its verdict.",
    "Key stage 4": "Attainment at the end of key stage 4, each figure beside England and with its verdict.",
    "Progress and leavers": "Progress 8 and where pupils went after key stage 4.",
    "Post-16": "A level results and value added.",
    "Attendance": "Absence of the newest full year held, beside England for the phase.",
    "Behaviour": "Suspensions of the newest year held; the verdict needs England's rate for the phase.",
    "Intake": "Who the pupils are: the context of every other sheet, never scored.",
}
GAP_MEASURES = ("ks2_rwm_expected_pct", "ks4_attainment8")
FINANCE = "finance"


def results(marts: Marts) -> tuple[Sheet, ...]:
    """One sheet for each group of measures. A measure that the mart does not have is left out."""
    columns = marts.columns("desktop_exercise")
    groups = {title: tuple(one for one in group if one.name in columns) for title, group in RESULTS.items()}
    return tuple(_results(title, group) for title, group in groups.items() if group)


def _results(title: str, group: tuple[Result, ...]) -> Sheet:
    columns: list[Column] = []
    selected, joins, doubts = [], [], []
    for result in group:
        name, beside = result.name, f"b_{result.name}"
        plain = f"(select format_of(unit, decimals) from seed_measures where measure = '{result.measure}')"
        can = f"shown({beside}.release, {beside}.cohort_n, {beside}.numerator)"
        # a figure without its row in benchmarks has no known number of pupils: its publisher has seen to that
        selected += [
            f"case when {can} then d.{name} end as {name}",
            f"absence(d.{name}_status, {beside}.release, {beside}.cohort_n, {beside}.numerator) as {name}_absent",
            f"{plain} as {name}_format",
            f"case when {can} then {beside}.cohort_n end as {name}_n",
            f"case when d.{name}_status is null then 'none held' when {beside}.cohort_n is null then 'not published'"
            f" else '{TOO_FEW}' end as {name}_n_absent",
            f"{beside}.compared_with as {name}_england, {plain} as {name}_england_format",
            f"d.{name}_year",
            f"case when {can} then {beside}.doubt end as {name}_doubt",
        ]
        doubts.append(f"'{result.short}: ' || {name}_doubt")
        joins.append(
            f"left join figures as {beside} on {beside}.urn = d.urn and {beside}.measure = '{result.measure}'"
            f" and {beside}.pupil_group = '{result.group}' and {beside}.academic_year = d.{name}_year"
        )
        columns += [
            Column(name, result.short, "by_row", 13),
            Column(f"{name}_n", f"{result.short}: pupils", "count", 11, "Pupils behind it."),
            Column(
                f"{name}_england", f"{result.short}: England", "by_row", 12, "What it is compared with.", "not held"
            ),
        ]
        if result.has_verdict:
            hidden = f"d.{name}_status = 'reported' and not {can}"
            selected.append(
                f"case when {hidden} then '{TOO_FEW}' else in_words(d.{name}_verdict) end as {name}_verdict"
            )
            columns.append(Column(f"{name}_verdict", f"{result.short}: verdict", "verdict", 15, empty="none held"))
        columns.append(Column(f"{name}_year", f"{result.short}: year", width=10, empty="none held"))
    is_known = " or ".join(f"d.{result.name}_status is not null" for result in group)
    return Sheet(
        title,
        title,
        PURPOSES[title],
        ("desktop_exercise", "benchmarks", "held_files"),
        f"""
        with figures as ({FIGURES})
        select {OF_SCHOOL}, {", ".join(selected)}, nullif(concat_ws('; ', {", ".join(doubts)}), '') as doubt
        from desktop_exercise as d {" ".join(joins)}
        where {is_known}
        order by d.school_name, d.urn
        """,
        (*SCHOOL, *columns, DOUBT),
        (
            "Each figure is the newest published for any school; its year stands beside it. Schools of which nothing "
            "on this sheet is held are left out; the sheet Schools has every school.",
        ),
    )


# What a school's figure is of: its pupils, the pupils counted where it is a share, its release.
FIGURES = """
    select b.urn, b.measure, b.pupil_group, b.academic_year, b.release, b.cohort_n, b.compared_with, b.doubt,
        counted(m.measure, b.value, b.cohort_n) as numerator
    from benchmarks as b join seed_measures as m on b.measure = m.measure
    where b.entity_type = 'school' and b.la_code = getvariable('la_code')
"""

_POINTS = ("gap", "gap_lower_ci", "gap_upper_ci", "change_1y", "change_3y")
_SHOWN = ", ".join(
    f"case when is_shown then g.{name} end as {name},"
    f" absence(g.status, g.release, g.disadvantaged_n, g.numerator) as {name}_absent"
    for name in (*_POINTS, "disadvantaged_value", "disadvantaged_n", "pupils_equivalent")
)
_IN_POINTS = ", ".join(f"format_of('points', decimals) as {name}_format" for name in _POINTS)

GAPS = Sheet(
    "Gaps",
    "Gaps of disadvantaged pupils",
    "Each school's disadvantaged pupils beside other pupils in England and beside disadvantaged pupils in England, "
    "newest year.",
    ("gaps", "desktop_exercise"),
    f"""
    with mine as (
        select g.*, m.title, m.decimals, m.unit,
            counted(m.measure, g.disadvantaged_value, g.disadvantaged_n) as numerator,
            shown(g.release, g.disadvantaged_n, numerator) as is_shown
        from gaps as g join seed_measures as m on g.measure = m.measure
        where g.entity_type = 'school' and g.pupil_group = 'disadvantaged' and g.gap_type != 'within_entity'
            and g.measure in {GAP_MEASURES} and g.la_code = getvariable('la_code')
        qualify g.academic_year = max(g.academic_year) over (partition by g.measure)
    )
    select {OF_SCHOOL}, g.title, words(g.gap_type) as gap_type, g.academic_year, words(g.release) as release,
        {_SHOWN}, case when is_shown then g.doubt end as doubt, case when is_shown then g.doubt end as gap_doubt,
        g.comparator_value, {_IN_POINTS},
        format_of(unit, decimals) as disadvantaged_value_format, format_of(unit, decimals) as comparator_value_format
    from mine as g join desktop_exercise as d on g.urn = d.urn
    order by g.measure, d.school_name, d.urn, g.gap_type, g.basis
    """,
    (
        *SCHOOL,
        Column("title", "Measure", "long", 36),
        Column("gap_type", "Kind of gap", "long", 22),
        Column("academic_year", "Year", width=10),
        *gap(10),
        Column("disadvantaged_value", "Their value", "by_row", 10),
        Column("disadvantaged_n", "Pupils", "count", 10, empty="not published"),
        Column("comparator_value", "Compared value", "by_row", 10, empty="not held"),
        Column("pupils_equivalent", "In pupils", "count", 10, empty="not known"),
        Column("change_1y", "Change, 1 year", "by_row", 10, empty="none"),
        Column("change_3y", "Change, 3 years", "by_row", 10, empty="none"),
        RELEASE,
        DOUBT,
    ),
    ("Negative is behind. The gap within the school is not shown here: it is never scored.",),
)  # fmt: skip

FINANCE_SHEET = Sheet(
    "Finance",
    "Finance",
    "Every published figure of a school's money: newest year, beside the same kind of school in England where there "
    "is one.",
    ("benchmarks", "desktop_exercise"),
    f"""
    with mine as (
        select b.*, m.unit, m.decimals, m.title from benchmarks as b join seed_measures as m on b.measure = m.measure
        where b.entity_type = 'school' and b.la_code = getvariable('la_code') and m.domain = '{FINANCE}'
            and b.pupil_group = 'all'
        qualify row_number() over (partition by b.urn, b.measure order by b.academic_year desc) = 1
    )
    select {OF_SCHOOL}, b.title, b.academic_year, b.value, words(b.status) as value_absent, b.compared_with,
        words(b.release) as release, b.doubt, b.doubt as value_doubt,
        format_of(unit, decimals) as value_format, format_of(unit, decimals) as compared_with_format
    from mine as b join desktop_exercise as d on b.urn = d.urn
    order by d.school_name, d.urn, b.measure
    """,
    (
        *SCHOOL,
        Column("title", "Figure", "long", 44),
        Column("academic_year", "Year", width=10),
        Column("value", "Value", "by_row", 14),
        Column("compared_with", "England", "by_row", 14, empty="not held"),
        RELEASE,
        DOUBT,
    ),
    (
        "Academies' reserves are apportioned from their trust's, and their year ends in August, maintained schools' "
        "in March.",
    ),
)
