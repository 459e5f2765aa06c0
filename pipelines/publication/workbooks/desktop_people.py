"""The desktop exercise's sheets for people's work: criteria to judge, concerns, registers, support, meetings. Marts
that are lists already stand as they are.
"""

from pipelines.publication.views.handling import LOCAL_RELEASE
from pipelines.publication.views.words import COLOURS, CONCERNS
from pipelines.publication.workbooks.desktop_indicators import HIDDEN_SENTENCES, without_hidden
from pipelines.publication.workbooks.sheets import Column, Sheet
from pipelines.publication.workbooks.whole_marts import Counted, Whole

CRITERIA = Sheet(
    "Criteria",
    "Criteria that the data speak to",
    "For each draft: the criteria of its own colour that the data bear on, and every criterion of amber or red that "
    "they point to. The question left open is in the last column; the sheet Questions has what an adviser alone sees.",
    ("rayg_criteria", "rayg_drafts", "risk_indicators", "risk_screen", "held_files"),
    f"""
    with {HIDDEN_SENTENCES}
    select c.school_name, c.urn, words(c.provision) as of_what, words(d.final_rating) as final, c.wording,
        words(c.colour) as colour, words(c.standing) as standing_in_words, {without_hidden("c.evidence")} as evidence,
        c.adviser_to_judge, c.strategy_paragraph
    from rayg_criteria as c
    join rayg_drafts as d on c.urn = d.urn and c.provision = d.provision and c.review_year = d.review_year
    left join hidden on c.urn = hidden.urn
    where c.la_code = getvariable('la_code')
        and ((c.colour = d.final_rating and c.standing in ('points_to', 'points_against', 'mixed'))
            or (list_contains({list(CONCERNS)}, c.colour) and c.standing in ('points_to', 'mixed')))
    order by c.school_name, c.urn, c.provision = 'whole_school' desc, c.provision, c.colour != d.final_rating,
        list_position({list(COLOURS)}, c.colour), c.criterion
    """,
    (
        Column("school_name", "School", "long", 30),
        Column("urn", "URN", width=9),
        Column("of_what", "Provision", width=13, note="Whole school, early years or post-16."),
        Column("final", "Standing now", "rating", 13, "The moderated rating, else the draft."),
        Column("colour", "Criterion of", "rating", 13),
        Column("wording", "Criterion", "long", 46),
        Column("standing_in_words", "In the data", "long", 14, "How the criterion stands in the data."),
        Column("evidence", "Evidence", "long", 50, empty="none"),
        Column("adviser_to_judge", "For the adviser", "long", 36, empty="nothing left open"),
        Column("strategy_paragraph", "Strategy paragraph", width=11),
    ),
    ("Every criterion of every colour, school by school, is in the mart rayg_criteria and on the school's page.",),
)
QUESTIONS = Sheet(
    "Questions",
    "Questions for the adviser",
    "Every criterion that data cannot settle, once, with the question it leaves: what a visit is for.",
    ("rayg_criteria",),
    f"""
    select distinct words(provision) as of_what, words(colour) as colour, wording, visible_in_data, adviser_to_judge,
        strategy_paragraph, criterion,
        list_position({list(COLOURS)}, rayg_criteria.colour) as place
    from rayg_criteria where la_code = getvariable('la_code') and adviser_to_judge is not null
    order by of_what = 'whole school' desc, of_what, place, criterion
    """,
    (
        Column("of_what", "Provision", width=14, note="Whole school, early years or post-16."),
        Column("colour", "Criterion of", "rating", 14),
        Column("wording", "Criterion", "long", 70),
        Column("visible_in_data", "Visible in data", width=12),
        Column("adviser_to_judge", "Question", "long", 60),
        Column("strategy_paragraph", "Strategy paragraph", width=11),
    ),
)


def _behind(what: str, urn: str, value: str) -> str:
    """SQL for something of the results behind a figure of an offer, which the offer itself does not say."""
    return f"""(
        select {what} from benchmarks as result
        where result.urn = {urn} and result.measure = mart.measure and result.pupil_group = mart.pupil_group
            and result.academic_year = mart.academic_year and result.value = {value}
    )"""


def _offered(urn: str, value: str) -> tuple[str, str, str]:
    """A figure of an offer as `Counted` takes it: of the authority's own returns where any result behind it is."""
    release = (
        f"case when bool_or(result.release = '{LOCAL_RELEASE}') then '{LOCAL_RELEASE}' else min(result.release) end"
    )
    return value, _behind("min(result.cohort_n)", urn, value), _behind(release, urn, value)


WHOLE = (
    Whole(
        "inspection_disagreements",
        "Data and inspection",
        "Where data and inspection disagree",
        "Schools whose results are better, or worse, than their standing with the inspectorate would lead one to "
        "expect.",
        order="direction, school_name, urn",
    ),
    Whole(
        "rayg_overrides",
        "Overrides",
        "Where people decided otherwise",
        "Each rule, how often it was moderated and to what: a rule that is often overridden is wrong, or wrongly "
        "worded.",
        order="provision, rule, moderated_rating",
    ),
    Whole(
        "registers",
        "Registers",
        "Keys to success and schools causing concern",
        "Every entry of the registers, with its reviews and the time since it was made.",
        order="register, is_standing desc, entered_on, school_name, urn",
    ),
    Whole(
        "concern_triggers",
        "Concerns",
        "Circumstances for a letter of concern",
        "Circumstances of the strategy that are met or that an adviser is to confirm, with the evidence and the "
        "lawful route for the school's sector. None drafts a letter by itself; what cannot be seen is not listed "
        "here, and is no all-clear.",
        where="state in ('met', 'adviser_to_confirm')",
        sentences=("evidence",),
        order="school_name, urn, strategy_paragraph, title",
        leave_out=("trigger", "authority"),
    ),
    Whole(
        "interventions",
        "Interventions",
        "Interventions, before and after",
        "Support given, and how results moved beside similar schools that had none. Support goes to schools that do "
        "badly, so most improve whatever is done: nothing here shows a cause.",
        counted=(
            Counted(
                (("mart.before_value", "mart.before_n", "null"), ("mart.after_value", "mart.after_n", "null")),
                (
                    "before_value", "before_n", "after_value", "after_n", "change", "regression_change",
                    "change_beyond", "evidence",
                ),
            ),
        ),
        order="school_name, urn, started_on, intervention, measure_title",
        leave_out=("measure", "school_kind", "similar_before_value", "similar_after_value"),
    ),
    Whole(
        "support_offer",
        "Support offer",
        "Who could help whom",
        "Strong, sustained schools matched to schools with a need. Whether they have the capacity is theirs to say.",
        counted=(
            Counted((_offered("mart.urn", "mart.value"),), ("value", "cohort_n")),
            Counted((_offered("mart.offering_urn", "mart.offering_value"),), ("offering_value",)),
        ),
        beside=("benchmarks",),
        order="is_priority desc, school_name, urn, measure_title, pupil_group, place, offering_urn",
        leave_out=("measure", "school_kind", "district", "offering_district", "is_among_most_alike", "registers"),
    ),
    Whole(
        "academy_screen",
        "Academies",
        "Academies and free schools",
        "The list for the termly exercise on academies, free schools and UTCs: those whose red nobody has considered "
        "yet, then in the order of the screen.",
        order="place, school_name, urn",
    ),
    Whole(
        "regions_group_list",
        "For the Department",
        "To raise with the Department",
        "Academies rated amber or red or in a category. Only rows that are confirmed leave the authority.",
        order="school_name, urn",
    ),
    Whole(
        "district_pack",
        "District pack",
        "For the district meetings",
        "Every school by district, those to be talked about first.",
        order="district, place, urn",
        leave_out=("school_kind", "district_schools_n", "district_for_discussion_n", "statement_of_action_due_on"),
    ),
)  # fmt: skip
