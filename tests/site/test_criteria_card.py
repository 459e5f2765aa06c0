"""The criteria card and a moderated rating, from made rows: the mart of criteria is read by its columns alone."""

from datetime import date
from typing import Any

from pipelines.publication.views.care import CARE_MARTS, care_tables
from pipelines.publication.views.handling import Audience
from pipelines.publication.views.indicators import indicators_by_domain, kept_back, unseen
from pipelines.publication.views.ratings import criteria_cards, rating, withheld_criteria
from pipelines.publication.views.sources import Sources


def criterion(**changes: Any) -> dict[str, Any]:
    made = {
        "urn": "100001",
        "provision": "whole_school",
        "criterion": "outcomes_above",
        "strategy_paragraph": "A9 table",
        "colour": "light_green",
        "wording": "Outcomes are at or above national",
        "visible_in_data": "yes",
        "standing": "points_to",
        "evidence": "60 per cent of 30 pupils.",
        "adviser_to_judge": None,
    }
    return made | changes


def test_cards_are_by_provision_and_colour_in_their_order() -> None:
    cards = criteria_cards(
        [
            criterion(provision="post_16"),
            criterion(colour="red", standing="nothing_found"),
            criterion(),
            criterion(
                criterion="teaching",
                visible_in_data="no",
                standing="adviser_to_judge",
                adviser_to_judge="How is it taught?",
            ),
        ],
        hidden=[],
    )
    assert [(card.title, [colour for colour, _ in card.colours]) for card in cards] == [
        ("Whole school", ["light_green", "red"]),
        ("Post-16", ["light_green"]),
    ]
    first, second = cards[0].colours[0][1]
    assert (first.standing, first.evidence, first.question) == ("points to", "60 per cent of 30 pupils.", "")
    assert (second.standing, second.question) == ("adviser to judge", "How is it taught?")


def test_a_sentence_that_may_not_be_shown_is_not_shown_in_the_card_either() -> None:
    hidden = "40 per cent of 5 pupils."
    ((_, (one,)),) = criteria_cards([criterion(evidence=f"Attainment: {hidden}")], hidden=[hidden])[0].colours
    assert "40" not in one.evidence


def test_without_criteria_there_is_no_card() -> None:
    assert criteria_cards([], hidden=[]) == []


def draft(**changes: Any) -> dict[str, Any]:
    made = {
        "provision": "whole_school",
        "draft_rating": "yellow",
        "rule": "one_domain_below",
        "reason": "Outcomes are below national in one domain.",
        "needs_adviser_to_confirm": False,
        "inspection_standing": "good",
        "outcomes": "one_below",
        "attendance": "not_below",
        "trajectory": "steady",
        "domains_visible": 2,
        "confidence": "high",
        "cusp_with": None,
        "previous_rating": None,
        "moderated_rating": None,
        "moderated_by": None,
        "moderated_on": None,
        "final_rating": "yellow",
        "evidence_stage": "S4",
        "is_carried_forward": False,
        "rests_on_returns": False,
        "uses_predecessor_years": False,
        "selective_intake": None,
        "not_visible": "similar schools; teaching",
    }
    return made | changes


def test_what_people_decided_stands_over_the_draft() -> None:
    made = rating(draft(moderated_rating="amber", moderated_by="HIP", final_rating="amber"), [], Audience.INTERNAL)
    assert (made.final, made.draft, made.is_moderated) == ("amber", "yellow", True)
    assert made.moderated == "amber by HIP"
    assert made.not_visible == ["similar schools", "teaching"]
    assert ("Outcomes", "below national in one domain") in made.facts
    plain = rating(draft(cusp_with="amber", cusp_case="ks2 all down"), [], Audience.INTERNAL)
    assert (plain.final, plain.is_moderated) == ("yellow", False)
    assert ("Cusp", "amber: ks2 all down") in plain.facts


def test_what_an_adviser_is_asked_to_consider_stands_first_and_is_not_for_the_school() -> None:
    asked = draft(consider_red=True, open_matter="A fall.", reason="Consider red. 41% of 59 pupils.")
    made = rating(asked, [], Audience.INTERNAL)
    assert made.facts[0][0] == "Consider red"
    assert ("Ask about", "A fall.") in made.facts
    own = rating(asked, [], Audience.SCHOOL)
    assert "Consider red" not in {title for title, _ in own.facts}
    assert own.reason == "41% of 59 pupils."
    decided = rating(asked | {"moderated_rating": "amber", "final_rating": "amber"}, [], Audience.INTERNAL)
    assert "Consider red" not in {title for title, _ in decided.facts}


def test_a_school_does_not_see_who_decided() -> None:
    made = rating(
        draft(moderated_rating="amber", moderated_by="A. Adviser", cusp_with="red", cusp_case="x"), [], Audience.SCHOOL
    )
    assert made.moderated == "amber"
    assert ("Cusp", "red") in made.facts


def test_a_last_review_of_the_predecessor_says_so_and_is_not_for_the_school() -> None:
    own = draft(previous_rating="amber", is_previous_of_predecessor=False)
    assert ("Last review", "amber") in rating(own, [], Audience.SCHOOL).facts
    converted = draft(previous_rating="amber", is_previous_of_predecessor=True)
    assert ("Last review", "amber (predecessor)") in rating(converted, [], Audience.INTERNAL).facts
    assert "Last review" not in {title for title, _ in rating(converted, [], Audience.SCHOOL).facts}


def test_a_draft_of_unvalidated_results_is_not_for_the_school() -> None:
    own = draft(rests_on_returns=True, cusp_with="amber", needs_adviser_to_confirm=True)
    alternative = {"provision": "whole_school", "axis": "outcomes", "plain_words": "below", "would_be": "amber"}
    assert rating(own, [alternative], Audience.INTERNAL).draft == "yellow"
    made = rating(own, [alternative], Audience.SCHOOL)
    assert (made.draft, made.final, made.rule, made.alternatives, made.needs_adviser) == ("", "", "", [], False)
    assert made.reason == "Not shown: it rests on results that are not validated yet."
    assert {"Outcomes", "Trajectory", "Cusp", "Confidence"} & {title for title, _ in made.facts} == set()
    moderated = rating(own | {"moderated_rating": "amber", "final_rating": "amber"}, [], Audience.SCHOOL)
    assert (moderated.draft, moderated.final) == ("", "amber")
    assert rating(own | {"rests_on_returns": False}, [], Audience.SCHOOL).final == "yellow"


def test_a_draft_asks_for_an_adviser_until_one_has_spoken() -> None:
    asked = draft(needs_adviser_to_confirm=True)
    assert rating(asked, [], Audience.INTERNAL).needs_adviser
    assert not rating(asked | {"moderated_rating": "yellow"}, [], Audience.INTERNAL).needs_adviser


def test_only_results_that_are_held_are_carried_forward() -> None:
    stands = ("Results", "this year's are not held: the newest earlier ones stand")
    assert stands in rating(draft(is_carried_forward=True), [], Audience.INTERNAL).facts
    assert stands not in rating(draft(is_carried_forward=True, domains_visible=0), [], Audience.INTERNAL).facts


def test_a_criterion_does_not_tell_the_school_what_the_authority_noted() -> None:
    kept = kept_back([], Sources({}), Audience.SCHOOL)
    assert {"governance_concern", "complaint_upheld", "safeguarding_concern"} <= kept
    assert kept_back([], Sources({}), Audience.INTERNAL) == frozenset()
    withheld = withheld_criteria([draft()], kept, Audience.SCHOOL)
    assert "r_governance" in withheld
    assert "a_attendance" not in withheld
    noted = criterion(criterion="r_governance", evidence="Concern noted.", adviser_to_judge="What was missed?")
    ((_, (one,)),) = criteria_cards([noted], [], withheld)[0].colours
    assert (one.standing, one.evidence, one.question) == (
        "adviser to judge",
        "Not visible in data.",
        "What was missed?",
    )


def test_a_criterion_does_not_tell_the_school_its_unvalidated_results() -> None:
    own = draft(provision="early_years", rests_on_returns=True)
    assert "lg_ey_knowledge" in withheld_criteria([own], frozenset(), Audience.SCHOOL)
    assert withheld_criteria([own], frozenset(), Audience.INTERNAL) == frozenset()
    assert "lg_ey_knowledge" not in withheld_criteria([draft(provision="early_years")], frozenset(), Audience.SCHOOL)


def test_an_indicator_that_rests_on_a_local_return_is_not_visible_to_the_school() -> None:
    row = {
        "indicator": "ks2_rwm_below",
        "title": "Key stage 2 below",
        "domain": "attainment",
        "state": "triggered",
        "evidence": "40 per cent of 30 pupils.",
        "value": 40.0,
        "cohort_n": 30.0,
        "points": 2,
        "points_at_stake": 2,
        "strategy_paragraph": "66",
        "authority": "default",
        "is_predecessor": False,
        "file_id": "f",
        "line": 2,
        "source_column": "rwm",
    }
    held = {
        "file_id": "f",
        "source": "local_ks2",
        "title": "Key stage 2: unvalidated results",
        "file_name": "x.csv",
        "academic_year": "2024/25",
        "release": "local_unvalidated",
        "published_on": None,
        "published_on_is_assumed": False,
        "publisher": "The local authority",
        "landing_page": None,
        "licence": None,
    }
    sources = Sources({"f": held})
    ((_, (shown,)),) = indicators_by_domain([row], sources, Audience.INTERNAL)
    assert (shown.state, shown.evidence, shown.points) == ("triggered", row["evidence"], "2 of 2")
    ((_, (hidden,)),) = indicators_by_domain([row], Sources({"f": held}), Audience.SCHOOL)
    assert (hidden.state, hidden.points) == ("no_data", "")
    assert "40" not in hidden.evidence


def test_what_the_authority_noted_is_not_listed_for_the_school() -> None:
    row = {
        "indicator": "complaint_upheld",
        "title": "Complaint upheld",
        "domain": "local",
        "state": "triggered",
        "evidence": "A complaint.",
        "value": None,
        "cohort_n": None,
        "points": 1,
        "points_at_stake": 1,
        "strategy_paragraph": None,
        "authority": "default",
        "is_predecessor": False,
        "file_id": None,
        "line": None,
        "source_column": None,
    }
    assert indicators_by_domain([row], Sources({}), Audience.SCHOOL) == []
    assert unseen([row | {"state": "no_data"}], Audience.SCHOOL) == []
    assert unseen([row | {"state": "no_data"}], Audience.INTERNAL) == ["Complaint upheld: not visible."]


def intervention(**changes: Any) -> dict[str, Any]:
    made = {
        "intervention": "Phonics help",
        "measure": "phonics_y1_pct",
        "evidence": "From 50 to 60.",
        "before_value": 50.0,
        "before_n": 30.0,
        "after_value": 60.0,
        "after_n": 30.0,
    }
    return made | changes


def test_registers_and_support_are_read_by_the_columns_that_are_there() -> None:
    rows: dict[str, list[dict[str, Any]]] = {
        "registers": [{"register": "keys_to_success", "entered_on": date(2025, 10, 6), "is_over_18_months": True}],
        "concern_triggers": [
            {"title": "Standards", "state": "met", "evidence": "40 per cent of 5 pupils.", "due_on": None},
            {"title": "Other", "state": "not_met", "evidence": "none", "due_on": None},
        ],
        "interventions": [
            intervention(after_n=4.0),
            intervention(),
            intervention(after_value=90.0),  # three left over
            intervention(before_n=None),
            intervention(measure="absence_persistent_pct", before_n=None, after_n=None),  # published alone
            intervention(before_value=None, before_n=None, evidence="No result before."),
        ],
        "support_offer": [{"offering_urn": None}],
    }
    tables = {table.id: table for table in care_tables(rows, hidden=["40 per cent of 5 pupils."])}
    assert set(tables) == {"registers", "concern-triggers", "interventions"}
    assert tables["registers"].columns == ["Register", "Entered", "Longer than expected"]
    assert tables["registers"].rows == [["keys to success", "6 October 2025", "yes"]]
    ((title, state, evidence, due),) = tables["concern-triggers"].rows
    assert (title, state, due) == ("Standards", "met", "–")
    assert "40" not in evidence
    assert tables["interventions"].rows == [
        ["Phonics help", text]
        for text in (
            "Too few to show.",
            "From 50 to 60.",
            "Too few to show.",
            "Too few to show.",
            "From 50 to 60.",
            "No result before.",
        )
    ]
    assert care_tables({mart: [] for mart in CARE_MARTS}, []) == []
