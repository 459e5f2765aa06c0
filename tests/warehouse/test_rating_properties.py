"""What must hold of every draft rating, whatever the numbers: better results never worsen it, less evidence never makes
it surer or dark green, the order of rows is nothing, and every provision has one draft.

Evidence here is results and attendance, and the record of inspections as a whole: taking away the newest inspection
alone puts another one in its place, which is other evidence, not less.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.warehouse.compiled import Models, Row
from tests.warehouse.test_rules import DRAFTS, PCT

# every example is a crowd of schools: one run of the models judges them all
MANY = examples(5)
ORDER = {"dark_green": 1, "light_green": 2, "yellow": 3, "amber": 4, "red": 5}
CONFIDENCE = {"none": 0, "low": 1, "medium": 2, "high": 3}
STANDINGS = ("category", "below_good", "concerns", "strong_recent", "strong", "good", "not_judged", "not_yet_inspected")
NATIONAL = 60.0
SIMILAR = [float(level) for level in range(35, 95, 2)]

DOMAINS = ("attainment", "disadvantaged", "progress")

counts = st.integers(0, 40)


@dataclass(frozen=True)
class School:
    """What a school is judged from: counts by domain, newest year first; the share absent; its inspection standing."""

    counted: dict[str, tuple[int, int, int]]
    absent: int
    standing: str

    def with_more(self, domain: str, more: int) -> "School":
        newest, before, base = self.counted[domain]
        return replace(self, counted=self.counted | {domain: (min(40, newest + more), before, base)})


@st.composite
def crowds(draw: st.DrawFn) -> dict[str, School]:
    """Schools by URN: by domain the pupils of forty who reached the standard in the newest year and in the two before,
    the share absent, and how they stand with the inspectorate."""
    triple = st.tuples(counts, counts, counts)
    school = st.tuples(triple, triple, triple, st.integers(0, 40), st.sampled_from(STANDINGS))
    found = draw(st.lists(school, min_size=30, max_size=60))
    return {
        f"{100001 + at}": School(dict(zip(DOMAINS, domains, strict=True)), absent, standing)
        for at, (*domains, absent, standing) in enumerate(found)
    }


def pooled(*years: int) -> float:
    return round(100 * sum(years) / (40 * len(years)), 4)


def deciding(urn: str, school: School) -> list[Row]:
    """The deciding values of a school, made from counts as int_review_measures makes them."""
    rows = []
    for domain, (newest, before, base) in school.counted.items():
        row: Row = PCT | {
            "urn": urn,
            "provision": "whole_school",
            "outcome_domain": domain,
            "measure": "progress" if domain == "progress" else "rwm",
            "pupil_group": "disadvantaged" if domain == "disadvantaged" else "all",
            "similar_values": SIMILAR if domain == "attainment" else None,
            "value": pooled(newest),
            "cohort_n": 40,
            "compared_with": NATIONAL,
            "national_value": NATIONAL,
            "pooled_3y_value": pooled(newest, before, base),
            "pooled_3y_n": 120,
            "pooled_3y_national_value": NATIONAL,
            "earlier_pooled_value": pooled(before, base),
            "earlier_n": 80,
            "earlier_pooled_national_value": NATIONAL,
            "recent_pooled_national_value": NATIONAL,
            "recent_pooled_value": pooled(newest, before),
            "recent_n": 80,
            "base_value": pooled(base),
            "base_n": 40,
            "base_national_value": NATIONAL,
            "years_below_of_three": sum(pooled(year) < NATIONAL - 17 for year in (newest, before, base)),
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
            "value": float(school.absent),
            "cohort_n": None,
            "compared_with": 15.0,
            "national_value": 15.0,
            "similar_values": SIMILAR,
        }
    )
    return rows


@pytest.fixture(scope="module")
def models(project: Path) -> Iterator[Models]:
    made = Models(project, DRAFTS)
    yield made
    made.connection.close()


def drafts(models: Models, schools: dict[str, School], rows: list[Row], visited: bool = True) -> dict[str, Row]:
    """Each school's draft from the deciding rows given."""
    models.fill("int_rating_evidence", rows)
    models.fill(
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
            for urn in schools
        ],
    )
    models.fill(
        "int_inspection_standing",
        [
            {
                "urn": urn,
                "provision": "whole_school",
                "years_since_any": 2.0 if visited else None,
                "inspection_standing": school.standing if visited else "not_yet_inspected",
            }
            for urn, school in schools.items()
        ],
    )
    models.run_all()
    return {row["urn"]: row for row in models.read("rayg_drafts")}


def rows_of(schools: dict[str, School]) -> list[Row]:
    return [row for urn, school in schools.items() for row in deciding(urn, school)]


@MANY
@given(schools=crowds(), domain=st.sampled_from(DOMAINS), more=st.integers(1, 40))
def test_a_better_newest_year_never_worsens_the_draft(
    models: Models, schools: dict[str, School], domain: str, more: int
) -> None:
    before = drafts(models, schools, rows_of(schools))
    better = {urn: school.with_more(domain, more) for urn, school in schools.items()}
    after = drafts(models, better, rows_of(better))
    for urn, school in schools.items():
        moved = (before[urn]["rule"], after[urn]["rule"], school)
        assert ORDER[after[urn]["draft_rating"]] <= ORDER[before[urn]["draft_rating"]], moved


@MANY
@given(
    schools=crowds(),
    gone=st.sampled_from([*DOMAINS, "attendance", "earlier years", "inspections"]),
    status=st.sampled_from(["not_supplied", "not_published", "blank", "not_held"]),
)
def test_less_evidence_is_never_surer_and_never_dark_green(
    models: Models, schools: dict[str, School], gone: str, status: str
) -> None:
    whole = rows_of(schools)
    before = drafts(models, schools, whole)
    if gone == "inspections":
        after = drafts(models, schools, whole, visited=False)
    else:
        after = drafts(models, schools, [without(row, gone, status) for row in whole])
    for urn, school in schools.items():
        moved = (before[urn]["rule"], after[urn]["rule"], school)
        assert CONFIDENCE[after[urn]["confidence"]] <= CONFIDENCE[before[urn]["confidence"]], moved
        if before[urn]["draft_rating"] != "dark_green":
            assert after[urn]["draft_rating"] != "dark_green", moved


def without(row: Row, gone: str, status: str) -> Row:
    """The row without the evidence named: its value absent with a status, or its earlier years."""
    if gone == "earlier years":
        earlier = ("earlier_pooled_value", "recent_pooled_value", "base_value", "earlier_n", "recent_n", "base_n")
        alone = {"pooled_3y_value": row["value"], "pooled_3y_n": row["cohort_n"], "pooled_years_n": 1}
        return row | dict.fromkeys(earlier) | alone | {"years_reported": 1}
    if row["outcome_domain"] != gone:
        return row
    numbers = [name for name in row if name.endswith(("value", "_n")) and name != "national_value"]
    return row | dict.fromkeys(numbers) | {"status": status, "years_reported": 0}


@MANY
@given(schools=crowds(), seed=st.integers(0, 1000))
def test_the_order_of_rows_changes_no_draft(models: Models, schools: dict[str, School], seed: int) -> None:
    rows = rows_of(schools)
    before = drafts(models, schools, rows)
    shuffled = rows.copy()
    random.Random(seed).shuffle(shuffled)
    assert drafts(models, schools, shuffled) == before


@MANY
@given(schools=crowds(), provisions=st.sets(st.sampled_from(["whole_school", "early_years", "post_16"]), min_size=1))
def test_every_provision_has_one_draft(models: Models, schools: dict[str, School], provisions: set[str]) -> None:
    """With results or without any: schools in the register are never lost and never doubled."""
    half = dict(list(schools.items())[::2])
    drafts(models, schools, rows_of(half))
    due = [
        {"urn": urn, "provision": provision, "inspection_standing": school.standing}
        for urn, school in schools.items()
        for provision in provisions
    ]
    models.fill("int_inspection_standing", due)
    models.run_all()
    found = [(row["urn"], row["provision"]) for row in models.read("rayg_drafts")]
    assert sorted(found) == sorted((row["urn"], row["provision"]) for row in due)
