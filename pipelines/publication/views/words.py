"""The words for codes, in the order in which people read them: one vocabulary for pages, terminal, Markdown and
workbooks. The words themselves stand in seeds; figures and their units are written by `figures`.
"""

import re

from pipelines.seeds import seed

NOTHING = "–"


def vocabulary(name: str) -> dict[str, str]:
    """The words of one vocabulary of the seed `view_words` by code, in the seed's order."""
    return {row["code"]: row["words"] for row in seed("view_words") if row["vocabulary"] == name}


# The colours, strongest first, then the rating that is none.
RATINGS = tuple(row["rating"] for row in seed("ratings"))
COLOURS = tuple(row["rating"] for row in seed("ratings") if row["rating_order"])
CONCERNS = tuple(row["rating"] for row in seed("ratings") if row["is_of_concern"] == "true")
PROVISIONS = vocabulary("provision")
AXES = vocabulary("axis")
AXIS_VALUES = {(row["axis"], row["value"]): row["plain_words"] for row in seed("rayg_axes")}
VERDICTS = vocabulary("verdict")
STATES = vocabulary("indicator_state")  # worst first; a state without words does not apply to the kind of school
JUDGED_STATES = ("triggered", "clear")  # the test could be made
BANDS = vocabulary("band")
UNSCREENED = "cannot_be_screened"
UNSCREENED_REASONS = vocabulary("unscreened_reason")
HEADLINE_WORDS = vocabulary("headline_word")
QUARTERS = vocabulary("quarter")  # of the authorities that have a figure
GAP_KINDS = vocabulary("gap_kind")  # in the order of the table's columns; a chart draws the first that it can
SOURCE_STANDINGS = vocabulary("source_standing")
GRADES = {int(code): text for code, text in vocabulary("grade").items()}
UNITS = vocabulary("unit")
SHORT_FORMS = vocabulary("short_form")
ABSENCES = {row["status"]: row["plain_words"] for row in seed("absence_states")}

_SHORT = re.compile(r"\b(" + "|".join(map(re.escape, SHORT_FORMS)) + r")\b")


def words(code: object) -> str:
    """A code as words: `light_green` -> `light green`, `la_tables` -> `LA tables`; nothing as a dash."""
    if code is None or code == "":
        return NOTHING
    return _SHORT.sub(lambda found: SHORT_FORMS[found[0]], str(code).replace("_", " "))


def heading(code: object) -> str:
    """A code as words that begin with a capital."""
    text = words(code)
    return text[:1].upper() + text[1:]


def band_words(band: str | None, unscreened_reason: str | None) -> str:
    """A band of the screen, with the reason where a school cannot be screened."""
    reason = f" ({words(unscreened_reason)})" if unscreened_reason else ""
    return f"{words(band)}{reason}"


def verdict_words(verdict: str | None) -> str:
    """A verdict of `benchmarks` as people say it, or why there is none."""
    code = (verdict or "").removeprefix("no_data: ")
    return VERDICTS.get(code, ABSENCES.get(code, words(code)))


def axis_words(axis: str, value: str | None) -> str:
    """The value of one axis of a draft rating."""
    return AXIS_VALUES.get((axis, str(value)), words(value))
