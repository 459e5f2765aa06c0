"""Digits of other scripts in returns, and decisions on reviews that cannot be."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import written
from pipelines.landing.intake import add
from pipelines.landing.land import land
from pipelines.landing.moderate import moderate

FULL_WIDTH = str.maketrans("0123456789-/.", "０１２３４５６７８９－／．")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
TYPED = [
    ("local_ks2", {"cohort_n": "30"}),
    ("local_ks2", {"urn": "100001"}),
    ("local_ks2", {"la_code": "919"}),
    ("local_ks2", {"academic_year": "2025/26"}),
    ("local_phonics", {"expected_pct": "83.3"}),
    ("local_mtc", {"mean_score": "20.5"}),
    ("local_registers", {"entered_on": "2025-09-15"}),
    ("local_registers", {"urn": "100001"}),
    ("local_targets", {"target": "66"}),
    ("local_moderation", {"decided_on": "2025-10-06"}),
    ("local_moderation", {"decided_on": "06/10/2025"}),
    ("local_moderation", {"review_year": "2025"}),
    ("local_moderation", {"urn": "100001"}),
]


def cells(home, name: str) -> list[dict[str, str]]:
    """The rows that dbt would read."""
    land(home, la_code="919", as_at=None, review_year=2025)
    [path] = (home.landing / "wide").glob("*.parquet")
    return [{key.lower(): value for key, value in row.items()} for row in pq.read_table(path).to_pylist()]


@pytest.mark.parametrize(("name", "change"), TYPED)
def test_full_width_digits_are_read_as_plain_ones_and_said(home, tmp_path, returned, name, change):
    [(column, text)] = change.items()
    path = tmp_path / f"{name}.csv"
    path.write_bytes(returned.text(name, {column: text.translate(FULL_WIDTH)}))
    [outcome] = add(home, [path])
    assert outcome.status == "accepted", outcome.reason
    assert outcome.reason == "line 2: full-width digits or the like, read as plain ones"
    [row] = cells(home, name)
    assert row[column] == text


@pytest.mark.parametrize(("name", "change"), TYPED)
def test_digits_of_another_script_are_refused_at_their_cell(home, tmp_path, returned, name, change):
    [(column, text)] = change.items()
    path = tmp_path / f"{name}.csv"
    foreign = text.translate(ARABIC)
    path.write_bytes(returned.text(name, {column: foreign}))
    [outcome] = add(home, [path])
    assert outcome.status == "rejected" and f"line 2, column {column} holds '{foreign}'" in outcome.reason
    assert not list(home.raw.rglob("*.csv"))


def test_words_stay_as_they_are_written(home, tmp_path, returned):
    path = tmp_path / "local_moderation.csv"
    path.write_bytes(returned.text("local_moderation", {"reason": "５０％ of ½ the class"}))
    assert moderate(home, path) == ("local_moderation.csv: kept in the ledger", [])
    assert cells(home, "local_moderation")[0]["reason"] == "５０％ of ½ the class"


def test_a_decision_in_full_width_digits_is_of_its_chain(home, tmp_path, returned):
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_bytes(returned.text("local_moderation", {"decided_on": "２０２５-10-06"}))
    second.write_bytes(
        returned.text(
            "local_moderation",
            {"decided_on": "2025-11-06", "supersedes": "2025-10-06", "from_rating": "yellow", "to_rating": "red"},
        )
    )
    assert moderate(home, first)[0].endswith("; line 2: full-width digits or the like, read as plain ones")
    assert moderate(home, second)[1] == []


@pytest.mark.parametrize("text", ["٢٠٢٥-10-06", "２０２５-10-06", "2025-02-30", "2025-13-01", "6 Oct 2025", "20251006"])
def test_a_day_is_read_in_plain_digits(text):
    assert written.read_day(text) is None


@pytest.mark.parametrize("text", ["2025-10-06", "06/10/2025", "6/10/2025", " 2025-10-06 "])
def test_a_day_is_read_in_both_forms(text):
    assert written.read_day(text) == date(2025, 10, 6)


def built(home, review: int = 2025) -> None:
    """A current build that knows two schools and drafts one rating."""
    home.current.mkdir(parents=True)
    tables = {
        "schools": [{"urn": "100001"}, {"urn": "100002"}],
        "rayg_drafts": [
            {"urn": "100001", "review_year": review, "provision": "whole_school", "draft_rating": "amber"},
        ],
    }
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows), home.current / f"{name}.parquet")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"review_year": "2099"}, "column review_year holds '2099': it reviews 2098/99, which has not begun"),
        ({"review_year": "2010"}, "column review_year holds '2010': schools are rated since 2021-09-01"),
        ({"decided_on": "2001-01-01"}, "column decided_on holds '2001-01-01': earlier than 2024-09-01"),
        ({"decided_on": "2024-08-31"}, "column decided_on holds '2024-08-31': earlier than 2024-09-01"),
        ({"review_year": "2026"}, "column review_year holds '2026': the current build is the review of 2025"),
        ({"from_rating": "red"}, "column from_rating holds 'red': the draft rating that stands is amber"),
        ({"from_rating": "insufficient_evidence"}, "the draft rating that stands is amber"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_the_others_are_kept(home, tmp_path, returned, change, says):
    built(home)
    path = tmp_path / "local_moderation.csv"
    good = {"decided_on": "2025-10-06"}
    path.write_bytes(returned.text("local_moderation", {"urn": "100001", **change}, good))
    line, [refused] = moderate(home, path)
    assert refused.startswith("line 2, ") and says in refused
    assert line.startswith("local_moderation.csv: kept in the ledger, without 1 line")


@pytest.mark.parametrize("review", ["2099", "2010", "2028"])
def test_before_the_first_build_too_a_review_must_have_been(home, tmp_path, returned, review):
    path = tmp_path / "local_moderation.csv"
    path.write_bytes(returned.text("local_moderation", {"review_year": review, "decided_on": "2025-10-06"}))
    _, [refused] = moderate(home, path)
    assert f"column review_year holds '{review}'" in refused and not home.raw.exists()


def test_an_unknown_school_in_results_is_said_and_the_file_is_kept(home, tmp_path, returned):
    built(home)
    path = tmp_path / "local_ks2.csv"
    path.write_bytes(returned.text("local_ks2", {}, {"urn": "123456"}))
    [outcome] = add(home, [path])
    assert outcome.status == "accepted"
    assert outcome.reason.startswith("line 3, column urn holds '123456': the current build knows no school")
