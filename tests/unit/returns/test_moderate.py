"""The ledger of moderation: decisions follow each other, nothing held is changed, a bad line counts for nothing."""

from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.landing.intake import add
from pipelines.landing.land import land
from pipelines.landing.moderate import moderate
from pipelines.returns.ledger import Decision, Known, refusals

FIRST = {"decided_on": "2025-10-06", "from_rating": "amber", "to_rating": "yellow"}
ONE_REFUSED = ", without 1 line: correct these in a file of their own and run it again"
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


def decisions(home: Home) -> list[dict[str, Any]]:
    """The decisions that a build would read, each with its line."""
    found = []
    for file in land(home, la_code="919", as_at=None, review_year=2025).files:
        table = pq.read_table(home.landing / "wide" / f"{file.provenance.file_id}.parquet")
        found += [{name.lower().lstrip("_"): cell for name, cell in row.items()} for row in table.to_pylist()]
    return found


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
    [refused] = decide(SECOND | change)
    assert refused.startswith("line 2, column ") and told in refused
    assert ledger(home) == before  # of a file that holds nothing else, nothing is kept
    good = FIRST | {"urn": "100002"}
    [refused] = decide(good, SECOND | change)
    assert refused.startswith("line 3, column ") and told in refused
    kept = [row for row in decisions(home) if row["urn"] == "100002"]
    assert len(decisions(home)) == 3 and len(kept) == 1  # the good line is


def test_refused_lines_are_noted_and_listed_with_their_reasons(home, decide):
    decide(FIRST, SECOND | {"supersedes": ""}, FIRST | {"urn": "100002", "to_rating": "blue"})
    [file] = land(home, la_code="919", as_at=None, review_year=2025).files
    rejects = pq.read_table(home.landing / "rejects" / f"{file.provenance.file_id}.parquet").to_pylist()
    assert [(row["line"], row["reason_code"]) for row in rejects] == [(3, "refused_decision"), (4, "broken_value")]
    assert "column supersedes is blank" in rejects[0]["reason"] and ",100001," in "," + rejects[0]["raw_row"]
    assert file.rows_n == 1


def test_a_refused_line_supersedes_nothing_and_may_come_again(home, decide):
    """What names a refused decision as the one it follows is refused too; put right, both are taken."""
    third = SECOND | {
        "decided_on": "2025-12-01",
        "supersedes": "2025-11-04",
        "from_rating": "red",
        "to_rating": "amber",
    }
    refused = decide(FIRST, SECOND | {"role": "Governor"}, third)
    assert [line.split(",")[0] for line in refused] == ["line 3", "line 4"]
    assert "no decision of that day is held" in refused[1]
    assert decide(SECOND, third) == []


def test_the_same_file_again_is_held_already_and_says_again_what_it_refused(home, made, tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_bytes(made.text("local_moderation", FIRST, SECOND | {"role": "Governor"}))
    first, again = moderate(home, path), moderate(home, path)
    assert first[1] == again[1] and len(first[1]) == 1
    assert first[0] == f"decisions.csv: kept in the ledger{ONE_REFUSED}"
    assert again[0] == f"decisions.csv: held already{ONE_REFUSED}"
    assert len(ledger(home)) == 1


def test_damaged_bytes_that_come_back_are_not_judged_anew(home, made, tmp_path):
    """Their decisions may since have been superseded: they stood when they were kept."""
    path = tmp_path / "local_moderation.csv"
    path.write_bytes(made.text("local_moderation", FIRST, SECOND | {"role": "Governor"}))
    assert add(home, [path])[0].reason.startswith("line 3, column role")
    [held] = home.raw.rglob("*.csv")
    held.write_bytes(b"x")
    [outcome] = add(home, [path])
    assert outcome.status == "accepted" and [row["line"] for row in decisions(home)] == [2]


def test_every_refused_line_is_reported(decide):
    refused = decide(FIRST, SECOND | {"supersedes": ""}, SECOND | {"from_rating": "red"}, SECOND)
    assert [line.split(",")[0] for line in refused] == ["line 3", "line 4"]


def test_out_of_order_lines_are_refused(home, decide):
    assert [line[:25] for line in decide(SECOND, FIRST)] == ["line 2, column supersedes"]
    assert [row["decided_on"] for row in decisions(home)] == ["2025-10-06"]


def test_a_day_that_has_not_come_is_refused(decide):
    [refused] = decide(FIRST, FIRST | {"urn": "100002", "decided_on": "2999-01-01"})
    assert refused.startswith("line 3, column decided_on holds '2999-01-01': that day has not come: today is ")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"urn": "100009"}, "column urn holds '100009': the current build knows no school of that number"),
        (
            {"provision": "post_16"},
            "column provision holds 'post_16': the school has no such provision: it has",
        ),
        ({"urn": "100003"}, "column urn holds '100003': the review of 2025 does not cover it"),
    ],
)
def test_what_the_current_build_does_not_know_is_refused(change, told, home, decide):
    """100003 is known and has closed: a decision of an earlier review may still come."""
    schools = [{"urn": urn} for urn in ("100001", "100002", "100003")]
    drafts = [
        {"urn": urn, "review_year": 2025, "provision": provision, "draft_rating": "amber"}
        for urn in ("100001", "100002")
        for provision in ("whole_school", "early_years")
    ]
    home.current.mkdir(parents=True)
    for name, rows in (("schools", schools), ("rayg_drafts", drafts)):
        pq.write_table(pa.Table.from_pylist(rows), home.current / f"{name}.parquet")
    [refused] = decide(FIRST | change, FIRST | {"urn": "100002"}, FIRST | {"urn": "100003", "review_year": "2024"})
    assert refused.startswith("line 2, ") and told in refused
    assert len(decisions(home)) == 2


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
    outcome = offer("local_moderation_3.csv", made.text("local_moderation", SECOND, SECOND | {"supersedes": ""}))
    assert outcome.status == "accepted" and outcome.reason.startswith("line 3, column supersedes is blank")


def test_the_command_says_what_came_of_it_in_one_line_each(made, tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_bytes(made.text("local_moderation", FIRST))
    arguments = ["--home", str(tmp_path / "home"), "moderate", str(path)]
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, done.output) == (0, "decisions.csv: kept in the ledger\n")
    assert "held already" in CliRunner().invoke(app, arguments).output
    path.write_bytes(made.text("local_moderation", SECOND, {"decided_on": "31/02/2026"}))
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 1 and f"decisions.csv: kept in the ledger{ONE_REFUSED}" in done.output
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


BAD = {"decided_on": "2999-01-01"}, {"supersedes": "2025-01-01"}, {"from_rating": "dark_green", "supersedes": ""}
CHAIN = st.lists(st.sampled_from(["amber", "yellow", "red"]), min_size=1, max_size=5)


@given(ratings=CHAIN, places=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(BAD)), max_size=6))
def test_bad_lines_anywhere_never_cost_a_good_one(ratings, places):
    """A chain that fits is taken whole, whatever cannot stand is written between its lines."""
    day = [date(2025, 10, 1) + timedelta(days=turn) for turn in range(len(ratings))]
    good = [
        {
            "urn": "100001",
            "review_year": "2025",
            "provision": "whole_school",
            "from_rating": "amber" if turn == 0 else ratings[turn - 1],
            "to_rating": rating,
            "decided_on": day[turn].isoformat(),
            "supersedes": "" if turn == 0 else day[turn - 1].isoformat(),
        }
        for turn, rating in enumerate(ratings)
    ]
    known = Known(today=date(2026, 1, 1), drafts={("100001", "2025", "whole_school"): "amber"})
    lines = [(turn, cells, True) for turn, cells in enumerate(good)]
    lines += [(place, good[-1] | change, False) for place, change in places]
    lines.sort(key=lambda line: line[0])
    offered = [Decision(cells, at, f"line {at}") for at, (_, cells, _) in enumerate(lines, start=2)]
    refused = refusals([], offered, known)
    assert set(refused) == {at for at, (*_, fits) in enumerate(lines, start=2) if not fits}
