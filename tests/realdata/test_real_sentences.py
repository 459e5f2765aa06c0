"""The sentences an adviser reads are true of the school they stand beside, and are sentences."""

import re
from datetime import date

import pytest

from tests.realdata.conftest import Built

# what a person should never meet in a sentence
NOT_A_SENTENCE = {
    "an identifier": re.compile(r"\b[a-z]+_[a-z0-9_]+\b"),
    "one year 'together'": re.compile(r"over \d{4}/\d\d together"),
    "a hole": re.compile(r"\{|\}|\bNone\b|\bnan\b|\bnull\b"),
    "a status word": re.compile(r"no_data"),
}


def reasons(built: Built, phrase: str) -> list[tuple[str, str, str, str]]:
    """URN, provision, outcomes and their detail of every draft whose reason holds the phrase."""
    return built.rows(
        "select urn, provision, outcomes, coalesce(outcome_detail, '') from rayg_drafts where contains(reason, ?)",
        phrase,
    )


@pytest.mark.parametrize("wrong", NOT_A_SENTENCE)
def test_sentences_read_as_sentences(hertfordshire: Built, wrong: str) -> None:
    sentences = hertfordshire.rows(
        """
        select urn, evidence from risk_indicators
        union all
        select urn, reason from rayg_drafts
        """
    )
    assert len(sentences) > 15000
    assert [row for row in sentences if NOT_A_SENTENCE[wrong].search(row[1])][:3] == []


def test_a_sixth_form_said_to_be_below_in_value_added_is(hertfordshire: Built) -> None:
    for urn, provision, _, detail in reasons(hertfordshire, "in attainment and in value added"):
        assert provision == "post_16"
        assert re.search(r"value_added all below", detail), (urn, detail)


def test_disadvantaged_pupils_said_not_to_be_below_were_seen(hertfordshire: Built) -> None:
    for urn, _, _, detail in reasons(hertfordshire, "not below for disadvantaged pupils"):
        assert re.search(r"disadvantaged (in_line|above)", detail), (urn, detail)


def test_results_said_not_to_improve_were_seen(hertfordshire: Built) -> None:
    for urn, _, outcomes, _ in reasons(hertfordshire, "results do not yet show improvement"):
        assert outcomes != "not_visible", urn


def test_schools_said_to_be_judged_outstanding_within_five_years_were(hertfordshire: Built) -> None:
    reference = hertfordshire.one("select max(published_on) from held_files")
    earliest = date.fromisoformat(str(reference)[:10]).replace(year=int(str(reference)[:4]) - 5)
    for urn, *_ in reasons(hertfordshire, "outstanding within five years"):
        (graded,) = hertfordshire.rows(
            """
            select inspected_on, overall_grade from inspections
            where urn = ? and event_kind = 'graded' and not is_predecessor
            order by inspected_on desc limit 1
            """,
            urn,
        )
        assert graded[1] == 1 and graded[0] >= earliest, (urn, graded)


def test_a_predecessors_results_are_said_to_be_its(hertfordshire: Built) -> None:
    """Gracewood Academy opened in December 2025; what is known of it was Mount Grace School's."""
    told = hertfordshire.rows(
        """
        select evidence from risk_indicators
        where urn = '152099' and state in ('triggered', 'clear') and domain in ('attainment', 'progress', 'attendance')
        """
    )
    assert told != []
    assert [sentence for (sentence,) in told if "predecessor" not in sentence.lower()] == []
