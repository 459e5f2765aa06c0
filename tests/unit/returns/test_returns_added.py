"""Filling a template and adding it: what stands is kept without complaint, what does not is named where it stands."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import RaygError
from pipelines.landing.land import land
from pipelines.returns.check import judge_rows
from pipelines.returns.ledger import LEDGER
from pipelines.returns.schema import returns
from pipelines.returns.template import write_template
from pipelines.sources.catalogue import load_catalogue
from pipelines.tables.decode import Table
from tests.examples import examples

LEFT_OUT = [name for name, declared in returns().items() if not declared.refused_whole and name != LEDGER]
REFUSED = [name for name, declared in returns().items() if declared.refused_whole]
WRONG = {  # by kind: texts that cannot stand, and words that say what can
    "la_code": (["91", "Herts"], "three digits"),
    "urn": (["12345", "1000001", "00001a"], "six-digit URN"),
    "academic_year": (["2025", "2025/27", "2025-26"], "as 2025/26"),
    "review_year": (["25", "2024/25"], "such as 2025 for 2024/25"),
    "choice": (["nonsense"], "write one of "),
    "count": (["-1", "1O", "3.5", "many", "SUPP"], "whole number"),
    "percentage": (["101", "-3", "12a"], "percentage from 0 to 100"),
    "number": (["-1", "900", "x"], "number from 0 to "),
    "target": (["high"], "write a number"),
    "date": (["31/02/2026", "2026-13-01", "1.9.2026", "05/06/26"], "write a date as 2026-02-28"),
}
CELLS = [
    (name, column.name, text, WRONG[column.kind][1])
    for name, declared in returns().items()
    for column in declared.columns
    if column.kind in WRONG
    for text in WRONG[column.kind][0]
]
BLANKS = [(name, column.name) for name, declared in returns().items() for column in declared.columns if column.required]


def raw(home):
    return [path for path in home.raw.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", returns())
def test_a_filled_template_is_added_without_complaint(name, home, offer, made, tmp_path):
    table, notes = write_template(name, tmp_path)
    header = table.read_bytes()
    filled = header + made.text(name).split(b"\r\n", 1)[1]
    assert header.startswith(b"\xef\xbb\xbf") and filled == made.text(name)
    outcome = offer(table.name, filled)
    assert (outcome.status, outcome.source, outcome.reason) == ("accepted", name, None)
    assert [path.suffix for path in raw(home)].count(".csv") == 1
    assert all(path.is_relative_to(home.raw / "local" / name) for path in raw(home))
    assert offer(notes.name, notes.read_bytes()).status == "skipped"
    report = land(home, la_code="919", as_at=None, review_year=2026)
    assert (report.rows_n, report.rejected_rows_n) == (1, 0)


def test_an_empty_template_is_refused(offer, tmp_path):
    table, _ = write_template("local_ks2", tmp_path)
    assert "a header and no rows" in offer(table.name, table.read_bytes()).reason


def test_a_template_never_writes_over_a_file(tmp_path):
    write_template("local_ks2", tmp_path)
    with pytest.raises(RaygError, match=r"exists already: move it, or run this in another folder\.$"):
        write_template("local_ks2", tmp_path)


def test_an_unknown_template_names_those_there_are(tmp_path):
    with pytest.raises(RaygError) as told:
        write_template("ks2", tmp_path)
    assert all(name in str(told.value) for name in returns()) and "\n" not in str(told.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "column", "text", "allowed"), CELLS)
def test_a_wrong_cell_is_named_with_what_is_allowed(name, column, text, allowed, made):
    header = returns()[name].header
    line = made.lines[name] | {column: text}
    source = load_catalogue().source(name)
    table = Table(header, [(14, [line.get(one, "") for one in header])], 0)
    rows = judge_rows(table, source)
    [reject] = rows.rejects
    assert rows.accepted == [] and (reject.line, reject.reason_code) == (14, "broken_value")
    assert reject.reason.startswith(f"column {column} holds '{text}': ") and allowed in reject.reason


@pytest.mark.parametrize(("name", "column"), BLANKS)
def test_a_blank_where_something_is_asked_for_is_named(name, column, made):
    header = returns()[name].header
    line = made.lines[name] | {column: " "}
    rows = judge_rows(Table(header, [(2, [line.get(one, "") for one in header])], 0), load_catalogue().source(name))
    assert [reject.reason.split(":")[0] for reject in rows.rejects] == [f"column {column} is blank"]


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_bad_line_of_results_is_left_out_and_the_good_ones_stand(name, home, offer, made):
    outcome = offer(f"{name}_autumn.csv", made.text(name, {}, {"urn": "100002", "pupil_group": "everyone"}))
    assert outcome.status == "accepted"
    assert outcome.reason.startswith("1 of 2 lines will be left out: line 3, column pupil_group holds 'everyone': ")
    report = land(home, la_code="919", as_at=None, review_year=2026)
    assert (report.rows_n, report.rejected_rows_n) == (1, 1)
    [file] = report.files
    [reject] = pq.read_table(home.landing / "rejects" / f"{file.provenance.file_id}.parquet").to_pylist()
    assert (reject["line"], reject["reason_code"]) == (3, "broken_value")
    assert (file.provenance.release, file.provenance.scope, file.provenance.la_code) == (
        "local_unvalidated",
        "la",
        "919",
    )


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_return_without_one_good_line_is_refused(name, home, offer, made):
    outcome = offer(f"{name}.csv", made.text(name, {"urn": "1"}))
    assert outcome.status == "rejected" and "line 2, column urn holds '1'" in outcome.reason
    assert raw(home) == []


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_line_of_a_list_refuses_the_whole_file(name, home, offer, made):
    column = next(column for column in returns()[name].columns if column.kind == "date" and column.required).name
    outcome = offer(f"{name}.csv", made.text(name, {}, {column: "31/02/2026"}))
    assert outcome.status == "rejected"
    assert outcome.reason == (
        f"line 3, column {column} holds '31/02/2026': write a date as 2026-02-28: nothing was kept"
    )
    assert raw(home) == []


@pytest.mark.parametrize("name", ["local_registers", "local_interventions", "local_intelligence"])
def test_a_list_that_names_a_school_nobody_knows_is_refused(name, home, offer, made):
    home.current.mkdir(parents=True)
    pq.write_table(pa.table({"urn": ["100001", "100002"]}), home.current / "schools.parquet")
    outcome = offer(f"{name}.csv", made.text(name, {}, {"urn": "999999"}, {"urn": "999998"}))
    assert outcome.status == "rejected" and raw(home) == []
    assert outcome.reason.startswith("line 3, column urn holds '999999': the current build knows no school of that")
    assert outcome.reason.endswith(" (1 more): nothing was kept")
    assert offer(f"{name}.csv", made.text(name, {}, {"urn": "100002"})).status == "accepted"


@pytest.mark.parametrize("name", ["local_registers", "local_interventions", "local_intelligence"])
def test_before_the_first_build_no_school_is_unknown(name, offer, made):
    assert offer(f"{name}.csv", made.text(name, {"urn": "999999"})).status == "accepted"


@pytest.mark.parametrize("name", returns())
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda text: b"", "empty"),
        (lambda text: b"<!DOCTYPE html><html></html>", "web page"),
        (lambda text: text.split(b"\r\n")[0] + b"\r\n", "a header and no rows"),
        (lambda text: text.split(b"\r\n")[0] + b'\r\n"100001', "broken quoting"),
        (lambda text: text.rstrip() + b",,7\r\n", "cells under"),
    ],
    ids=["empty", "page", "header", "truncated", "overlong"],
)
def test_a_spoilt_file_is_refused(name, spoil, told, home, offer, made):
    outcome = offer(f"{name}.csv", spoil(made.text(name)))
    assert outcome.status == "rejected" and told in outcome.reason
    assert raw(home) == []


@pytest.mark.parametrize("name", returns())
def test_a_column_nobody_declared_is_refused_so_that_no_pupils_come_in(name, home, offer, made):
    outcome = offer(f"{name}.csv", made.text(name, {"upn": "A1"}, header=(*returns()[name].header, "upn")))
    assert outcome.status == "rejected" and "column upn is not one of" in outcome.reason
    assert raw(home) == []


@pytest.mark.parametrize("name", returns())
def test_a_missing_column_is_named(name, home, offer, made):
    *header, last = returns()[name].header
    outcome = offer(f"{name}.csv", made.text(name, header=tuple(header)))
    assert outcome.status == "rejected" and f"no column {last}" in outcome.reason


@pytest.mark.parametrize("name", returns())
def test_header_case_and_order_do_not_matter(name, offer, made):
    header = tuple(column.upper() for column in reversed(returns()[name].header))
    text = made.text(name, header=tuple(reversed(returns()[name].header)))
    text = ",".join(header).encode() + b"\r\n" + text.split(b"\r\n", 1)[1]
    assert offer(f"{name}.csv", text).status == "accepted"


@pytest.mark.parametrize("name", REFUSED)
def test_an_entry_twice_refuses_the_file(name, home, offer, made):
    told = offer(f"{name}.csv", made.text(name, {}, {})).reason
    assert told.startswith("line 3, identical to line 2")
    assert raw(home) == []


def test_a_kpi_with_two_targets_for_a_year_is_refused(offer, made):
    told = offer("local_targets.csv", made.text("local_targets", {}, {"target": "70"})).reason
    assert "lines 2, 3 have the same key and differ" in told


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("local_eyfsp", {"gld_n": "31"}, "column gld_n holds '31': more than cohort_n, 30"),
        ("local_eyfsp", {"cohort_n": ""}, "column gld_n holds '21': cohort_n is blank"),
        ("local_eyfsp", {"gld_pct": "72"}, "column gld_pct holds '72': gld_n and cohort_n make 70.0"),
        ("local_eyfsp", {"cohort_n": "0", "gld_n": "0", "gld_pct": "0"}, "of no pupils there is no percentage"),
        ("local_mtc", {"mean_score": "25.1"}, "number from 0 to 25"),
        ("local_targets", {"target": "140"}, "column target holds '140': a target of ks2_rwm lies from 0 to 100"),
        ("local_targets", {"kpi": "ks4_attainment8", "target": "485"}, "a target of ks4_attainment8 lies from 0 to 90"),
        ("local_targets", {"kpi": "ks4_progress8", "target": "-12"}, "a target of ks4_progress8 lies from -5 to 5"),
        ("local_targets", {"kpi": "ks4_progress8_gap", "target": "-12"}, "ks4_progress8_gap lies from -10 to 10"),
        ("local_targets", {"kpi": "no_such"}, "column kpi holds 'no_such': write one of "),
        ("local_registers", {"removed_on": "14/09/2025"}, "earlier than entered_on, 2025-09-15"),
        ("local_interventions", {"ended_on": "2025-09-14"}, "earlier than started_on, 2025-09-15"),
    ],
)
def test_cells_that_contradict_each_other_are_named(name, change, told, offer, made):
    outcome = offer(f"{name}.csv", made.text(name, change))
    assert outcome.status == "rejected" and told in outcome.reason


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("local_eyfsp", {"gld_n": "", "gld_pct": "", "cohort_n": ""}),
        ("local_eyfsp", {"cohort_n": "0", "gld_n": "0"}),
        ("local_eyfsp", {"cohort_n": "1", "gld_n": "1", "gld_pct": "100"}),
        ("local_eyfsp", {"gld_n": "", "gld_pct": "70.0%"}),
        ("local_eyfsp", {"cohort_n": "29", "gld_n": "21", "gld_pct": "72"}),
        ("local_targets", {"kpi": "ks2_rwm_gap", "target": "-18.5"}),
        ("local_targets", {"kpi": "ks4_attainment8", "target": "48.5"}),
        ("local_targets", {"kpi": "ks4_progress8", "target": "-0.05"}),
        ("local_targets", {"kpi": "ks4_progress8_gap", "target": "-0.6"}),
        ("local_registers", {"reviewed_on": "15/09/2025", "removed_on": "2026-03-01"}),
    ],
)
def test_what_may_stand_is_accepted(name, change, offer, made):
    outcome = offer(f"{name}.csv", made.text(name, change))
    assert (outcome.status, outcome.reason) == ("accepted", None)


def test_the_newest_day_of_a_log_dates_its_file(home, offer, made):
    offer("local_registers.csv", made.text("local_registers", {}, {"urn": "100002", "removed_on": "2026-03-01"}))
    report = land(home, la_code="919", as_at=None, review_year=2025)
    [file] = report.files
    assert file.provenance.published_on.isoformat() == "2026-03-01"


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "urn": st.sampled_from(["100001", "100002", "bad"]),
            "pupil_group": st.sampled_from(["all", "fsm", "nobody"]),
            "cohort_n": st.sampled_from(["30", "0", "", "x"]),
            "gld_n": st.sampled_from(["12", "0", "", "45"]),
        }
    ),
    min_size=1,
    max_size=8,
)


@examples(200)
@given(rows=ROWS, order=st.randoms())
def test_the_order_of_lines_never_decides_what_stands(rows, order, made):
    header = returns()["local_eyfsp"].header
    source = load_catalogue().source("local_eyfsp")

    def standing(changes):
        lines = [
            (at, [(made.lines["local_eyfsp"] | change).get(column, "") for column in header])
            for at, change in enumerate(changes, start=2)
        ]
        sorted_rows = judge_rows(Table(header, lines, 0), source)
        reasons = sorted(reject.reason_code for reject in sorted_rows.rejects)
        return sorted(cells for _, cells in sorted_rows.accepted), reasons

    shuffled = list(rows)
    order.shuffle(shuffled)
    assert standing(shuffled) == standing(rows)
