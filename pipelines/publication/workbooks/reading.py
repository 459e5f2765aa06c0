"""The words of the sheet "How to read this": the same in both books. What a rating or an absence means is read from the
seeds where they say it.
"""

from pipelines.publication.views.handling import TOO_FEW
from pipelines.publication.views.words import ABSENCES, BANDS, COLOURS, RATINGS, STATES, words
from pipelines.seeds import policy

Lines = list[tuple[str, str]]


def reading() -> list[tuple[str, Lines]]:
    """Headings, each with its lines: a word and its meaning."""
    return [
        ("Ratings", _ratings()),
        ("What a rating rests on", BASIS_OF_RATING),
        ("Absences", _absences()),
        ("Numbers", NUMBERS),
        ("Stages of a review", STAGES),
        ("Words of the screen", SCREEN),
        ("Using this book", USE),
    ]


NO_RATING = "The files held do not let a rule decide; the reason says what is missing. Not a good sign, not a bad one."
BASIS_OF_RATING: Lines = [
    ("People decide", "A draft is a proposal made by a rule that the sheet names. The final rating is the last "
    "moderated "
     "decision; where there is none yet, the draft stands as a draft."),
    ("Rule and reason", "The one rule that decided, and what it saw."),
    ("Confidence", "From how much could be seen, how old the inspection is, how near the edge, and the stage."),
    ("Cusp", "The colour the draft would take if one pupil more or fewer had reached the standard."),
    ("Predecessor", "Results or inspections of an earlier establishment are context, never a verdict on the "
    "present one."),
]  # fmt: skip
NUMBERS: Lines = [
    ("Better or worse than England", "The difference is more than chance, more than two pupils, and more than the "
     "measure's margin. No verdict never means nothing wrong."),
    ("†", "The figure stands as published and something speaks against it: a share outside 0 to 100, an interval that "
     "does not hold it, an authority's figure that its schools do not make. The row's column In doubt says what."),
    ("Gap", "Points; negative is behind. Unless said otherwise: disadvantaged pupils here minus other pupils in "
    "England."),
    ("Change", "Only between consecutive published years on one basis. It and every difference of an indicator are "
     "between the figures as printed, so that a reader can subtract them; the marts hold them unrounded."),
    ("Basis", "Which schools a figure counts. England, neighbours and rank are always of the same basis as the value; "
     "bases never mix in one difference."),
    ("Release", "provisional, revised or final, as the publisher calls it; snapshot: a register or log as at its date; "
     "local unvalidated: the authority's own returns, internal only."),
    ("Rank and quartile", "Among all authorities with a value, 1 is best."),
    ("Disadvantaged", "Free school meals in the last six years, looked after, or previously looked after."),
]  # fmt: skip
STAGES: Lines = [
    ("S1", "Mid-September: the authority's own unvalidated results with the last published tables."),
    ("S2", "December: key stage 2 published."),
    ("S3", "February: key stage 4 and 16 to 18 revised."),
    ("S4", "Spring: final tables, absence, finance."),
]
SCREEN: Lines = [
    (BANDS["high"], "Band of the risk screen: a call for a look, not a judgement."),
    (BANDS["medium"], "As above, less so."),
    (BANDS["low"], "Few of the points that could be seen were triggered."),
    (BANDS["cannot_be_screened"], "Too little is published about the school: by design for its kind, or unexpectedly."),
    (STATES["triggered"], "The indicator's test was met; the evidence says by what."),
    (STATES["clear"], "The test could be made and was not met."),
    (STATES["too_small"], "Fewer pupils than a judgement takes."),
    (STATES["no_data"], "The test could not be made."),
]
USE: Lines = [
    ("Filter and sort", "Every table has its filters. Words for an absence sort after the numbers and can be "
    "filtered."),
    ("Trend lines in cells", "Draw hidden columns at the end of their table; a gap is a year without a value."),
    ("Charts", "Draw the sheet Chart data, where a year without a value is left empty so that the line breaks."),
    ("Yellow cells", "To be filled in; lists offer what is allowed."),
    ("Handling", "Keep this book inside the authority and its improvement partner; what leaves goes through the "
    "school's "
     "own pages."),
]  # fmt: skip


def _ratings() -> Lines:
    """Every rating in its order."""
    first, *others = COLOURS
    return [
        (words(first), "A draft rating. The colour always comes with its word."),
        *((words(colour), "A draft rating.") for colour in others),
        *((words(rating), NO_RATING) for rating in RATINGS if rating not in COLOURS),
    ]


def _absences() -> Lines:
    """Every word that stands where a number would."""
    least = int(policy("shown_above_n"))
    meanings = {words(status): text for status, text in ABSENCES.items()}
    return [
        ("", "Words stand where there is no number. No absence is ever a zero or an empty cell."),
        (TOO_FEW, f"Of {least} pupils or fewer; for the authority's own results the pupils counted and the pupils left "
         "over are held to the same."),
        *meanings.items(),
        ("none held", "No file held has such a figure for this school or area: it may not apply, or not have come."),
    ]  # fmt: skip
