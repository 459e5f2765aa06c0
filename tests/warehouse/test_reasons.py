"""Why a school has its colour is said in numbers, and never in so many words that nobody reads them."""

import re

from pipelines.home import Home
from pipelines.publication.views.reading import Marts

YEAR = re.compile(r"\b20\d\d/\d\d\b")
NUMBER = re.compile(r"\d+")
SENTENCE_END = re.compile(r"\.(?= |$)")


def numbers_in(reason: str) -> int:
    """How many numbers a reason holds, years aside."""
    return len(NUMBER.findall(YEAR.sub("", reason)))


def test_the_count_of_numbers_leaves_years_out() -> None:
    assert numbers_in("41% of 59 pupils in 2024/25 (England 62%).") == 3


def test_every_reason_holds_two_numbers_and_at_most_four_sentences(sample_home: Home) -> None:
    drafts = Marts(sample_home.current.resolve()).rows("rayg_drafts", "provision = 'whole_school'")
    judged = [row for row in drafts if row["draft_rating"] != "insufficient_evidence"]
    assert len(judged) > 300
    assert [row["reason"] for row in judged if numbers_in(row["reason"]) < 2] == []
    counts = {len(SENTENCE_END.findall(row["reason"].removeprefix("Consider red. "))) for row in judged}
    assert counts <= {1, 2, 3, 4}, counts


def test_what_is_to_be_confirmed_is_not_called_sure(sample_home: Home) -> None:
    drafts = Marts(sample_home.current.resolve()).rows("rayg_drafts")
    assert [row["urn"] for row in drafts if row["needs_adviser_to_confirm"] and row["confidence"] == "high"] == []
