"""Gaps, bands and intervals against what the publisher printed beside them, or against the formula written again."""

import math
import random
import statistics
from collections import Counter

import pytest

from tests.realdata.conftest import Built
from tests.realdata.rawfiles import RealData, number
from tests.second import wilson

PUBLISHED_BAND = {"1": "above", "2": "above", "3": "in_line", "4": "below", "5": "below"}
SUBJECTS = {"READ": "ks2_reading_progress", "WRIT": "ks2_writing_progress", "MAT": "ks2_maths_progress"}


def verdicts(built: Built, measure: str, academic_year: str) -> dict[str, tuple[str, float | None]]:
    """Verdict and cohort by the URN the value was published under."""
    return {
        urn: (verdict, cohort)
        for urn, verdict, cohort in built.rows(
            """
            select observations.entity_code, benchmarks.verdict, benchmarks.cohort_n
            from observations
            inner join benchmarks
                on
                    benchmarks.entity_type = 'school' and benchmarks.entity_code = observations.urn
                    and benchmarks.measure = observations.measure
                    and benchmarks.pupil_group = observations.pupil_group
                    and benchmarks.academic_year = observations.academic_year
                    and benchmarks.file_id = observations.file_id and benchmarks.line = observations.line
            where
                observations.entity_type = 'school' and observations.measure = ? and observations.pupil_group = 'all'
                and observations.academic_year = ?
            """,
            measure,
            academic_year,
        )
    }


def progress8_band(score: float, lower: float, upper: float) -> str:
    """The published rule of 2017 to 2019, five bands, as a verdict."""
    if score >= 0.5 and lower > 0:
        return "above"  # well above
    if 0 < score < 0.5 and lower > 0:
        return "above"
    if lower <= 0 <= upper:
        return "in_line"
    assert upper < 0
    return "below"  # below, or well below


@pytest.mark.parametrize(
    ("file_name", "column", "measure", "compared"),
    [
        ("919_ks2final.csv", "DIFFN_RWM_EXP", "ks2_rwm_expected_pct", 212),
        ("919_ks4final.csv", "DIFFN_ATT8", "ks4_attainment8", 86),
    ],
)
def test_gap_to_other_pupils_nationally_equals_the_published_one(
    real: RealData, hertfordshire: Built, file_name: str, column: str, measure: str, compared: int
) -> None:
    """Every school and the LA row, exactly."""
    printed = {}
    for row in real.table("2024-2025", file_name):
        gap = number(row[column])
        if gap is not None and row["LEA"]:
            printed[row["URN"] or row["LEA"]] = gap
    made = dict(
        hertfordshire.rows(
            """
            select observations.entity_code, gaps.gap
            from observations
            inner join gaps
                on
                    gaps.entity_type = observations.entity_type
                    and gaps.entity_code = coalesce(observations.urn, observations.entity_code)
                    and gaps.measure = observations.measure and gaps.academic_year = observations.academic_year
                    and gaps.pupil_group = observations.pupil_group
                    and gaps.disadvantaged_value is not distinct from observations.value
            where
                gaps.gap_type = 'to_national_other' and observations.pupil_group = 'disadvantaged'
                and observations.academic_year = '2024/25' and observations.measure = ?
                and observations.status = 'reported' and observations.entity_type in ('school', 'la')
            """,
            measure,
        )
    )
    assert len(printed) == compared
    assert {key: made.get(key) for key in printed} == printed


def set_against_nobody(built: Built) -> set[str]:
    """Schools whose bands the publisher prints and of which this product draws no verdict.

    Special schools and alternative provision; middle, upper and technical schools, where pupils come late.
    """
    unlike = ["special", "pru_ap", "middle", "upper", "utc_studio"]
    return {urn for (urn,) in built.rows("select urn from schools where list_contains(?, school_kind)", unlike)}


@pytest.mark.parametrize("year_end", [2018, 2019])
def test_key_stage_2_progress_agrees_with_the_published_bands(real: RealData, hampshire: Built, year_end: int) -> None:
    """Below where the publisher's description is 4 or 5, above where 1 or 2; too few pupils is said, never in line.

    (The file of 2016/17 prints no description of its own year.)
    """
    compared, unlike = 0, set_against_nobody(hampshire)
    for subject, measure in SUBJECTS.items():
        made = verdicts(hampshire, measure, f"{year_end - 1}/{year_end - 2000}")
        disagreements = []
        for row in real.table(f"{year_end - 1}-{year_end}", "850_ks2final.csv"):
            band = PUBLISHED_BAND.get(row[f"{subject}PROG_DESCR"])
            if band is None or row["URN"] not in made:
                continue
            verdict, cohort = made[row["URN"]]
            if row["URN"] in unlike:
                assert verdict == "not_applicable"
                continue
            compared += 1
            if verdict != band and not (verdict == "too_small" and cohort is not None and cohort < 11):
                disagreements.append((row["SCHNAME"], row[f"{subject}PROG_DESCR"], verdict, cohort))
        assert disagreements == []
    assert compared >= 900


@pytest.mark.parametrize(("suffix", "academic_year"), [("_PREV", "2023/24"), ("_PREV2", "2022/23")])
def test_progress_8_agrees_with_the_published_rule(
    real: RealData, hertfordshire: Built, suffix: str, academic_year: str
) -> None:
    made = verdicts(hertfordshire, "ks4_progress8", academic_year)
    counts: Counter[str] = Counter()
    unlike = set_against_nobody(hertfordshire)
    disagreements = []
    for row in real.table("2024-2025", "919_ks4final.csv"):
        score, lower, upper = (number(row[f"{name}{suffix}"]) for name in ("P8MEA", "P8CILOW", "P8CIUPP"))
        if row["URN"] not in made or score is None or lower is None or upper is None:
            continue
        verdict, cohort = made[row["URN"]]
        counts[verdict] += 1
        if row["URN"] in unlike:
            assert verdict == "not_applicable"
            continue
        band = progress8_band(score, lower, upper)
        if verdict != band and not (verdict == "too_small" and cohort is not None and cohort < 11):
            disagreements.append((row["SCHNAME"], score, lower, upper, verdict))
    assert disagreements == []
    # most of the schools without a verdict stand among those below
    counts["below"] += counts.pop("not_applicable", 0)
    assert counts.total() >= 84 and min(counts["above"], counts["in_line"], counts["below"]) >= 15


def spread_of_grade_5(real: RealData) -> tuple[int, float]:
    """Schools with both years and the factor by which they move more than chance, from the two England files."""
    years: list[dict[str, tuple[float, float]]] = []
    for folder in ("2016-2017", "2017-2018"):
        shares = {}
        for row in real.table(folder, "england_ks4provisional.csv"):
            value, n = number(row["PTL2BASICS_95"]), number(row["TPUP"])
            if row["RECTYPE"] in ("1", "2") and value is not None and n is not None and n >= 11:
                shares[row["URN"]] = (value / 100, n)
        years.append(shares)
    pairs = [(*years[0][urn], *years[1][urn]) for urn in years[0].keys() & years[1].keys()]
    pairs = [pair for pair in pairs if 0 < pair[0] * pair[1] + pair[2] * pair[3] < pair[1] + pair[3]]
    change = sum(p * n for *_, p, n in pairs) / sum(n for *_, n in pairs)
    change -= sum(p * n for p, n, *_ in pairs) / sum(n for _, n, *_ in pairs)
    deviations = []
    for before, m, now, n in pairs:
        pooled = (before * m + now * n) / (m + n)
        deviations.append((now - before - change) / math.sqrt(pooled * (1 - pooled) * (1 / m + 1 / n)))
    tenths = statistics.quantiles(deviations, n=10, method="inclusive")
    return len(pairs), ((tenths[-1] - tenths[0]) / (2 * statistics.NormalDist().inv_cdf(0.9))) ** 2


def test_the_spread_from_year_to_year_is_as_estimated_a_second_time(real: RealData, hertfordshire: Built) -> None:
    schools_n, spread = spread_of_grade_5(real)
    (found,) = hertfordshire.rows(
        """
        select overdispersion, overdispersion_from, schools_n from warehouse.int_overdispersion
        where measure = 'ks4_engmaths_95_pct' and pupil_group = 'all' and academic_year = '2024/25'
        """
    )
    assert found == (pytest.approx(spread, abs=0.0051), "2016/17 to 2017/18", schools_n)
    assert schools_n > 2900 and 1.5 < spread < 2.5
    shown = hertfordshire.rows(
        """
        select distinct overdispersion, overdispersion_from from benchmarks
        where measure = 'ks4_engmaths_95_pct' and pupil_group = 'all' and academic_year = '2024/25'
        """
    )
    assert shown == [found[:2]]


def test_intervals_of_fifty_schools_are_wilsons(real: RealData, hertfordshire: Built) -> None:
    """Percentages from the raw file, the formula from above: all, disadvantaged and grade 5 in English and maths.

    Key stage 2 has no two England files, so its measure's own overdispersion stands; grade 5 takes that of the newest
    two years held.
    """
    _, grade_5 = spread_of_grade_5(real)
    cases = [
        ("919_ks2final.csv", "PTRWM_EXP", "TELIG", "ks2_rwm_expected_pct", "all", 1.4),
        ("919_ks2final.csv", "PTRWM_EXP_FSM6CLA1A", "TFSM6CLA1A", "ks2_rwm_expected_pct", "disadvantaged", 1.4),
        ("919_ks4final.csv", "PTL2BASICS_95", "TPUP", "ks4_engmaths_95_pct", "all", round(grade_5, 2)),
    ]
    for file_name, value_column, n_column, measure, group, overdispersion in cases:
        rows = {row["URN"]: row for row in real.table("2024-2025", file_name) if row["URN"]}
        made = hertfordshire.rows(
            """
            select entity_code, lower_ci, upper_ci from observations
            where
                entity_type = 'school' and la_code = '919' and academic_year = '2024/25' and status = 'reported'
                and measure = ? and pupil_group = ?
            order by entity_code
            """,
            measure,
            group,
        )
        for urn, lower, upper in random.Random(919).sample(made, 50):
            value, n = number(rows[urn][value_column]), number(rows[urn][n_column])
            assert value is not None and n
            assert (lower, upper) == pytest.approx(wilson(value, n, overdispersion), abs=0.0051), urn


def test_a_band_turned_over_would_be_caught(real: RealData, hampshire: Built) -> None:
    """The comparison with the published bands is not empty: with the verdicts mirrored, hundreds disagree."""
    made = verdicts(hampshire, "ks2_reading_progress", "2018/19")
    mirrored = {"above": "below", "below": "above"}
    wrong = [
        row["URN"]
        for row in real.table("2018-2019", "850_ks2final.csv")
        if (band := PUBLISHED_BAND.get(row["READPROG_DESCR"]))
        and row["URN"] in made
        and made[row["URN"]][0] != "too_small"
        and mirrored.get(made[row["URN"]][0], "in_line") != band
    ]
    assert len(wrong) > 100
