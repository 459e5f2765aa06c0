"""Every planted case of the sample county leads to what it should: the pipeline held to facts it does not write.

The vocabulary of `expected` is the docstring of sample_county/planted.py; every key found there is checked here,
and a key that is not known fails.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.home import Home
from sample_county import write_sample

SCHOOL_MARTS = ("schools", "risk_screen", "desktop_exercise")
LOCAL = "local_unvalidated"


@pytest.fixture(scope="session")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("planted")
    write_sample(folder)
    return json.loads((folder / "planted-cases.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def rows(sample_home: Home) -> Callable[..., list[dict[str, Any]]]:
    connection = duckdb.connect()

    def read(mart: str, where: str, *values: object) -> list[dict[str, Any]]:
        path = str(Path(sample_home.current) / f"{mart}.parquet")
        found = connection.execute(f"select * from read_parquet(?) where {where}", [path, *values])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    return read


def assert_holds(row: dict[str, Any], facts: dict[str, Any]) -> None:
    """Each fact stands in the row; days are compared as they are written."""
    for column, wanted in facts.items():
        found = row[column]
        assert (str(found) if isinstance(found, date) else found) == wanted, column


def check(key: str, wanted: Any, urn: str, expected: dict[str, Any], rows: Callable[..., list[dict[str, Any]]]) -> None:
    """One expectation of one case; raises AssertionError where the marts say otherwise."""
    provision = expected.get("provision", "whole_school")
    if key in ("draft_rating", "draft_rating_not", "reason_contains"):
        (draft,) = rows("rayg_drafts", "urn = ? and provision = ?", urn, provision)
        if key == "draft_rating":
            assert draft["draft_rating"] in wanted
        elif key == "draft_rating_not":
            assert draft["draft_rating"] not in wanted
        else:
            assert wanted in draft["reason"].lower()
    elif key in ("indicator_triggered", "indicator_not_triggered"):
        triggered = {row["domain"] for row in rows("risk_indicators", "urn = ? and state = 'triggered'", urn)}
        assert set(wanted) <= triggered if key == "indicator_triggered" else not set(wanted) & triggered
    elif key == "indicator_states":
        # accounts, rolls, behaviour and inspections of a school too small for results may well show something
        of_pupils = "urn = ? and domain not in ('finance', 'context', 'behaviour', 'inspection', 'local')"
        assert {row["state"] for row in rows("risk_indicators", of_pupils, urn)} <= set(wanted)
    elif key == "observations":
        for fact in wanted:
            (row,) = rows(
                "observations",
                "entity_type = 'school' and entity_code = ? and measure = ? and pupil_group = ? and academic_year = ?",
                str(fact.get("urn", urn)),
                fact["measure"],
                fact["pupil_group"],
                fact["academic_year"],
            )
            for column in ("value", "status", "release", "is_predecessor"):
                if column in fact:
                    assert row[column] == fact[column]
            if fact.get("is_predecessor"):
                assert row["urn"] == urn
    elif key == "lineage":
        found = rows("school_lineage", "urn = ?", urn)
        assert {row["ancestor_urn"] for row in found} == {str(link["ancestor_urn"]) for link in wanted}
        for link in wanted:
            (row,) = [row for row in found if row["ancestor_urn"] == str(link["ancestor_urn"])]
            assert row["is_amalgamation"] == link["is_amalgamation"]
            assert str(row["link_on"]) == link["link_on"]
    elif key == "predecessor_urns":
        (school,) = rows("schools", "urn = ?", urn)
        assert set((school["predecessor_urns"] or "").split()) == {str(number) for number in wanted}
    elif key == "inspection_standing":
        (draft,) = rows("rayg_drafts", "urn = ? and provision = ?", urn, provision)
        assert draft["inspection_standing"] == wanted
    elif key in ("band", "unscreened_reason"):
        (screen,) = rows("risk_screen", "urn = ?", urn)
        assert screen[key] == wanted
    elif key == "category_of_concern":
        (line,) = rows("desktop_exercise", "urn = ?", urn)
        assert line["category_of_concern"] == wanted
    elif key == "no_value_may_be_zero":
        for measure in wanted:
            found = rows("observations", "urn = ? and measure = ?", urn, measure)
            published = [row["value"] for row in found if row["release"] != LOCAL]
            assert published and 0 not in published
            # of so few pupils the authority's own return says what it counted, but nothing is made of it
            for row in rows("benchmarks", f"urn = ? and measure = ? and release = '{LOCAL}'", urn, measure):
                assert row["percentile_rank"] is None and row["quintile"] is None
                assert row["verdict"] not in ("below", "in_line", "above")
    elif key == "in_every_school_mart":
        assert all(len(rows(mart, "urn = ?", urn)) == 1 for mart in SCHOOL_MARTS)
    elif key == "data_quality_disagreement":
        (finding,) = rows("data_quality", "\"check\" = 'disagreement' and subject like ?", f"%{urn}%all")
        for text in (wanted["england"], wanted["county"]):
            assert f"{float(text.rstrip('%'))}" in finding["detail"]
    elif key == "federated_with":
        # a federation is two schools: neither is folded into the other
        assert len(rows("risk_screen", "urn in (?, ?)", urn, str(wanted))) == 2
    elif key == "decision":
        (draft,) = rows("rayg_drafts", "urn = ? and provision = 'whole_school'", urn)
        assert_holds(draft, wanted)
    elif key == "registers":
        found = sorted(rows("registers", "urn = ?", urn), key=lambda row: row["entered_on"])
        assert len(found) == len(wanted)
        for row, facts in zip(found, wanted, strict=True):
            assert_holds(row, facts)
    elif key == "triggers":
        states = {row["trigger"]: row["state"] for row in rows("concern_triggers", "urn = ?", urn)}
        assert_holds(states, wanted)
    elif key == "interventions":
        for name, measures in wanted.items():
            for measure, facts in measures.items():
                (row,) = rows("interventions", "urn = ? and intervention = ? and measure = ?", urn, name, measure)
                assert_holds(row, facts)
    elif key == "regions_group_list":
        (row,) = rows("regions_group_list", "urn = ?", urn)
        assert_holds(row, wanted)
    else:
        assert key == "provision", f"no check is written for the expectation {key}"


def test_every_planted_case_leads_to_what_it_should(
    cases: list[dict[str, Any]], rows: Callable[..., list[dict[str, Any]]]
) -> None:
    assert len(cases) >= 14
    wrong = []
    for case in cases:
        for key, wanted in case["expected"].items():
            try:
                check(key, wanted, str(case["urn"]), case["expected"], rows)
            except (AssertionError, ValueError) as error:
                wrong.append(f"{case['kind']} {case['urn']} {key}: wanted {wanted}: {error}")
    assert not wrong, "\n".join(wrong)
