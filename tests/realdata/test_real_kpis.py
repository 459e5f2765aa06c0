"""Hertfordshire's KPIs of the LA tables against the published facts: every year from 2019 that both hold, no tolerance.

The facts are read by the series' own name; which series a KPI rests on is looked up in the seeds, which the warehouse
reads too. Other bases are compared in test_real_facts.
"""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from pipelines.seeds import seed
from tests.realdata.conftest import Built
from tests.realdata.rawfiles import RealData

COMPARED_AT_LEAST = 900  # a broken look-up would compare nothing and pass
KPIS_AT_LEAST = 84

Key = tuple[str, str, str]


@pytest.fixture(scope="module")
def series_of() -> dict[Key, str]:
    """The tool's name of the series for a measure, group and basis."""
    roles: dict[str, dict[str, str]] = defaultdict(dict)
    for row in seed("row_dimensions"):
        if row["source"] == "lait" and row["field"] == "series":
            roles[row["token"]][row["role"]] = row["value"]
    measures = {row["row_variant"]: row["measure"] for row in seed("column_map") if row["source"] == "lait"}
    return {
        (measures[said["variant"]], said.get("group", "all"), said["basis"]): token
        for token, said in roles.items()
        if "variant" in said
    }


def year_of(printed: str) -> int | None:
    """The year in which the academic year ends: `2025`, `2025 (Rev)`, `2024/25` and `2024-25` alike; else None."""
    found = re.fullmatch(r"(\d{4})(?:[/-](\d\d))?(?: \((?:Rev|Final)\))?", printed)
    if found is None:
        return None
    return int(found[1]) + 1 if found[2] else int(found[1])


@pytest.fixture(scope="module")
def facts(facts_file: Path) -> dict[tuple[str, str, int], float]:
    """Values by series, area and the year in which the academic year ends."""
    found = {}
    with facts_file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            year = year_of(row["year"])
            if year is not None and row["value"] not in ("", "-"):
                found[row["short_desc"], row["area"], year] = float(row["value"])
    return found


def test_every_kpi_of_the_la_tables_equals_the_published_facts(
    hertfordshire: Built, series_of: dict[Key, str], facts: dict[tuple[str, str, int], float]
) -> None:
    rows = hertfordshire.rows(
        "select kpi, measure, pupil_group, basis, academic_year, value, national_value from japr_kpis"
        " where basis like 'la_tables%' and gap_type is null and status = 'reported' and academic_year >= '2018/19'"
    )
    compared: Counter[str] = Counter()
    different = []
    for kpi, measure, group, basis, academic_year, value, national in rows:
        series, year = series_of[measure, group, basis], int(academic_year[:4]) + 1
        for area, ours in (("Hertfordshire", value), ("England", national)):
            published = facts.get((series, area, year))
            if published is not None:
                compared[kpi] += 1
                if ours is None or abs(ours - published) > 0.0001:
                    different.append(f"{kpi} {academic_year} {area}: {ours}, published {published}")
    assert different == []
    assert {row[0] for row in rows} - set(compared) == set()
    assert compared.total() >= COMPARED_AT_LEAST and len(compared) >= KPIS_AT_LEAST
    listed = ", ".join(f"{kpi} {figures}" for kpi, figures in sorted(compared.items()))
    print(f"{compared.total()} figures of {len(compared)} KPIs equal the published facts: {listed}")


def test_every_gap_of_the_la_tables_is_the_difference_of_two_published_facts(
    hertfordshire: Built, series_of: dict[Key, str], facts: dict[tuple[str, str, int], float]
) -> None:
    others = {row["pupil_group"]: row["comparator_group"] for row in seed("group_pairs")}
    rows = hertfordshire.rows(
        "select kpi, measure, pupil_group, basis, academic_year, value from japr_kpis"
        " where basis like 'la_tables%' and gap_type = 'to_national_other' and status = 'reported'"
        " and academic_year >= '2018/19'"
    )
    gaps: Counter[str] = Counter()
    for kpi, measure, group, basis, academic_year, value in rows:
        year = int(academic_year[:4]) + 1
        own = facts.get((series_of[measure, group, basis], "Hertfordshire", year))
        england = facts.get((series_of[measure, others[group], basis], "England", year))
        if own is not None and england is not None:
            gaps[kpi] += 1
            assert value == pytest.approx(own - england, abs=0.051), (measure, academic_year)
    assert {row[0] for row in rows} - set(gaps) == set()
    assert gaps.total() >= 200 and len(gaps) >= 35
    listed = ", ".join(f"{kpi} {figures}" for kpi, figures in sorted(gaps.items()))
    print(f"{gaps.total()} figures of {len(gaps)} gaps are differences of two published facts: {listed}")


def test_the_share_of_pupils_in_good_schools_is_made_again_from_the_inspection_file(
    real: RealData, hertfordshire: Built
) -> None:
    """The file's own rows: graded good or better, weighted by the pupils that each row prints (the census's own)."""
    (path,) = (real.root / "ofsted" / "2024-2025").glob("*.csv")
    judgements = {
        "pupils_in_good_or_outstanding_schools_remaining_pct": "Overall effectiveness",
        "pupils_quality_of_education_good_pct": "Quality of education",
    }
    with path.open(encoding="cp1252", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["Total number of pupils"].isdigit()]
    for measure, column in judgements.items():
        for code, kept in (("919", [row for row in rows if row["Local authority"] == "Hertfordshire"]), ("ENG", rows)):
            judged = [row for row in kept if row[column] in ("1", "2", "3", "4")]
            pupils = sum(int(row["Total number of pupils"]) for row in judged)
            good = sum(int(row["Total number of pupils"]) for row in judged if row[column] in ("1", "2"))
            ours = hertfordshire.rows(
                "select value, denominator, numerator from observations"
                " where measure = ? and entity_code = ? and academic_year = '2024/25'",
                measure,
                code,
            )
            assert ours == [(round(100 * good / pupils, 4), pupils, good)], (measure, code)


def test_ranks_count_the_authorities_that_stood_in_the_year(hertfordshire: Built) -> None:
    """The list of 2018 names schools by today's authorities: those begun since, and what is left of others, are pieces.

    Without dates 157 authorities were ranked, of which England then had 152.
    """
    assert hertfordshire.rows(
        "select la_rank, la_count from japr_kpis where kpi = 'good_schools' and academic_year = '2017/18'"
    ) == [(56, 147)]
    most = dict(
        hertfordshire.rows(
            "select academic_year, max(la_count) from japr_kpis where la_count is not null group by academic_year"
        )
    )
    assert len(most) > 8
    assert {year: n for year, n in most.items() if n > (152 if year < "2022/23" else 153)} == {}
