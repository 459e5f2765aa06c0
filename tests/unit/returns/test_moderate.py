"""The ledger of moderation: decisions follow each other, nothing held is changed, a bad line keeps the file out."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.returns.moderate import moderate

FIRST = {"decided_on": "2025-10-06", "from_rating": "amber", "to_rating": "yellow"}
SECOND = {"decided_on": "2025-11-04", "from_rating": "yellow", "to_rating": "red", "supersedes": "06/10/2025"}


@pytest.fixture
def decide(home, made, tmp_path):
    """Offers decisions under a file name of their own; gives the lines refused."""
    count = 0

    def offer(*changes):
        nonlocal count
        count += 1
        path = tmp_path / f"decisions-{count}.csv"
        path.write_bytes(made.text("local_moderation", *changes))
        return moderate(home, path)[1]

    return offer


def ledger(home: Home) -> list[bytes]:
    return sorted(path.read_bytes() for path in home.raw.rglob("*.csv"))


def test_each_file_is_kept_as_it_is_and_the_ledger_is_all_of_them(home, decide):
    assert decide(FIRST) == []
    held = ledger(home)
    assert decide(SECOND) == []
    assert len(ledger(home)) == 2 and held[0] in ledger(home)


def test_decisions_of_one_file_may_follow_each_other(home, decide):
    assert decide(FIRST, SECOND, FIRST | {"provision": "early_years"}, FIRST | {"review_year": "2026"}) == []
    assert len(ledger(home)) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, "column decided_on holds '2025-11-04': the same decision stands at decisions-1.csv line 3"),
        ({"decided_on": "04/11/2025"}, "the same decision stands at decisions-1.csv line 3"),
        ({"reason": "again"}, "column supersedes holds '06/10/2025': that decision has been superseded"),
        ({"decided_on": "2025-12-01"}, "that decision has been superseded: the decision of 2025-11-04 stands"),
        ({"supersedes": ""}, "column supersedes is blank: the decision of 2025-11-04 stands"),
        ({"supersedes": "2025-10-07"}, "column supersedes holds '2025-10-07': no decision of that day is held"),
        (
            {"supersedes": "2025-11-04", "from_rating": "red", "decided_on": "2025-11-03"},
            "column decided_on holds '2025-11-03': earlier than what it supersedes",
        ),
        (
            {"supersedes": "2025-11-04", "from_rating": "red"},
            "column decided_on holds '2025-11-04': a decision of that day is held",
        ),
        (
            {"supersedes": "2025-11-04", "decided_on": "2025-12-01"},
            "column from_rating holds 'yellow': red stands since 2025-11-04",
        ),
        ({"role": "Governor"}, "column role holds 'Governor': write one of HIP, SEA, DSEA, ESD"),
        ({"to_rating": "blue"}, "column to_rating holds 'blue': write one of dark_green"),
        ({"urn": "100009"}, "column supersedes holds '06/10/2025': nothing has been decided on it yet"),
    ],
)
def test_a_decision_that_cannot_follow_is_refused_with_line_and_column(change, told, home, decide):
    assert decide(FIRST, SECOND) == []
    before = ledger(home)
    good = FIRST | {"urn": "100002"}
    [refused] = decide(good, SECOND | change)
    assert refused.startswith("line 3, column ") and told in refused
    assert ledger(home) == before  # the good line is not kept either


def test_every_refused_line_is_told(decide):
    refused = decide(FIRST, SECOND | {"supersedes": ""}, SECOND | {"from_rating": "red"})
    assert [line.split(",")[0] for line in refused] == ["line 3", "line 4"]


def test_out_of_order_lines_are_refused(home, decide):
    assert decide(SECOND, FIRST)[0].startswith("line 2, column supersedes")
    assert ledger(home) == []


def test_the_first_decision_starts_from_the_draft_of_the_current_build(home, decide):
    home.current.mkdir(parents=True)
    drafts = [{"urn": "100001", "review_year": 2025, "provision": "whole_school", "draft_rating": "red"}]
    pq.write_table(pa.Table.from_pylist(drafts), home.current / "rayg_drafts.parquet")
    [refused] = decide(FIRST)
    assert "column from_rating holds 'amber': the draft rating that stands is red" in refused
    assert decide(FIRST | {"urn": "100002"}) == []  # of a school the build does not know, nothing is known
    assert decide(FIRST | {"from_rating": "red"}) == []


def test_a_damaged_ledger_takes_no_decision(home, decide):
    decide(FIRST)
    [held] = home.raw.rglob("*.csv")
    held.write_bytes(held.read_bytes() + b"x")
    with pytest.raises(RaygError, match="damaged"):
        decide(SECOND)


def test_add_takes_decisions_by_the_same_rules(home, offer, made):
    assert offer("local_moderation.csv", made.text("local_moderation", FIRST)).status == "accepted"
    outcome = offer("local_moderation_2.csv", made.text("local_moderation", SECOND | {"supersedes": ""}))
    assert outcome.status == "rejected" and outcome.reason.startswith("line 2, column supersedes is blank")
    assert len(ledger(home)) == 1


def test_the_command_says_what_came_of_it_in_one_line_each(made, tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_bytes(made.text("local_moderation", FIRST))
    arguments = ["--home", str(tmp_path / "home"), "moderate", str(path)]
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, done.output) == (0, "decisions.csv: kept in the ledger\n")
    assert "held already" in CliRunner().invoke(app, arguments).output
    path.write_bytes(made.text("local_moderation", {"decided_on": "31/02/2026"}))
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 1 and "nothing was kept" in done.output
    assert "line 2, column decided_on holds '31/02/2026': write a date as 2026-02-28" in done.output


def test_a_file_that_is_not_there_is_one_line(home, tmp_path):
    with pytest.raises(RaygError, match=r"none.csv is not one file of decisions: name the csv file itself\.$"):
        moderate(home, tmp_path / "none.csv")


def test_a_folder_of_decisions_is_refused_whole(home, tmp_path):
    """Of several files some might be kept and some not."""
    with pytest.raises(RaygError, match="is not one file of decisions"):
        moderate(home, tmp_path)
    assert not list(home.raw.rglob("*moderation*"))
