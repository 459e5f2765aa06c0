"""What must hold of every draft rating, whatever the numbers: better results never worsen it, less evidence never makes
it surer or dark green, the order of rows is nothing, and every provision has one draft.

Evidence here is results and attendance, and the record of inspections as a whole: taking away the newest inspection
alone puts another one in its place, which is other evidence, not less.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.compiled import Models, Row
from tests.warehouse.test_rules import DRAFTS, PCT

MANY = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ORDER = {"dark_green": 1, "light_green": 2, "yellow": 3, "amber": 4, "red": 5}
CONFIDENCE = {"none": 0, "low": 1, "medium": 2, "high": 3}
STANDINGS = ("category", "below_good", "concerns", "strong_recent", "strong", "good", "not_judged", "not_yet_inspected")
NATIONAL = 60.0
SIMILAR = [float(level) for level in range(35, 95, 2)]

counts = st.integers(0, 40)


@st.composite
def results(draw: st.DrawFn) -> dict[str, list[int]]:
    """By domain: pupils of forty who reached the standard in the newest year and in the two before."""
    return {domain: [draw(counts) for _ in range(3)] for domain in ("attainment", "disadvantaged", "progress")}


def pooled(years: list[int]) -> float:
    return round(100 * sum(years) / (40 * len(years)), 4)


def deciding(urn: str, of_domain: dict[str, list[int]], absent: int) -> list[Row]:
    """The deciding values of a school, made from counts as int_review_values makes them."""
    rows = []
    for domain, (newest, before, base) in of_domain.items():
        row: Row = PCT | {
            "urn": urn,
            "provision": "whole_school",
            "outcome_domain": domain,
            "measure": "progress" if domain == "progress" else "rwm",
            "pupil_group": "disadvantaged" if domain == "disadvantaged" else "all",
            "similar_values": SIMILAR if domain == "attainment" else None,
            "value": pooled([newest]),
            "cohort_n": 40,
            "compared_with": NATIONAL,
            "national_value": NATIONAL,
            "pooled_3y_value": pooled([newest, before, base]),
            "pooled_3y_n": 120,
            "pooled_3y_national_value": NATIONAL,
            "earlier_pooled_value": pooled([before, base]),
            "earlier_n": 80,
            "earlier_pooled_national_value": NATIONAL,
            "recent_pooled_national_value": NATIONAL,
            "recent_pooled_value": pooled([newest, before]),
            "recent_n": 80,
            "base_value": pooled([base]),
            "base_n": 40,
            "base_national_value": NATIONAL,
            "years_below_of_three": sum(pooled([year]) < NATIONAL - 17 for year in (newest, before, base)),
            "years_reported": 3,
        }
        rows.append(row)
    rows.append(
        PCT
        | {
            "urn": urn,
            "provision": "whole_school",
            "outcome_domain": "attendance",
            "measure": "absence",
            "pupil_group": "all",
            "key_stage": "all",
            "polarity": -1,
            "interval_method": "none",
            "margin": 2.0,
            "value": float(absent),
            "cohort_n": None,
            "compared_with": 15.0,
            "national_value": 15.0,
            "similar_values": SIMILAR,
        }
    )
    return rows


# stands beside the school in question, so that what it lacks is published for its kind
def peer() -> list[Row]:
    return deciding("100002", {domain: [24, 24, 24] for domain in ("attainment", "disadvantaged", "progress")}, 15)


@pytest.fixture(scope="module")
def models(project: Path) -> Iterator[Models]:
    made = Models(project, DRAFTS)
    made.fill(
        "int_review_schools",
        [
            {
                "urn": urn,
                "review_year": 2025,
                "school_kind": "primary",
                "sector": "maintained",
                "reference_on": "2025-08-31",
                "open_on": "2001-09-01",
            }
            for urn in ("100001", "100002")
        ],
    )
    yield made
    made.connection.close()


def draft(models: Models, rows: list[Row], standing: str, years_since: float | None = 2.0) -> Row:
    models.fill("int_deciding_values", [*rows, *peer()])
    common = {"provision": "whole_school", "inspection_standing": standing, "years_since_any": years_since}
    models.fill("int_inspection_standing", [{"urn": urn} | common for urn in ("100001", "100002")])
    models.run_all()
    (found,) = [row for row in models.read("rayg_drafts") if row["urn"] == "100001"]
    return found


def worse(rating: str) -> int:
    return ORDER[rating]


@MANY
@given(
    counted=results(),
    absent=st.integers(0, 40),
    standing=st.sampled_from(STANDINGS),
    domain=st.sampled_from(["attainment", "disadvantaged", "progress"]),
    more=st.integers(1, 40),
)
def test_a_better_newest_year_never_worsens_the_draft(
    models: Models, counted: dict[str, list[int]], absent: int, standing: str, domain: str, more: int
) -> None:
    before = draft(models, deciding("100001", counted, absent), standing)
    newest, *earlier = counted[domain]
    better = counted | {domain: [min(40, newest + more), *earlier]}
    after = draft(models, deciding("100001", better, absent), standing)
    assert worse(after["draft_rating"]) <= worse(before["draft_rating"]), (before["rule"], after["rule"])


@MANY
@given(
    counted=results(),
    absent=st.integers(0, 40),
    standing=st.sampled_from(STANDINGS),
    gone=st.sampled_from(["attainment", "disadvantaged", "progress", "attendance", "earlier years", "inspections"]),
    status=st.sampled_from(["not_supplied", "not_published", "blank", "not_held"]),
)
def test_less_evidence_is_never_surer_and_never_dark_green(
    models: Models, counted: dict[str, list[int]], absent: int, standing: str, gone: str, status: str
) -> None:
    whole = deciding("100001", counted, absent)
    before = draft(models, whole, standing)
    if gone == "inspections":
        after = draft(models, whole, "not_yet_inspected", None)
    else:
        after = draft(models, [without(row, gone, status) for row in whole], standing)
    assert CONFIDENCE[after["confidence"]] <= CONFIDENCE[before["confidence"]], (before["rule"], after["rule"])
    if before["draft_rating"] != "dark_green":
        assert after["draft_rating"] != "dark_green", (before["rule"], after["rule"])


def without(row: Row, gone: str, status: str) -> Row:
    """The row without the evidence named: its value absent with a status, or its earlier years."""
    if gone == "earlier years":
        earlier = ("earlier_pooled_value", "recent_pooled_value", "base_value", "earlier_n", "recent_n", "base_n")
        alone = {"pooled_3y_value": row["value"], "pooled_3y_n": row["cohort_n"], "pooled_years_n": 1}
        return row | dict.fromkeys(earlier) | alone | {"years_reported": 1}
    if row["outcome_domain"] != gone:
        return row
    numbers = [name for name in row if name.endswith(("value", "_n")) and name not in ("national_value",)]
    return row | dict.fromkeys(numbers) | {"status": status, "years_reported": 0}


@MANY
@given(counted=results(), absent=st.integers(0, 40), seed=st.integers(0, 1000))
def test_the_order_of_rows_is_nothing(models: Models, counted: dict[str, list[int]], absent: int, seed: int) -> None:
    rows = deciding("100001", counted, absent)
    before = draft(models, rows, "good")
    shuffled = rows.copy()
    random.Random(seed).shuffle(shuffled)
    assert draft(models, shuffled, "good") == before


@MANY
@given(
    standings=st.lists(st.sampled_from(STANDINGS), min_size=1, max_size=3),
    provisions=st.sets(st.sampled_from(["whole_school", "early_years", "post_16"]), min_size=1),
    counted=results(),
)
def test_every_provision_has_one_draft(
    models: Models, standings: list[str], provisions: set[str], counted: dict[str, list[int]]
) -> None:
    """With results or without any: schools in the register are never lost and never doubled."""
    due: list[dict[str, Any]] = [
        {"urn": f"{400001 + at}", "provision": provision, "inspection_standing": standing}
        for at, standing in enumerate(standings)
        for provision in provisions
    ]
    urns = sorted({row["urn"] for row in due})
    kept = models.read("int_review_schools")
    models.fill("int_review_schools", [{"urn": urn, "review_year": 2025} for urn in urns])
    models.fill("int_inspection_standing", due)
    models.fill("int_deciding_values", deciding("400001", counted, 10))
    models.run_all()
    found = [(row["urn"], row["provision"]) for row in models.read("rayg_drafts")]
    models.fill("int_review_schools", kept)
    assert sorted(found) == sorted((row["urn"], row["provision"]) for row in due)
