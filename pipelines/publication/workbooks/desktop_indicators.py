"""The desktop exercise's sheets of indicators: what was triggered, what could not be seen, what no school could be
tested on; and which of their sentences may not be shown, for other sheets that quote them.
"""

from pipelines.publication.views.handling import TOO_FEW
from pipelines.publication.views.words import JUDGED_STATES, STATES
from pipelines.publication.workbooks.sheets import Column, Sheet

JUDGED = ", ".join(f"'{state}'" for state in JUDGED_STATES)

# The evidence of an indicator as it may be shown, with what its figure counts.
INDICATORS = f"""
    select i.*, s.sector, s.school_kind, f.release, words(i.domain) as domain_in_words,
        words(i.provision) as of_what, state_words(i.state) as state_in_words,
        count(*) filter (i.state in ({JUDGED})) over (partition by i.indicator) as tested_n,
        shown(f.release, i.cohort_n, counted(m.measure, i.value, i.cohort_n)) as is_shown,
        evidence(i.evidence, f.release, i.value, i.cohort_n, m.measure) as sentence
    from risk_indicators as i
    join risk_screen as s on i.urn = s.urn and i.review_year = s.review_year
    left join held_files as f on i.file_id = f.file_id
    left join seed_indicators as n on i.indicator = n.indicator
    left join seed_measures as m on n.measure = m.measure
    where s.la_code = getvariable('la_code')
"""

# Sentences that may not be shown, by school: other marts quote them.
HIDDEN_SENTENCES = f"""
    indicators as ({INDICATORS}),
    hidden as (
        select urn, list(distinct evidence order by evidence) as sentences from indicators
        where sentence != evidence group by urn
    )
"""


def without_hidden(column: str) -> str:
    """SQL for a column's text, which is not shown where it quotes a sentence that `hidden` lists for the school."""
    return f"quotable({column}, coalesce(hidden.sentences, []))"


def _indicators(name: str, title: str, purpose: str, states: tuple[str, ...]) -> Sheet:
    return Sheet(
        name,
        title,
        purpose,
        ("risk_indicators", "risk_screen", "held_files"),
        f"""
        with indicators as ({INDICATORS})
        select *, case when is_shown then value end as shown_value,
            case when is_shown then benchmark_value end as shown_benchmark,
            case when is_shown then cohort_n end as shown_n,
            case when not is_shown then '{TOO_FEW}' when state = 'suppressed' then 'suppressed'
                else 'none' end as shown_value_absent,
            case when not is_shown then '{TOO_FEW}' else 'none' end as shown_benchmark_absent,
            case when not is_shown then '{TOO_FEW}' else 'not counted' end as shown_n_absent
        from indicators where tested_n > 0 and state in ({", ".join(f"'{state}'" for state in states)})
        order by school_name, urn, provision = 'whole_school' desc, provision, points desc, indicator
        """,
        (
            Column("school_name", "School", "long", 30),
            Column("urn", "URN", width=9),
            Column("of_what", "Provision", width=13, note="Whole school, early years or post-16."),
            Column("domain_in_words", "Domain", width=14, note="Attainment, attendance, inspection and so on."),
            Column("title", "Indicator", "long", 36),
            Column("state_in_words", "State", "state", 12, "concern, clear, or why it could not be tested."),
            Column("points", "Points", "count", 8),
            Column("sentence", "Evidence", "long", 62, "What the test saw."),
            Column("shown_value", "Value", "score1", 10, "The value tested."),
            Column("shown_benchmark", "Set against", "score1", 10, "What it was tested against."),
            Column("shown_n", "Pupils", "count", 10, "Pupils behind the value."),
            Column("strategy_paragraph", "Strategy paragraph", width=11),
            Column("authority", "Set by", width=10),
        ),
    )


TRIGGERED = _indicators(
    "Triggered",
    "Indicators triggered, with their evidence",
    "Every test that was met, school by school: the evidence behind bands and ratings.",
    ("triggered",),
)
UNSEEN = _indicators(
    "Not visible",
    "Indicators that could not be tested",
    "What the files held do not show of a school though they show it of others; the sheet Untested has the rest. No "
    "verdict never means nothing wrong.",
    tuple(state for state in STATES if state not in JUDGED_STATES),
)

UNTESTED = Sheet(
    "Untested",
    "Indicators that no school could be tested on",
    "What the files held show of nobody: what would have to be added for these to speak.",
    ("risk_indicators", "risk_screen", "held_files"),
    f"""
    with indicators as ({INDICATORS})
    select title, domain_in_words, of_what, count(*) as schools, min(sentence) as evidence, strategy_paragraph,
        authority
    from indicators where tested_n = 0 and state != 'not_applicable'
    group by indicator, title, domain_in_words, of_what, strategy_paragraph, authority
    order by domain_in_words, indicator
    """,
    (
        Column("title", "Indicator", "long", 52),
        Column("domain_in_words", "Domain", width=16, note="Attainment, attendance, inspection and so on."),
        Column("of_what", "Provision", width=14, note="Whole school, early years or post-16."),
        Column("schools", "Schools it applies to", "count", 12, "Schools of the review that it would be asked of."),
        Column("evidence", "Why not", "long", 60, "The reason, as it is given for the schools."),
        Column("strategy_paragraph", "Strategy paragraph", width=11),
        Column("authority", "Set by", width=10),
    ),
    frozen=1,
)
