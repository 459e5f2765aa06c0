"""What must hold whatever the numbers are: the models' own SQL over made-up rows, run in memory.

Worked examples stand beside the models; here are the invariants of methods sections 1, 3 and 4.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.warehouse.compiled import Models, Row

MODELS = ("gaps", "benchmarks", "observations")
MANY = examples(40)
YEAR = "2024/25"
MEASURE = "ks2_rwm_expected_pct"


@pytest.fixture(scope="module")
def models(project: Path) -> Iterator[Models]:
    made = Models(project, MODELS)
    made.fill("stg_parameters", [{"la_code": "998", "review_academic_year": YEAR}])
    yield made
    made.connection.close()


def measure_fields(models: Models) -> Row:
    relation = models.connection.execute(
        "select * exclude (measure, national_basis, least, most) from building.main.measures where measure = ?",
        [MEASURE],
    )
    names = [column[0] for column in relation.description]
    (row,) = relation.fetchall()
    return dict(zip(names, row, strict=True))


def comparable(models: Models, urn: str, group: str, value: float | None, n: int, national: float) -> Row:
    """A school's row of int_comparable, its interval wide enough to hold the value."""
    held = value is not None
    return {
        **measure_fields(models),
        "entity_type": "school",
        "entity_code": urn,
        "urn": urn,
        "basis": "school",
        "national_basis": "state_funded",
        "academic_year": YEAR,
        "measure": MEASURE,
        "pupil_group": group,
        "value": value,
        "denominator": n,
        "lower_ci": max(0.0, value - 7) if held else None,
        "upper_ci": min(100.0, value + 7) if held else None,
        "status": "reported" if held else "suppressed",
        "school_kind": "primary",
        "la_code": "998",
        "national_value": national,
        "file_id": "f",
        "release": "final",
    }


percentages = st.integers(0, 100).map(float)
cohorts = st.integers(1, 200)


@MANY
@given(value=st.floats(0, 100).map(lambda x: round(x, 1)), n=cohorts, overdispersion=st.floats(1, 5))
def test_an_interval_holds_its_value_and_widens_with_the_spread(
    models: Models, value: float, n: int, overdispersion: float
) -> None:
    """Of any percentage of any cohort, down to one pupil; never beyond 0 and 100."""
    widths = []
    for pupils, spread in ((n, overdispersion), (n, 1.0)):
        chosen = {"entity_type": "school", "entity_code": "100001", "basis": "school", "academic_year": YEAR}
        chosen |= {"measure": MEASURE, "pupil_group": "all", "value": value, "denominator": pupils}
        models.fill("int_preferred_candidates", [chosen | {"status": "reported"}])
        models.fill(
            "int_overdispersion",
            [{"measure": MEASURE, "pupil_group": "all", "academic_year": YEAR, "overdispersion": spread}],
        )
        (row,) = models.run("observations")
        assert 0 <= row["lower_ci"] <= row["upper_ci"] <= 100
        assert row["lower_ci"] <= value <= row["upper_ci"]
        widths.append(row["upper_ci"] - row["lower_ci"])
    assert widths[0] >= widths[1] - 0.011


@MANY
@given(value=percentages, n=cohorts, m=cohorts)
def test_equal_groups_have_no_gap(models: Models, value: float, n: int, m: int) -> None:
    models.fill("int_national", [])
    models.fill(
        "int_comparable",
        [
            comparable(models, "100001", "disadvantaged", value, n, 60),
            comparable(models, "100001", "other", value, m, 60),
        ],
    )
    (gap,) = [row for row in models.run("gaps") if row["gap_type"] == "within_entity"]
    assert (gap["gap"], gap["pupils_equivalent"]) == (0, 0)
    assert gap["gap_lower_ci"] <= 0 <= gap["gap_upper_ci"]


@MANY
@given(low=percentages, high=percentages, n=cohorts)
def test_a_gap_lies_in_its_interval_and_turns_its_sign_with_its_sides(
    models: Models, low: float, high: float, n: int
) -> None:
    models.fill("int_national", [])
    gaps = []
    for disadvantaged, other in ((low, high), (high, low)):
        models.fill(
            "int_comparable",
            [
                comparable(models, "100001", "disadvantaged", disadvantaged, n, 60),
                comparable(models, "100001", "other", other, n, 60),
            ],
        )
        (gap,) = [row for row in models.run("gaps") if row["gap_type"] == "within_entity"]
        assert gap["gap_lower_ci"] - 0.01 <= gap["gap"] <= gap["gap_upper_ci"] + 0.01
        assert abs(gap["pupils_equivalent"]) <= n
        gaps.append(gap["gap"])
    assert gaps[0] == -gaps[1]


@MANY
@given(values=st.lists(percentages, min_size=1, max_size=12))
def test_ranks_are_a_permutation_with_ties(models: Models, values: list[float]) -> None:
    """As many are better as the rank says; equals share the better place; one alone has no rank."""
    las = [
        comparable(models, f"{500 + at}", "all", value, 1000, 60)
        | {"entity_type": "la", "la_code": f"{500 + at}", "basis": "state_funded", "urn": None}
        for at, value in enumerate(values)
    ]
    models.fill("int_comparable", las)
    hold_whole_country(models, "la")
    found = {row["entity_code"]: row for row in models.run("benchmarks")}
    for row in las:
        better = sum(other > row["value"] for other in values)
        ranked = found[row["entity_code"]]
        if len(values) == 1:
            assert (ranked["la_rank"], ranked["la_count"], ranked["la_quartile"]) == (None, None, None)
            continue
        assert (ranked["la_rank"], ranked["la_count"]) == (better + 1, len(values))
        assert 1 <= ranked["la_quartile"] <= 4


@MANY
@given(values=st.lists(percentages, min_size=2, max_size=8), n=cohorts)
def test_a_suppressed_school_changes_nobody_else(models: Models, values: list[float], n: int) -> None:
    rows = [comparable(models, f"{100001 + at}", "all", value, 40, 60) for at, value in enumerate(values)]
    seen = []
    for more in ([], [comparable(models, "100999", "all", None, n, 60)]):
        models.fill("int_comparable", [*rows, *more])
        urns = sorted({row["entity_code"] for row in [*rows, *more]})
        models.fill("schools", [{"urn": urn, "is_state_funded": True, "school_kind": "primary"} for urn in urns])
        hold_whole_country(models, "school")
        compared = [row for row in models.run("benchmarks") if row["entity_code"] != "100999"]
        seen.append(sorted(compared, key=lambda row: row["entity_code"]))
    assert seen[0] == seen[1]
    assert all(1 <= row["percentile_rank"] <= 100 for row in seen[0])


def hold_whole_country(models: Models, entity_type: str) -> None:
    """One England file of the measure and year: what a rank asks for."""
    basis = {"school": "school", "la": "state_funded"}[entity_type]
    models.fill("int_national", [])
    held = {"entity_type": entity_type, "basis": basis, "measure": MEASURE, "academic_year": YEAR, "file_id": "f"}
    held["pupil_group"] = "all"
    models.fill("observations", [held])
    models.fill("stg_files", [{"file_id": "f", "scope": "england"}])
