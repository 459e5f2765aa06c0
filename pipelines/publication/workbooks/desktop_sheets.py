"""The desktop exercise's sheets of judgement: each school's line, inspection, ratings, decisions, the screen."""

from pipelines.publication.workbooks.columns import OF_SCHOOL, SCHOOL
from pipelines.publication.workbooks.sheets import Column, Sheet
from pipelines.returns.schema import return_named

LEDGER = "local_moderation"
DESKTOP = ("desktop_exercise",)

SCHOOLS = Sheet(
    "Schools",
    "Every school, one line",
    "Every open state-funded school of the review: who it is, how it stands with the inspectorate, its band in the "
    "risk screen and its draft ratings.",
    DESKTOP,
    f"""
    select {OF_SCHOOL}, trust_name, religious_character,
        case when shown(null, pupils, null) then pupils end as pupils, case when pupils is null then 'not held'
            else 'too few to show' end as pupils_absent,
        axis_words('inspection_standing', inspection_standing) as inspection_standing, words(band) as band, rank,
        words(whole_school_draft) as whole_school_draft, words(early_years_draft) as early_years_draft,
            words(post_16_draft) as post_16_draft,
        whole_school_confidence, top_reasons
    from desktop_exercise as d
    order by d.school_name, d.urn
    """,
    (
        *SCHOOL,
        Column("trust_name", "Trust", "long", 26, empty="no trust"),
        Column("religious_character", "Religious character", "long", 16, empty="none"),
        Column("pupils", "Pupils", "count", 9),
        Column("inspection_standing", "Inspection standing", "long", 16),
        Column("band", "Band", "band", 12),
        Column("rank", "Rank", "count", 8),
        Column("whole_school_draft", "Whole school (draft)", "rating", 13),
        Column("early_years_draft", "Early years (draft)", "rating", 13, empty="no early years"),
        Column("post_16_draft", "Post-16 (draft)", "rating", 13, empty="no sixth form"),
        Column("whole_school_confidence", "Confidence", width=11),
        Column("top_reasons", "Triggered, weightiest first", "long", 50, empty="nothing triggered"),
    ),
)

INSPECTION = Sheet(
    "Inspection",
    "Inspection",
    "How each school stands with the inspectorate, by its own inspections: those of a predecessor are context and "
    "stand on the school's page.",
    DESKTOP,
    f"""
    select {OF_SCHOOL}, axis_words('inspection_standing', inspection_standing) as inspection_standing,
        last_graded_on, last_graded_outcome,
        last_ungraded_on, last_ungraded_outcome, category_of_concern, predecessor_urns
    from desktop_exercise as d
    order by d.school_name, d.urn
    """,
    (
        *SCHOOL,
        Column("inspection_standing", "Standing", "long", 18),
        Column("last_graded_on", "Last graded", "date", 13, empty="never"),
        Column("last_graded_outcome", "Outcome", "long", 38, empty="not graded under its own number"),
        Column("last_ungraded_on", "Later ungraded visit", "date", 13, empty="none"),
        Column("last_ungraded_outcome", "Its outcome", "long", 34, empty="none"),
        Column("category_of_concern", "Category of concern", width=12, empty="none"),
        Column("predecessor_urns", "Earlier establishments", "long", 18, empty="none"),
    ),
)

_RATED = (
    Column("school_name", "School", "long", 30),
    Column("urn", "URN", width=9),
    Column("of_what", "Provision", width=13, note="Whole school, early years or post-16."),
    Column("draft", "Draft", "rating", 13, "The draft rating."),
)
_DRAFTS = """
    select r.*, words(provision) as of_what, words(draft_rating) as draft, words(rule) as rule_in_words,
        words(r.cusp_with) as cusp, axis_words('inspection_standing', inspection_standing) as standing,
        axis_words('outcomes', outcomes) as outcomes_in_words,
        axis_words('attendance', attendance) as attendance_in_words,
        axis_words('trajectory', trajectory) as trajectory_in_words,
        words(previous_rating) as previous,
        case is_previous_of_predecessor when true then 'predecessor' when false then 'this school' end as previous_of,
        words(moderated_rating) as moderated, words(final_rating) as final,
        words(outcome_detail) as decided_from
    from rayg_drafts as r where la_code = getvariable('la_code')
    order by school_name, urn, provision = 'whole_school' desc, provision
"""

RATINGS = Sheet(
    "Ratings",
    "Draft ratings and why",
    "Each draft with the rule that made it, its reason, and how sure it is. People decide.",
    ("rayg_drafts",),
    _DRAFTS,
    (
        *_RATED,
        Column("reason", "Reason", "long", 46),
        Column("rule_in_words", "Rule", "long", 18, "The rule that decided."),
        Column("confidence", "Confidence", width=11),
        Column("cusp", "On the cusp with", "rating", 13, "The colour with one pupil more or fewer.", "not on a cusp"),
        Column("needs_adviser_to_confirm", "Adviser to confirm", width=10),
        Column("evidence_stage", "Stage", width=8, empty="no results of the year"),
        Column("previous", "Previous rating", "rating", 13, empty="none held"),
        Column(
            "previous_of", "Previous rating of", width=12, note="This school or its predecessor.", empty="none held"
        ),
        Column("moderated", "Moderated", "rating", 13, "The last moderated decision.", "not moderated"),
        Column("final", "Standing now", "rating", 13, "The moderated rating, else the draft."),
    ),
    frozen=3,
)
BEHIND = Sheet(
    "Behind the ratings",
    "What the ratings saw, and what they did not",
    "Each draft's four axes, what the outcomes were read from, and what the files held could not show.",
    ("rayg_drafts",),
    _DRAFTS,
    (
        *_RATED,
        Column("standing", "Inspection", "long", 14, "Standing with the inspectorate."),
        Column("outcomes_in_words", "Outcomes", "long", 16),
        Column("attendance_in_words", "Attendance", "long", 12),
        Column("trajectory_in_words", "Trajectory", width=11),
        Column(
            "decided_from",
            "Read from",
            "long",
            44,
            "The measures and verdicts that outcomes were read from.",
            "nothing",
        ),
        Column("uses_predecessor_years", "Uses a predecessor's years", width=12),
        Column("is_carried_forward", "Carried forward", width=10),
        Column("not_visible", "What was not visible", "long", 56, empty="nothing named"),
    ),
    frozen=3,
)

SCREEN = Sheet(
    "Risk screen",
    "Risk screen",
    "Every school in the order of the screen: a call for a look, not a judgement.",
    ("risk_screen",),
    """
    select *, words(sector) as sector_in_words, words(school_kind) as kind, words(band) as band_in_words,
        words(unscreened_reason) as unscreened
    from risk_screen where la_code = getvariable('la_code')
    order by rank, school_name, urn
    """,
    (
        Column("rank", "Rank", "count", 8),
        Column("school_name", "School", "long", 34),
        Column("urn", "URN", width=9),
        Column("kind", "Kind", width=12, note="Kind of school."),
        Column("sector_in_words", "Sector", width=12, note="Maintained, academy and so on: it decides the route."),
        Column("trust_name", "Trust", "long", 26, empty="no trust"),
        Column("band_in_words", "Band", "band", 13, "Band of the screen."),
        Column("points", "Points", "count1", 9),
        Column("points_seen", "Could be seen", "count1", 9),
        Column("points_possible", "Possible", "count1", 9),
        Column("coverage_pct", "Coverage", "pct0", 10),
        Column("probability", "Chance", "pct1", 10, "How many of 100 schools with such a share of points were judged "
        "below good after a past review (page Methods, Chances of the risk screen); inspections are others now.",
        empty="not given"),
        Column("probability_lower", "Chance, from", "pct1", 10, "Lower end of its interval.", empty="not given"),
        Column("probability_upper", "Chance, to", "pct1", 10, "Upper end of its interval.", empty="not given"),
        Column("unscreened", "Why not screened", width=14, note="by design: its kind has no published outcomes; "
        "unexpected: look first.", empty="screened"),
        Column("years_since_inspection", "Years since inspection", "score1", 11, empty="never inspected"),
        Column("top_reasons", "Triggered, weightiest first", "long", 52, empty="nothing triggered"),
        Column("route", "Route", "long", 34, empty="not set"),
    ),
    frozen=3,
)  # fmt: skip


def decisions() -> Sheet:
    """The moderation ledger's own columns, filled in as far as the build knows, with the school's name after them."""
    declared = return_named(LEDGER)
    assert declared is not None
    known = {
        "urn": "urn",
        "review_year": "review_year::varchar",
        "provision": "provision",
        "from_rating": "final_rating",
        "supersedes": "strftime(moderated_on, '%Y-%m-%d')",
    }
    selected = ", ".join(f"{known.get(name, 'null')} as {name}" for name in declared.header)
    columns = tuple(
        Column(
            column.name,
            column.name,
            _kind_of_decision(column.name, column.name in known),
            40 if column.name == "reason" else 20 if column.name in ("to_rating", "from_rating", "decided_by") else 13,
            column.note,
            choices=column.choices,
            message=column.note,
        )
        for column in declared.columns
    )
    return Sheet(
        "Decisions",
        "Decisions, to be filled in",
        "For moderation: fill in the yellow cells of the lines that were decided, leave the others.",
        ("rayg_drafts",),
        f"""
        select {selected}, school_name, words(draft_rating) as draft from rayg_drafts
            where la_code = getvariable('la_code')
        order by school_name, urn, provision = 'whole_school' desc, provision
        """,
        (
            Column("school_name", "School", "long", 34),
            Column("draft", "Draft", "rating", 14, "The draft rating."),
            *columns,
        ),
        (
            f"The columns from urn on are those of the return {LEDGER}, with its codes: filter to_rating to "
            f"what is filled in, "
            "copy those columns below the header of the template (rayg template local_moderation), and give the file "
            "to rayg moderate. Dates as 2026-02-28.",
        ),
    )


def _kind_of_decision(name: str, is_known: bool) -> str:
    """How a column of the ledger is shown: what the build knows as it stands, the rest to be filled in."""
    if name == "from_rating":
        return "rating"
    return "text" if is_known and name != "supersedes" else "entry"
