"""The decision table, the numbers it rests on and the screen's thresholds: a case for every rule and every edge, and
the proof that the cases would notice. Each rule is taken out, each number moved, each threshold flipped: some case must
change.

Worked examples of single formulas stand beside the models.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse.compiled import Models, Row

CASES = list(csv.DictReader(Path(__file__).with_name("rule_cases.csv").open(encoding="utf-8", newline="")))
DRAFTS = ("int_rating_verdicts", "int_rating_axes", "rayg_drafts")
SCREEN = (
    "int_indicator_pairs",
    "int_indicators_of_measures",
    "int_indicators_of_inspections",
    "int_indicators_of_rolls",
    "int_indicators_of_openings",
    "int_indicators_of_local_knowledge",
    "risk_indicators",
)
AS_PUBLISHED = "as published"

PCT = {"unit": "pct", "polarity": 1, "interval_method": "wilson", "overdispersion": 1.0, "margin": 3.0} | {
    "well_margin": 10.0,
    "minimum_cohort": 11,
    "key_stage": "ks2",
    "release": "final",
    "years_back": 0,
    "status": "reported",
    "school_kind": "primary",
    "is_published_for_kind": True,
    "years_reported": 3,
    "pooled_years_n": 3,
}


def value(urn: str, domain: str, **fields: Any) -> Row:
    """A deciding value of a primary; unless said otherwise, in line with a national 60 of 100 pupils."""
    level = fields.pop("level", 60.0)
    n = fields.pop("n", 100)
    defaults = {
        "urn": urn,
        "provision": "whole_school",
        "outcome_domain": domain,
        "measure": {"attendance": "absence"}.get(domain, "rwm"),
        "pupil_group": "disadvantaged" if domain == "disadvantaged" else "all",
        "value": level,
        "cohort_n": n,
        "compared_with": 60.0,
        "national_value": 60.0,
        "pooled_3y_value": level,
        "pooled_3y_n": 3 * n,
        "pooled_3y_national_value": 60.0,
        "earlier_pooled_value": level,
        "earlier_n": 2 * n,
        "earlier_pooled_national_value": 60.0,
        "recent_pooled_value": level,
        "recent_n": 2 * n,
        "recent_pooled_national_value": 60.0,
        "base_value": level,
        "base_n": n,
        "base_national_value": 60.0,
        "years_below_of_three": 3 if level < 60 else 0,
    }
    return PCT | defaults | fields


def attendance(urn: str, level: float = 10.0, **fields: Any) -> Row:
    """Persistent absence beside a national 10 per cent; no interval, a margin of 2."""
    flat = {"polarity": -1, "interval_method": "none", "margin": 2.0, "compared_with": 10.0, "national_value": 10.0}
    return value(urn, "attendance", level=level, key_stage="all") | flat | {"pooled_3y_value": None} | fields


LOW = [float(other) for other in range(70, 100)]  # thirty similar schools, all of them higher


def deciding_cases() -> list[Row]:
    """One school for each edge of a number that ratings rest on; the comment names the number."""
    rows: list[Row] = []

    def school(urn: str, *values: Row) -> None:
        rows.extend(values)

    # low_fifth_of_similar: eighteen of thirty are higher: the third fifth; nineteen: the fourth
    third, fourth = [50.0] * 12 + [90.0] * 18, [50.0] * 11 + [90.0] * 19
    school("200001", value("200001", "attainment", level=52.0, similar_values=third), attendance("200001"))
    school("200002", value("200002", "attainment", level=52.0, similar_values=fourth), attendance("200002"))
    # years_for_well_below: far below in two domains, in two years and in one
    for urn, years in (("200003", 2), ("200004", 1)):
        of_years = {"pooled_years_n": years, "years_below_of_three": years}
        school(
            urn,
            value(urn, "attainment", level=30.0, similar_values=LOW, **of_years),
            value(urn, "disadvantaged", level=30.0, **of_years),
            attendance(urn),
        )
    # domains_for_amber_or_red: two and one domain below
    school(
        "200005",
        value("200005", "attainment", level=52.0, similar_values=LOW),
        value("200005", "disadvantaged", level=52.0),
        attendance("200005"),
    )
    school("200006", value("200006", "attainment", level=52.0, similar_values=LOW), attendance("200006"))
    # least_sets_of_results and new_school_years: opened two, and four, years ago, with one set
    for urn in ("200007", "200008", "200009"):
        sets = 2 if urn == "200009" else 1
        school(urn, value(urn, "attainment", years_reported=sets), attendance(urn))
    # least_pupils_difference: beyond chance and margin, two pupils and three
    tight = {"overdispersion": 0.05, "pooled_3y_value": None, "pooled_3y_n": None}
    school("200010", value("200010", "attainment", level=50.0, n=25, **tight), attendance("200010"))
    school("200011", value("200011", "attainment", level=47.9, n=25, **tight), attendance("200011"))
    # change_z: a fall of eleven points of a hundred pupils, after two hundred: 1.9 standard errors; after ninety: 1.6
    school("200012", value("200012", "attainment", level=59.0, earlier_pooled_value=70.0), attendance("200012"))
    school(
        "200013",
        value("200013", "attainment", level=59.0, earlier_pooled_value=70.0, earlier_n=90),
        attendance("200013"),
    )
    # recent_inspection_years and domains_for_high_confidence: confidence of sound schools
    for urn in ("200014", "200015"):
        school(urn, value(urn, "attainment"), value(urn, "disadvantaged"), attendance(urn))
    school("200016", value("200016", "attainment"), attendance("200016"))
    return rows


def school_rows(urns: list[str]) -> tuple[list[Row], list[Row]]:
    """Review schools and their inspection standing: good, two years ago, open for long."""
    opened = {"200007": "2023-09-01", "200008": "2021-09-01", "200009": "2023-09-01"}
    since = {"200014": 4.5, "200015": 5.5}
    schools = [
        {
            "urn": urn,
            "review_year": 2025,
            "school_kind": "primary",
            "sector": "maintained",
            "reference_on": "2025-08-31",
            "open_on": opened.get(urn, "2001-09-01"),
        }
        for urn in urns
    ]
    standing = [
        {
            "urn": urn,
            "provision": "whole_school",
            "inspection_standing": "good",
            "years_since_any": since.get(urn, 2.0),
            "graded_on": "2023-05-01",
        }
        for urn in urns
    ]
    return schools, standing


@pytest.fixture(scope="module")
def drafts(project: Path) -> Iterator[Models]:
    made = Models(project, DRAFTS)
    rows = deciding_cases()
    made.fill("int_rating_evidence", rows)
    schools, standing = school_rows(sorted({row["urn"] for row in rows}))
    made.fill("int_review_schools", schools)
    made.fill("int_inspection_standing", standing)
    yield made
    made.connection.close()


def decided(models: Models) -> dict[str, tuple[Any, ...]]:
    """What each case comes to: colour, rule, confidence, cusp."""
    models.run_all()
    keys = ("draft_rating", "rule", "confidence", "cusp_with")
    return {row["urn"]: tuple(row[key] for key in keys) for row in models.read("rayg_drafts")}


def test_every_edge_is_where_it_should_be(drafts: Models) -> None:
    found = {urn: (rating, confidence) for urn, (rating, _, confidence, _) in decided(drafts).items()}
    expected = {
        "200001": ("light_green", "medium"),
        "200002": ("yellow", "medium"),
        "200003": ("amber", "medium"),
        "200004": ("amber", "high"),
        "200005": ("amber", "high"),
        "200006": ("yellow", "medium"),
        "200007": ("insufficient_evidence", "none"),
        "200008": ("light_green", "medium"),
        "200009": ("light_green", "low"),
        "200010": ("light_green", "medium"),
        "200011": ("yellow", "medium"),
        "200012": ("yellow", "medium"),
        "200013": ("light_green", "medium"),
        "200014": ("light_green", "high"),
        "200015": ("light_green", "low"),
        "200016": ("light_green", "medium"),
    }
    assert found == expected


@pytest.mark.parametrize(
    ("reference_on", "note"),
    [
        ("2015-08-31", None),  # before the first strategy began: its criteria, and nothing is carried forward
        ("2025-08-31", None),
        ("2026-10-31", "criteria of the first strategy carried forward, unconfirmed"),
        ("2027-01-01", None),
        ("2032-01-01", "criteria of the second strategy carried forward, unconfirmed"),
    ],
)
def test_the_strategy_is_the_one_of_the_review(drafts: Models, reference_on: str, note: str | None) -> None:
    """A strategy that begins later says nothing about an earlier review."""
    kept = {table: drafts.read(table) for table in ("strategies", "int_review_schools")}
    drafts.fill(
        "strategies",
        [
            {"strategy_version": "first", "valid_from": "2021-09-01", "valid_to": "2026-08-31"},
            {"strategy_version": "second", "valid_from": "2027-01-01", "valid_to": "2031-12-31"},
        ],
    )
    drafts.fill("int_review_schools", [row | {"reference_on": reference_on} for row in kept["int_review_schools"]])
    drafts.run_all()
    notes = {row["criteria_note"] for row in drafts.read("rayg_drafts")}
    for table, rows in kept.items():
        drafts.fill(table, rows)
    assert notes == {note}


@pytest.mark.parametrize(
    ("parameter", "moved"),
    [
        ("low_fifth_of_similar", 3),
        ("low_fifth_of_similar", 5),
        ("years_for_well_below", 1),
        ("years_for_well_below", 3),
        ("domains_for_amber_or_red", 1),
        ("domains_for_amber_or_red", 3),
        ("least_sets_of_results", 1),
        ("least_sets_of_results", 3),
        ("new_school_years", 1),
        ("new_school_years", 5),
        ("least_pupils_difference", 1),
        ("least_pupils_difference", 3),
        ("change_z", 1.5),
        ("change_z", 2.0),
        ("recent_inspection_years", 4),
        ("recent_inspection_years", 6),
        ("domains_for_high_confidence", 1),
        ("domains_for_high_confidence", 3),
    ],
)
def test_a_number_moved_is_noticed(drafts: Models, parameter: str, moved: float) -> None:
    before = decided(drafts)
    seed = drafts.read("policy")
    drafts.fill("policy", [row | {"value": moved} if row["parameter"] == parameter else row for row in seed])
    try:
        assert decided(drafts) != before
    finally:
        drafts.fill("policy", seed)


@pytest.fixture(scope="module")
def table(project: Path) -> Iterator[Models]:
    """The decision table alone: one school for each case, with the axes the case names."""
    made = Models(project, ("rayg_drafts",))
    urns = [f"{300001 + at}" for at in range(len(CASES))]
    schools, _ = school_rows(urns)
    made.fill("int_review_schools", schools)
    axes = ("provision", "inspection_standing", "outcomes", "attendance", "trajectory")
    made.fill(
        "int_rating_axes",
        [
            {"urn": urn, "moved_case": AS_PUBLISHED, "domains_visible": 2} | {axis: case[axis] for axis in axes}
            for urn, case in zip(urns, CASES, strict=True)
        ],
    )
    yield made
    made.connection.close()


def ruled(models: Models) -> list[tuple[str, str]]:
    found = {row["urn"]: (row["rule"], row["draft_rating"]) for row in models.run("rayg_drafts")}
    return [found.get(f"{300001 + at}", ("", "")) for at in range(len(CASES))]


def test_each_case_is_decided_by_its_rule(table: Models) -> None:
    expected = [(case["rule"], case["rating"]) for case in CASES]
    assert ruled(table) == expected


def test_every_rule_has_a_case(table: Models) -> None:
    assert {row["rule"] for row in table.read("rayg_rules")} == {case["rule"] for case in CASES}


def test_a_rule_taken_out_is_noticed(table: Models) -> None:
    rules, before = table.read("rayg_rules"), ruled(table)
    unnoticed = []
    for gone in rules:
        table.fill("rayg_rules", [row for row in rules if row["rule"] != gone["rule"]])
        if ruled(table) == before:
            unnoticed.append(gone["rule"])
    table.fill("rayg_rules", rules)
    assert unnoticed == []


@pytest.fixture(scope="module")
def screen(project: Path) -> Iterator[Models]:
    """Indicators with a threshold, and the school on each side of it."""
    made = Models(project, SCREEN)
    thresholded = [row for row in made.read("indicators") if row["threshold"] is not None and row["measure"]]
    rows = []
    for indicator in thresholded:
        for side, off in (("in", -0.01), ("at", 0.0), ("out", 0.01)):
            level = indicator["threshold"] + off
            rows.append(
                {
                    "urn": f"{indicator['indicator']} {side}",
                    "measure": indicator["measure"],
                    "pupil_group": indicator["pupil_group"],
                    "academic_year": "2024/25",
                    "years_back": 0,
                    "status": "reported",
                    "decimals": 2,
                    # so far under a national figure of nothing
                    "value": -level if indicator["test"] == "below_by" else level,
                    "compared_with": 0.0,
                    "polarity": 1,
                    "previous_value": level,
                    "cohort_n": 100,
                    "minimum_cohort": 11,
                    "percentile_rank": round(level),
                    "quintile": round(level),
                    "school_kind": indicator["school_kinds"].split()[0],
                }
            )
    made.fill("int_review_measures", rows)
    made.fill(
        "int_review_schools",
        [{"urn": row["urn"], "review_year": 2025, "school_kind": row["school_kind"]} for row in rows],
    )
    yield made
    made.connection.close()


def indicators(models: Models) -> list[Row]:
    """The rows of risk_indicators over the tables as they are."""
    models.run_all()
    return models.read("risk_indicators")


def states(models: Models) -> dict[tuple[str, str], str]:
    return {
        (row["urn"], row["indicator"]): row["state"]
        for row in indicators(models)
        if row["urn"].startswith(row["indicator"] + " ")
    }


def test_each_threshold_has_two_sides(screen: Models) -> None:
    """Below it or above it triggers, exactly at it is clear; a rank, and a distance from national,
    trigger from their threshold on."""
    found = states(screen)
    for indicator in screen.read("indicators"):
        if indicator["threshold"] is None or not indicator["measure"]:
            continue
        sides = [found[(f"{indicator['indicator']} {side}", indicator["indicator"])] for side in ("in", "at", "out")]
        expected = {
            "under": ["triggered", "clear", "clear"],
            "under_two_years": ["triggered", "clear", "clear"],
            "over": ["clear", "clear", "triggered"],
            "below_by": ["clear", "triggered", "triggered"],
            "bottom_quintile": ["triggered", "triggered", "triggered"],
            "bottom_decile": ["triggered", "triggered", "triggered"],
        }[indicator["test"]]
        assert sides == expected, indicator["indicator"]


def moved_seed(change: Callable[[Row], Row], rows: list[Row], at: int) -> list[Row]:
    return [change(row) if number == at else row for number, row in enumerate(rows)]


def test_a_threshold_moved_is_noticed(screen: Models) -> None:
    seed, before = screen.read("indicators"), states(screen)
    unnoticed = []
    for at, row in enumerate(seed):
        if row["threshold"] is None or not row["measure"]:
            continue
        for step in (-1, 1):
            screen.fill("indicators", moved_seed(lambda old: old | {"threshold": old["threshold"] + step}, seed, at))  # noqa: B023
            if states(screen) == before and not (row["test"].startswith("bottom") and step < 0):
                unnoticed.append((row["indicator"], step))
    screen.fill("indicators", seed)
    assert unnoticed == []


def test_points_counted_are_points_of_the_seed(screen: Models) -> None:
    points = {row["indicator"]: row["points"] for row in screen.read("indicators")}
    triggered = [row for row in indicators(screen) if row["state"] == "triggered"]
    assert triggered
    assert [row for row in triggered if row["points"] != points[row["indicator"]]] == []
