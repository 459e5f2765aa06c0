"""What the sample county's officers write down about schools: decisions, registers, interventions and intelligence, and
what each planted story should lead to in the marts.

A story is told of a planted school where the county holds one, else of any of its mainstream schools. Results are
`local_returns`'.
"""

from collections.abc import Sequence
from typing import Any

from sample_county.county.schools import School
from sample_county.county.streams import stream

REVIEW = 2025
Rows = list[list[object]]

_FALL, _CONCERNS, _LOW, _LOW_ACADEMY = "sharp_fall", "concerns_at_ungraded_visit", "low_for_years", "low_secondary"
_INFANT, _SIXTH_FORM, _CATEGORY = "infant_without_results", "weak_sixth_form", "category_of_concern_now"
_STORIES = (_FALL, _CONCERNS, _LOW, _LOW_ACADEMY, _INFANT, _SIXTH_FORM, _CATEGORY)
_PARTNER = "Leadership partner"

# By planted case, in the vocabulary of planted.py.
EXPECTED: dict[str, dict[str, Any]] = {
    _FALL: {
        "decision": {
            "moderated_rating": "light_green",
            "final_rating": "light_green",
            "moderated_by": "A. Adviser",
            "moderated_on": "2025-10-06",
        },
        "triggers": {"complaint_upheld": "met", "performance_fall": "adviser_to_confirm", "funded_support": "not_met"},
        "interventions": {"Mathematics hub": {"ks2_rwm_expected_pct": {"finding": "no_result_after"}}},
    },
    _CONCERNS: {
        "decision": {
            "previous_rating": "yellow",
            "moderated_rating": "amber",
            "final_rating": "amber",
            "moderated_by": "B. Deputy",
            "moderated_on": "2025-11-04",
        },
        "triggers": {"funded_support": "met", "action_group_amber": "not_met", "safeguarding_concern": "not_met"},
    },
    _LOW: {
        "decision": {"moderated_rating": "red", "final_rating": "red", "moderated_on": "2025-10-08"},
        "registers": [
            {
                "register": "schools_causing_concern",
                "is_standing": True,
                "months_on_register": 20,
                "is_over_18_months": True,
            }
        ],
        "triggers": {"action_group_red": "met", "funded_support": "met", "governance_concern": "met"},
        "interventions": {
            _PARTNER: {
                "ks2_rwm_expected_pct": {
                    "finding": "measured",
                    "before_year": "2022/23",
                    "after_year": "2024/25",
                    "before_value": 27,
                    "after_value": 25,
                    "change": -2,
                    "is_for_the_better": False,
                }
            }
        },
    },
    _LOW_ACADEMY: {
        "decision": {"moderated_rating": "amber", "final_rating": "amber"},
        "triggers": {
            "trust_contacted": "met",
            "funded_support": "does_not_apply",
            "action_group_red": "does_not_apply",
        },
        "regions_group_list": {"rating": "amber", "is_moderated": True, "is_confirmed": True},
    },
    _INFANT: {
        "registers": [{"register": "keys_to_success", "is_standing": True, "is_over_18_months": None}],
        "triggers": {"performance_fall": "not_visible", "complaint_upheld": "not_met"},
    },
    _SIXTH_FORM: {
        "registers": [
            {
                "register": "schools_causing_concern",
                "is_standing": False,
                "months_on_register": 16,
                "is_over_18_months": False,
            }
        ],
        "triggers": {"governance_concern": "not_met"},  # noted longer ago than a year
    },
    _CATEGORY: {
        "decision": {"moderated_rating": None, "final_rating": "red"},
        "triggers": {"statement_of_action": "met", "action_group_red": "adviser_to_confirm"},
    },
}


def told_of(mainstream: Sequence[School], seed: int) -> dict[str, School]:
    """The school of each story: the planted one, else one drawn."""
    planted = {school.planted: school for school in mainstream if school.planted}
    drawn = [mainstream[at] for at in stream(seed, "local knowledge").permutation(len(mainstream))]
    free = [school for school in drawn if not school.planted]
    return {story: planted.get(story) or free[turn] for turn, story in enumerate(_STORIES)}


def moderation(of: dict[str, School]) -> Rows:
    """Overridden, decided twice, confirmed, overridden at an academy; and one of the review before."""
    fall, concerns, low, academy = (
        [of[story].urn, REVIEW, "whole_school"] for story in (_FALL, _CONCERNS, _LOW, _LOW_ACADEMY)
    )
    visit, autumn = "2025-10-06", "06/10/2025"
    return [
        [
            of[_CONCERNS].urn,
            REVIEW - 1,
            *concerns[2:],
            "yellow",
            "yellow",
            "A. Adviser",
            "HIP",
            "07/10/2024",
            "Agreed",
            "",
        ],
        [*fall, "yellow", "light_green", "A. Adviser", "HIP", visit, "A cohort unlike the others", ""],
        [*concerns, "yellow", "light_green", "A. Adviser", "HIP", visit, "New leadership", ""],
        [*concerns, "light_green", "amber", "B. Deputy", "DSEA", "04/11/2025", "Too early", autumn],
        [*low, "amber", "red", "C. Senior", "SEA", "2025-10-08", "Red, as considered", ""],
        [*academy, "amber", "amber", "C. Senior", "SEA", "2025-10-08", "The trust acts", ""],
    ]


def registers(of: dict[str, School]) -> Rows:
    """Over 18 months on a register, removed from it, and a small school worked with."""
    return [
        ["schools_causing_concern", of[_LOW].urn, "2024-12-02", "Outcomes", "2026-02-10", ""],
        ["schools_causing_concern", of[_SIXTH_FORM].urn, "2024-03-01", "Governance", "01/03/2025", "10/07/2025"],
        ["keys_to_success", of[_INFANT].urn, "2025-09-15", "New headteacher", "2026-08-03", ""],
    ]


def interventions(of: dict[str, School]) -> Rows:
    """One with results before and after, one that goes on and shows in none, one too late for any."""
    return [
        [of[_LOW].urn, _PARTNER, "2023-10-02", "2024-07-12", "authority", "One day a week"],
        [of[_SIXTH_FORM].urn, "Review of governance", "2024-03-10", "", "authority", ""],
        [of[_FALL].urn, "Mathematics hub", "2025-01-10", "18/07/2025", "school", ""],
    ]


def intelligence(of: dict[str, School]) -> Rows:
    """Concerns of this year, one of more than a year ago, and a new headteacher."""
    return [
        [of[_LOW].urn, "governance_concern", "2026-02-03", "Governor services", "Vacancies"],
        [of[_SIXTH_FORM].urn, "governance_concern", "2024-02-03", "Governor services", "Vacancies"],
        [of[_INFANT].urn, "headteacher_change", "2025-09-01", "Human resources", ""],
        [of[_FALL].urn, "complaint_upheld", "12/05/2026", "Complaints log", "Exclusion procedure"],
    ]
