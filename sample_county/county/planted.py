"""The planted cases: schools whose story is fixed, and what each should lead to.

Every case is one named school of the county. `expected` states plain facts that follow from the methods; the
figures in it are read back from the written tables by write.py, never typed twice. Its keys:
draft_rating, draft_rating_not: colours allowed, or not allowed, for `provision` (whole_school unless given);
reason_contains: words of the draft's reason; indicator_triggered, indicator_not_triggered: domains; indicator_states:
the only states an indicator of results, attendance or inspection may have; observations: published values or statuses
(`urn` where the row stands under a predecessor); lineage: every ancestor (an empty list: none); inspection_standing,
band, unscreened_reason, category_of_concern, predecessor_urns: as in the marts; no_value_may_be_zero: measures of
which no published value may read 0 and no return of the authority's own leads to a rank or verdict;
in_every_school_mart: the school has a row in each; data_quality_disagreement: the two texts for one cell. Of the
authority's own lists (publishers/local/lists.py): decision: columns of the whole school's draft; registers: its
entries, oldest first; triggers: states by circumstance; interventions: by name and measure; regions_group_list: columns
of its row.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sample_county.county.events import convert, join
from sample_county.county.schools import COUNTY, Fixed, Inspection, Link, Register, School, Site, label

KS2_YEARS = (2023, 2024, 2025)
KS4_YEARS = (2021, 2022, 2023, 2024, 2025)
KS5_YEARS = (2022, 2023, 2024, 2025)

_GOOD, _OUTSTANDING = ("2", "2", "2", "2"), ("1", "1", "1", "1")
_IN_LINE, _LOW_ABSENCE, _HIGH_ABSENCE = (5.0, 12.0), (3.6, 5.5), (8.6, 28.0)


@dataclass
class Case:
    """One planted school. `kind` names the case; `expected` is described in the file's own key."""

    urn: int
    name: str
    kind: str
    what_is_planted: str
    expected: dict[str, Any] = field(default_factory=dict)


def observation(year: int, text: str, **more: Any) -> dict[str, Any]:
    """A percentage at the expected standard as printed, for a case's `observations`."""
    return {
        "measure": "ks2_rwm_expected_pct",
        "pupil_group": "all",
        "academic_year": label(year),
        "value": int(text.rstrip("%")),
        **more,
    }


class _Planter:
    """Takes the county's first schools of a kind, one after another, and settles who they are."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.cases: list[Case] = []
        self._next: dict[str, int] = {}

    def take(self, kind: str, name: str, case: str, site: Site, nf_type: str = "CY") -> School:
        own = [s for s in self.register.schools if s.la == COUNTY and s.kind == kind]
        turn = self._next.get(kind, 0)
        self._next[kind] = turn + 1
        school = own[turn]
        school.name, school.nf_type, school.site, school.planted = name, nf_type, site, case
        school.religion, school.gender, school.opened = "Does not apply", "Mixed", None
        school.low, school.high = _AGES[kind]
        school.trust = turn % 12 if nf_type in ("ACC", "AC", "F") else None
        return school

    def case(self, school: School, what: str, **expected: Any) -> None:
        self.cases.append(Case(school.urn, school.name, school.planted, what, expected))


_AGES = {"primary": (3, 11), "infant": (3, 7), "junior": (7, 11), "secondary": (11, 18)}


def _site(per_year: float, disadvantaged: float, fixed: Fixed, *, sixth_form: float = 0.0) -> Site:
    return Site(
        per_year=per_year,
        disadvantaged=disadvantaged,
        eal=0.15,
        sen_support=0.14,
        ehcp=0.03,
        mobile=0.05,
        intake=0.0,
        effect=0.0,
        sixth_form_effect=0.0,
        absence_effect=0.0,
        sixth_form_share=sixth_form,
        ebacc=0.0,
        fixed=fixed,
    )


def _ks2(
    pupils: int,
    disadvantaged: int,
    passes: tuple[int, ...],
    absence: tuple[float, float] = _IN_LINE,
    gap: float = -0.25,
    years: tuple[int, ...] = KS2_YEARS,
) -> Site:
    results = {year: (pupils, disadvantaged, n) for year, n in zip(years, passes, strict=True)}
    return _site(pupils, disadvantaged / pupils, Fixed(ks2=results, absence=absence, gap=gap))


def _graded(urn: int, on: date, overall: str, judgements: tuple[str, str, str, str], **more: Any) -> Inspection:
    early = more.pop("early_years", overall)
    return Inspection(inspected_on=on, overall=overall, judgements=judgements, urn=urn, early_years=early, **more)


def plant(register: Register) -> list[Case]:
    """Settles the planted schools in the register and returns the cases."""
    planter = _Planter(register)
    for story in (
        _converter,
        _sharp_fall,
        _too_small,
        _in_category,
        _predecessor_in_category,
        _federation,
        _open_one_year,
        _strong,
        _well_for_its_intake,
        _weak_sixth_form,
        _infant,
        _amalgamation,
        _low_for_years,
        _concerns,
        _low_secondary,
    ):
        story(planter)
    return planter.cases


def _converter(planter: _Planter) -> None:
    school = planter.take(
        "primary", "Tanswick Vale Primary Academy", "converter_academy", _ks2(60, 10, (43, 42, 43)), "ACC"
    )
    on = date(2023, 9, 1)
    before = convert(planter.register, school, on, "ACC", carries_history=False, name="Tanswick Vale Primary School")
    school.inspection = _graded(before.urn, date(2022, 11, 15), "2", _GOOD)
    planter.case(
        school,
        "Converter academy opened on 2023-09-01. Results of 2022/23 stand under the predecessor's URN only (the "
        "carried columns of its rows are blank), so they reach it through its lineage. The last graded inspection in "
        "the file is the predecessor's ('No').",
        lineage=[{"ancestor_urn": before.urn, "link_on": on.isoformat(), "is_amalgamation": False}],
        predecessor_urns=[before.urn],
        inspection_standing="not_yet_inspected",
        draft_rating_not=["red"],
        _ks2_values=[(school.urn, 2025), (school.urn, 2024), (before.urn, 2023)],
    )


def _sharp_fall(planter: _Planter) -> None:
    school = planter.take("primary", "Cinderford Rise Primary School", "sharp_fall", _ks2(58, 12, (45, 44, 26)))
    school.inspection = _graded(school.urn, date(2022, 5, 17), "2", _GOOD)
    planter.case(
        school,
        "58 pupils each year; reading, writing and maths expected standard 78, 76, then 45 per cent.",
        indicator_triggered=["trajectory"],
        draft_rating_not=["dark_green", "light_green"],
        _ks2_values=[(school.urn, 2023), (school.urn, 2024), (school.urn, 2025)],
    )


def _too_small(planter: _Planter) -> None:
    results = {2023: (3, 1, 1), 2024: (3, 0, 2), 2025: (4, 1, 2)}
    site = _site(3.5, 0.2, Fixed(ks2=results, absence=(4.1, 6.0), gap=-0.25))
    school = planter.take("primary", "Nether Hobwell Primary School", "too_small_to_publish", site)
    school.inspection = _graded(school.urn, date(2023, 6, 13), "2", _GOOD)
    planter.case(
        school,
        "3, 3 and 4 pupils at the end of key stage 2: every result is suppressed, also over three years.",
        indicator_states=["too_small", "suppressed", "not_published", "not_applicable", "no_data", "clear"],
        no_value_may_be_zero=["ks2_rwm_expected_pct", "ks2_rwm_higher_pct", "absence_persistent_pct"],
        in_every_school_mart=True,
        observations=[
            {"measure": "ks2_rwm_expected_pct", "pupil_group": "all", "academic_year": year, "status": "suppressed"}
            for year in ("2022/23", "2023/24", "2024/25")
        ],
    )


def _in_category(planter: _Planter) -> None:
    school = planter.take(
        "primary", "Marlbeck Street Primary School", "category_of_concern_now", _ks2(45, 11, (27, 27, 27))
    )
    school.inspection = _graded(
        school.urn,
        date(2024, 3, 12),
        "4",
        ("4", "3", "3", "4"),
        category="SM",
        safeguarding="No",
        early_years="3",
        previous_on=date(2018, 10, 2),
        previous_overall="2",
        previous_urn=school.urn,
    )
    planter.case(
        school,
        "Special measures (SM) at an inspection of its own URN on 2024-03-12.",
        draft_rating=["red"],
        indicator_triggered=["inspection"],
        category_of_concern="SM",
    )


def _predecessor_in_category(planter: _Planter) -> None:
    school = planter.take(
        "primary", "Harlow Fen Primary Academy", "category_of_predecessor", _ks2(30, 6, (18, 19, 19)), "AC"
    )
    on = date(2024, 1, 1)
    before = convert(planter.register, school, on, "AC", carries_history=False, name="Harlow Fen Primary School")
    school.inspection = _graded(
        before.urn, date(2023, 1, 17), "4", ("3", "3", "3", "4"), category="SWK", early_years="3"
    )
    planter.case(
        school,
        "Sponsored academy opened on 2024-01-01. The file shows serious weaknesses (SWK), found at its predecessor "
        "('No'); results to 2023/24 stand under the predecessor's URN.",
        draft_rating_not=["red"],
        inspection_standing="not_yet_inspected",
        lineage=[{"ancestor_urn": before.urn, "link_on": on.isoformat(), "is_amalgamation": False}],
        predecessor_urns=[before.urn],
        _ks2_values=[(before.urn, 2023), (before.urn, 2024), (school.urn, 2025)],
    )


def _federation(planter: _Planter) -> None:
    names = ("Lanternmere Primary School", "Lanternmere Primary School, Hill Site")
    one = planter.take("primary", names[0], "federation", _ks2(44, 8, (28, 28, 29)))
    two = planter.take("primary", names[1], "federation", _ks2(29, 5, (18, 19, 18)))
    for school, other in ((one, two), (two, one)):
        school.inspection = _graded(school.urn, date(2023, 3, 21), "2", _GOOD)
        planter.register.links.append(Link(school.urn, other.urn, other.name, "Other", None))
        planter.case(
            school,
            "Two schools of the Lanternmere federation with nearly the same name, linked as 'Other': two schools, "
            "neither the other's predecessor.",
            lineage=[],
            predecessor_urns=[],
            federated_with=other.urn,
            _ks2_values=[(school.urn, 2025)],
        )


def _open_one_year(planter: _Planter) -> None:
    site = _ks2(28, 5, (17,), years=(2025,))
    school = planter.take("primary", "Brindle Heath Free School", "open_one_year", site, "F")
    school.opened = date(2024, 9, 1)
    planter.case(
        school,
        "Free school opened on 2024-09-01 with pupils of every age: one set of results, no inspection, no history.",
        indicator_not_triggered=["trajectory"],
        inspection_standing="not_yet_inspected",
        lineage=[],
        predecessor_urns=[],
        draft_rating_not=["dark_green", "red"],
        _ks2_values=[(school.urn, 2025)],
    )


def _strong(planter: _Planter) -> None:
    school = planter.take(
        "primary", "Goldcrest Meadow Primary School", "strong", _ks2(60, 12, (55, 56, 57), _LOW_ABSENCE, -0.1)
    )
    school.inspection = _graded(
        school.urn,
        date(2024, 2, 27),
        "1",
        _OUTSTANDING,
        previous_on=date(2018, 11, 6),
        previous_overall="2",
        previous_urn=school.urn,
    )
    planter.case(
        school,
        "60 pupils a year, 92 to 95 per cent at the expected standard, disadvantaged pupils far above disadvantaged "
        "pupils nationally, persistent absence 5.5 per cent, Outstanding on 2024-02-27.",
        draft_rating=["dark_green"],
        reason_contains="over three years it is 9",
        decision={"needs_adviser_to_confirm": True},
        _ks2_values=[(school.urn, 2023), (school.urn, 2024), (school.urn, 2025)],
    )


def _well_for_its_intake(planter: _Planter) -> None:
    school = planter.take(
        "primary", "Tarnside Park Primary School", "well_for_its_intake", _ks2(58, 32, (39, 40, 41), (4.8, 11.0), -0.1)
    )
    school.inspection = _graded(school.urn, date(2023, 10, 10), "2", _GOOD)
    planter.case(
        school,
        "55 per cent disadvantaged, yet 67 to 71 per cent at the expected standard, disadvantaged pupils above "
        "disadvantaged pupils nationally.",
        draft_rating_not=["red", "amber", "insufficient_evidence"],
        indicator_not_triggered=["attainment", "disadvantaged", "attendance"],
        _ks2_values=[(school.urn, 2023), (school.urn, 2024), (school.urn, 2025)],
    )


def _weak_sixth_form(planter: _Planter) -> None:
    fixed = Fixed(
        ks4=dict.fromkeys(KS4_YEARS, (180, 30, 51.0)),
        ks5=dict.fromkeys(KS5_YEARS, (22.0, 0.8)),
        absence=(7.6, 20.0),
        gap=-0.5,
    )
    school = planter.take(
        "secondary", "Sallowbridge High School", "weak_sixth_form", _site(180, 0.17, fixed, sixth_form=0.55), "FD"
    )
    school.inspection = _graded(school.urn, date(2022, 11, 8), "2", _GOOD, early_years="9", sixth_form="3")
    planter.case(
        school,
        "Attainment 8 near 51 each year, but A level points per entry near 22, value added far below average and "
        "about 80 per cent retained; the sixth form was judged to require improvement.",
        provision="post_16",
        draft_rating=["red", "amber", "yellow"],
        indicator_triggered=["post_16"],
    )


def _infant(planter: _Planter) -> None:
    school = planter.take(
        "infant",
        "Wrenfold Infant and Nursery School",
        "infant_without_results",
        _site(58, 0.18, Fixed(absence=_IN_LINE)),
    )
    school.inspection = _graded(school.urn, date(2023, 5, 9), "2", _GOOD)
    planter.case(
        school,
        "Infant school: no published outcome of its own; what the authority's own returns say is all there is.",
        band="low",
    )


def _amalgamation(planter: _Planter) -> None:
    on = date(2023, 9, 1)
    results = {2023: (58, 11, 36), 2024: (59, 11, 38), 2025: (60, 12, 39)}
    shared = _site(60, 0.19, Fixed(ks2=results, absence=_IN_LINE, gap=-0.25))
    school = planter.take("primary", "Applewick Primary School", "amalgamation", shared)
    infant = planter.take(
        "infant", "Applewick Infant School", "amalgamation_predecessor", _site(60, 0.19, Fixed(absence=_IN_LINE))
    )
    junior = planter.take("junior", "Applewick Junior School", "amalgamation_predecessor", shared)
    school.opened = on
    join(planter.register, [infant, junior], school, on)
    school.inspection = _graded(junior.urn, date(2021, 12, 7), "2", _GOOD, early_years="9")
    planter.case(
        school,
        "Opened on 2023-09-01 when an infant and a junior school amalgamated. Only the junior school has key stage 2 "
        "results for 2022/23: they are context, and nothing is averaged.",
        lineage=[
            {"ancestor_urn": urn, "link_on": on.isoformat(), "is_amalgamation": True}
            for urn in (infant.urn, junior.urn)
        ],
        predecessor_urns=[infant.urn, junior.urn],
        inspection_standing="not_yet_inspected",
        _ks2_values=[(junior.urn, 2023), (school.urn, 2024), (school.urn, 2025)],
    )


def _low_for_years(planter: _Planter) -> None:
    school = planter.take(
        "primary", "Dunmarsh Primary School", "low_for_years", _ks2(55, 20, (15, 15, 14), _HIGH_ABSENCE, -0.1)
    )
    school.inspection = _graded(school.urn, date(2023, 11, 14), "3", ("3", "3", "2", "3"), early_years="3")
    planter.case(
        school,
        "55 pupils a year, 27, 27 and 25 per cent at the expected standard, persistent absence 28 per cent in every "
        "year, requires improvement in November 2023: well below in two domains for three years.",
        draft_rating=["amber"],
        reason_contains="consider red",
        indicator_triggered=["attainment", "attendance"],
        _ks2_values=[(school.urn, 2023), (school.urn, 2024), (school.urn, 2025)],
    )


def _concerns(planter: _Planter) -> None:
    school = planter.take(
        "primary", "Pennyroyal Green Primary School", "concerns_at_ungraded_visit", _ks2(60, 9, (38, 38, 39))
    )
    school.inspection = _graded(
        school.urn,
        date(2019, 3, 5),
        "2",
        ("9", "9", "9", "2"),
        ungraded_on=date(2024, 6, 18),
        ungraded_outcome="School remains Good (Concerns) - S5 Next",
    )
    planter.case(
        school,
        "Good in March 2019; ungraded inspection on 2024-06-18 'School remains Good (Concerns) - S5 Next'; results and "
        "attendance in line with England.",
        draft_rating=["yellow"],
        _ks2_values=[(school.urn, 2023), (school.urn, 2024), (school.urn, 2025)],
    )


def _low_secondary(planter: _Planter) -> None:
    fixed = Fixed(ks4=dict.fromkeys(KS4_YEARS, (170, 60, 36.0)), absence=(13.0, 42.0), gap=-0.2)
    school = planter.take(
        "secondary", "Fallowmoor Academy", "low_secondary", _site(170, 0.35, fixed, sixth_form=0.0), "ACC"
    )
    school.low, school.high, school.opened = 11, 16, date(2014, 9, 1)
    school.inspection = _graded(school.urn, date(2023, 9, 26), "3", ("3", "3", "3", "3"), early_years="9")
    planter.case(
        school,
        "Attainment 8 near 36 in every year, Progress 8 well below average in every year it was published, persistent "
        "absence 42 per cent, requires improvement in September 2023.",
        draft_rating=["amber"],
        reason_contains="consider red",
        indicator_triggered=["attainment", "attendance"],
    )


@dataclass(frozen=True)
class Disputes:
    """URNs of schools that nobody tells a story of, and of which two files say different things of key stage 2.

    corrected: the revised and the final file; by_county: England's file and the county's own, one point apart;
    by_source: the performance tables and the long file, two points apart.
    """

    corrected: list[int]
    by_county: int
    by_source: int


def dispute(register: Register, cases: list[Case]) -> Disputes:
    """Which schools those are. Their figures, and so their cases, are known when the tables are made."""
    usual = [s for s in register.schools if s.kind == "primary" and not s.planted and s.closed is None]
    lasting = [s for s in usual if s.opened is None]
    able = [s for s in lasting if 25 <= s.site.per_year <= 50]
    inside, outside = ([s.urn for s in able if (s.la == COUNTY) is county] for county in (True, False))
    corrected = inside[:2] + outside[::60]
    by_county = next(s.urn for s in usual if s.la == COUNTY and s.site.per_year >= 45)
    taken = {*corrected, by_county, *(case.urn for case in cases)}
    by_source = next(s.urn for s in lasting if s.la == COUNTY and s.site.per_year >= 20 and s.urn not in taken)
    return Disputes(corrected, by_county, by_source)
