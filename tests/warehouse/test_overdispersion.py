"""How far schools move from year to year, estimated a second time in plain Python over made-up nations."""

import random
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.warehouse.compiled import Models, Row

MODEL = "int_overdispersion"
MEASURE = "ks2_rwm_expected_pct"
YEARS = ("2022/23", "2023/24")
LEAST_SCHOOLS = 500
LEAST_COHORT = 11
MANY = examples(15)

Nation = list[tuple[float, int, float, int]]  # value and pupils of each school, before and now


@pytest.fixture(scope="module")
def models(project: Path) -> Iterator[Models]:
    made = Models(project, (MODEL,))
    yield made
    made.connection.close()


def estimated_by_hand(nation: Nation) -> float | None:
    """The estimate with the library's quantiles; None where too few schools say anything."""
    pairs = [
        (before / 100, m, now / 100, n)
        for before, m, now, n in nation
        if min(m, n) >= LEAST_COHORT and 0 < before * m + now * n < 100 * (m + n)
    ]
    if len(pairs) < LEAST_SCHOOLS:
        return None
    change = sum(now * n for _, _, now, n in pairs) / sum(n for *_, n in pairs)
    change -= sum(before * m for before, m, _, _ in pairs) / sum(m for _, m, _, _ in pairs)
    deviations = []
    for before, m, now, n in pairs:
        pooled = (before * m + now * n) / (m + n)
        deviations.append((now - before - change) / (pooled * (1 - pooled) * (1 / m + 1 / n)) ** 0.5)
    tenths = statistics.quantiles(deviations, n=10, method="inclusive")
    return max(1.0, ((tenths[-1] - tenths[0]) / (2 * statistics.NormalDist().inv_cdf(0.9))) ** 2)


def rows(nation: Nation) -> list[Row]:
    found = []
    for at, (before, m, now, n) in enumerate(nation):
        for year, value, pupils in ((YEARS[0], before, m), (YEARS[1], now, n)):
            row = {"entity_type": "school", "entity_code": str(at), "academic_year": year, "measure": MEASURE}
            row |= {"pupil_group": "all", "value": value, "denominator": pupils, "scope": "england"}
            found.append(row | {"status": "reported"})
    return found


def estimated_by_the_model(models: Models, made: list[Row]) -> Row:
    models.fill_at_once("int_preferred_candidates", made)
    (row,) = [row for row in models.run(MODEL) if row["academic_year"] == YEARS[1]]
    return row


def drawn_nation(seed: int, schools_n: int, pupils: tuple[int, int], wander: float) -> Nation:
    """Schools whose pupils succeed by chance, and whose chance itself wanders from one year to the next."""
    drawn = random.Random(seed)
    nation: Nation = []
    for _ in range(schools_n):
        chance = drawn.uniform(0.3, 0.85)
        results = []
        for _ in YEARS:
            n = drawn.randint(*pupils)
            moved = min(1.0, max(0.0, chance + drawn.gauss(0, wander)))
            results += [100 * sum(drawn.random() < moved for _ in range(n)) / n, n]
        nation.append((results[0], int(results[1]), results[2], int(results[3])))
    return nation


@MANY
@given(seed=st.integers(0, 10**6), schools_n=st.integers(480, 640), wander=st.floats(0, 0.2))
def test_the_model_and_a_second_implementation_agree(models: Models, seed: int, schools_n: int, wander: float) -> None:
    nation = drawn_nation(seed, schools_n, (5, 60), wander)
    expected = estimated_by_hand(nation)
    found = estimated_by_the_model(models, rows(nation))
    if expected is None:
        assert found["overdispersion_from"] == "default"
    else:
        assert found["overdispersion"] == pytest.approx(expected, abs=0.0051)
        assert found["overdispersion_from"] == "2022/23 to 2023/24"


def test_a_nation_that_moves_by_chance_alone_gives_one_and_one_that_wanders_more(models: Models) -> None:
    """A chance that wanders by 10 points adds 0.01 to a variance of some 0.23/40: φ = 1 + 0.01 × 40 / 0.23 = 2.7."""
    alone = estimated_by_the_model(models, rows(drawn_nation(1, 2000, (40, 40), 0)))
    assert 1 <= alone["overdispersion"] <= 1.12
    wandering = estimated_by_the_model(models, rows(drawn_nation(1, 2000, (40, 40), 0.1)))
    assert wandering["overdispersion"] == pytest.approx(2.7, rel=0.15)


def test_a_suppressed_school_and_an_outlier_hardly_move_it(models: Models) -> None:
    nation: Nation = [(50.0, 60, 50.0 + at % 21 - 10, 60) for at in range(600)]
    plain = estimated_by_the_model(models, rows(nation))["overdispersion"]
    hidden = rows([(10.0, 60, 90.0, 60)])
    suppressed = [row | {"entity_code": "hidden", "value": None, "status": "suppressed"} for row in hidden]
    assert estimated_by_the_model(models, rows(nation) + suppressed)["overdispersion"] == plain
    typed_wrongly = [(0.0, 60, 100.0, 60)] * 20
    moved = estimated_by_the_model(models, rows(nation + typed_wrongly))["overdispersion"]
    assert moved == pytest.approx(plain, rel=0.25)
