"""Every planted case of the sample county leads to what it should: the pipeline held to facts it does not write.

The vocabulary of `expected` is the docstring of sample_county/county/planted.py. Each of its words has one checker
here, and a word without a checker fails.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.home import Home

SCHOOL_MARTS = ("schools", "risk_screen", "desktop_exercise")
LOCAL = "local_unvalidated"
# accounts, rolls, behaviour and inspections of a school too small for results may well show something
NOT_OF_RESULTS = "('finance', 'context', 'behaviour', 'inspection', 'local')"

MartRow = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A planted school, what is expected of it, and the marts of the build."""

    urn: str
    expected: dict[str, Any]
    read: Callable[..., list[MartRow]]

    def rows(self, mart: str, where: str = "true", *values: object) -> list[MartRow]:
        """The school's rows of a mart."""
        return self.read(mart, f"urn = ? and {where}", self.urn, *values)

    def row(self, mart: str, where: str = "true", *values: object) -> MartRow:
        """The school's one row of a mart."""
        (row,) = self.rows(mart, where, *values)
        return row

    def draft(self) -> MartRow:
        return self.row("rayg_drafts", "provision = ?", self.expected.get("provision", "whole_school"))


def assert_holds(row: MartRow, facts: dict[str, Any]) -> None:
    """Each fact stands in the row; days are compared as they are written."""
    for column, wanted in facts.items():
        found = row[column]
        assert (str(found) if isinstance(found, date) else found) == wanted, column


def draft_rating(case: Case, wanted: list[str]) -> None:
    assert case.draft()["draft_rating"] in wanted


def draft_rating_not(case: Case, wanted: list[str]) -> None:
    assert case.draft()["draft_rating"] not in wanted


def reason_contains(case: Case, wanted: str) -> None:
    assert wanted in case.draft()["reason"].lower()


def inspection_standing(case: Case, wanted: str) -> None:
    assert case.draft()["inspection_standing"] == wanted


def decision(case: Case, wanted: dict[str, Any]) -> None:
    assert_holds(case.row("rayg_drafts", "provision = 'whole_school'"), wanted)


def triggered_domains(case: Case) -> set[str]:
    return {row["domain"] for row in case.rows("risk_indicators", "state = 'triggered'")}


def indicator_triggered(case: Case, wanted: list[str]) -> None:
    assert set(wanted) <= triggered_domains(case)


def indicator_not_triggered(case: Case, wanted: list[str]) -> None:
    assert not set(wanted) & triggered_domains(case)


def indicator_states(case: Case, wanted: list[str]) -> None:
    states = {row["state"] for row in case.rows("risk_indicators", f"domain not in {NOT_OF_RESULTS}")}
    assert states <= set(wanted)


def band(case: Case, wanted: str) -> None:
    assert case.row("risk_screen")["band"] == wanted


def unscreened_reason(case: Case, wanted: str) -> None:
    assert case.row("risk_screen")["unscreened_reason"] == wanted


def category_of_concern(case: Case, wanted: str) -> None:
    assert case.row("desktop_exercise")["category_of_concern"] == wanted


def observations(case: Case, wanted: list[dict[str, Any]]) -> None:
    """Figures of the school, or of the school named in the fact: a predecessor's count as the school's own."""
    for fact in wanted:
        (row,) = case.read(
            "observations",
            "entity_type = 'school' and entity_code = ? and measure = ? and pupil_group = ? and academic_year = ?",
            str(fact.get("urn", case.urn)),
            fact["measure"],
            fact["pupil_group"],
            fact["academic_year"],
        )
        for column in ("value", "status", "release", "is_predecessor"):
            if column in fact:
                assert row[column] == fact[column]
        if fact.get("is_predecessor"):
            assert row["urn"] == case.urn


def no_value_may_be_zero(case: Case, wanted: list[str]) -> None:
    for measure in wanted:
        found = case.rows("observations", "measure = ?", measure)
        published = [row["value"] for row in found if row["release"] != LOCAL]
        assert published and 0 not in published
        # the authority's own return may count so few pupils, but nothing is made of it
        for row in case.rows("benchmarks", f"measure = ? and release = '{LOCAL}'", measure):
            assert row["percentile_rank"] is None and row["quintile"] is None
            assert row["verdict"] not in ("below", "in_line", "above")


def lineage(case: Case, wanted: list[dict[str, Any]]) -> None:
    found = {row["ancestor_urn"]: row for row in case.rows("school_lineage")}
    assert found.keys() == {str(link["ancestor_urn"]) for link in wanted}
    for link in wanted:
        row = found[str(link["ancestor_urn"])]
        assert row["is_amalgamation"] == link["is_amalgamation"]
        assert str(row["link_on"]) == link["link_on"]


def predecessor_urns(case: Case, wanted: list[int]) -> None:
    assert set((case.row("schools")["predecessor_urns"] or "").split()) == {str(number) for number in wanted}


def in_every_school_mart(case: Case, wanted: bool) -> None:
    assert all(len(case.rows(mart)) == 1 for mart in SCHOOL_MARTS)


def federated_with(case: Case, wanted: int) -> None:
    """A federation is two schools: neither is folded into the other."""
    assert len(case.read("risk_screen", "urn in (?, ?)", case.urn, str(wanted))) == 2


def data_quality_disagreement(case: Case, wanted: dict[str, str]) -> None:
    (finding,) = case.read("data_quality", "\"check\" = 'disagreement' and subject like ?", f"%{case.urn}%all")
    for text in (wanted["england"], wanted["county"]):
        assert f"{float(text.rstrip('%'))}" in finding["detail"]


def registers(case: Case, wanted: list[dict[str, Any]]) -> None:
    found = sorted(case.rows("registers"), key=lambda row: row["entered_on"])
    assert len(found) == len(wanted)
    for row, facts in zip(found, wanted, strict=True):
        assert_holds(row, facts)


def triggers(case: Case, wanted: dict[str, str]) -> None:
    assert_holds({row["trigger"]: row["state"] for row in case.rows("concern_triggers")}, wanted)


def interventions(case: Case, wanted: dict[str, dict[str, dict[str, Any]]]) -> None:
    for name, measures in wanted.items():
        for measure, facts in measures.items():
            assert_holds(case.row("interventions", "intervention = ? and measure = ?", name, measure), facts)


def regions_group_list(case: Case, wanted: dict[str, Any]) -> None:
    assert_holds(case.row("regions_group_list"), wanted)


CHECKERS: dict[str, Callable[[Case, Any], None]] = {
    checker.__name__: checker
    for checker in (
        draft_rating,
        draft_rating_not,
        reason_contains,
        inspection_standing,
        decision,
        indicator_triggered,
        indicator_not_triggered,
        indicator_states,
        band,
        unscreened_reason,
        category_of_concern,
        observations,
        no_value_may_be_zero,
        lineage,
        predecessor_urns,
        in_every_school_mart,
        federated_with,
        data_quality_disagreement,
        registers,
        triggers,
        interventions,
        regions_group_list,
    )
}


@pytest.fixture(scope="module")
def read(sample_home: Home) -> Callable[..., list[MartRow]]:
    """Rows of a mart of the built county, by a condition."""
    connection = duckdb.connect()

    def rows(mart: str, where: str, *values: object) -> list[MartRow]:
        path = str(Path(sample_home.current) / f"{mart}.parquet")
        found = connection.execute(f"select * from read_parquet(?) where {where}", [path, *values])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    return rows


def test_every_planted_case_leads_to_what_it_should(sample_files: Path, read: Callable[..., list[MartRow]]) -> None:
    cases = json.loads((sample_files / "planted-cases.json").read_text(encoding="utf-8"))
    assert len(cases) >= 14
    wrong = []
    for planted in cases:
        case = Case(str(planted["urn"]), planted["expected"], read)
        for key, wanted in case.expected.items():
            if key == "provision":  # whose draft the other words are about
                continue
            try:
                assert key in CHECKERS, "no checker is written for this word"
                CHECKERS[key](case, wanted)
            except (AssertionError, ValueError) as error:
                wrong.append(f"{planted['kind']} {case.urn} {key}: wanted {wanted}: {error}")
    assert not wrong, "\n".join(wrong)
