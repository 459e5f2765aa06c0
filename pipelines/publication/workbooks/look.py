"""How a workbook looks: colours of words, number formats, fonts. One look for all sheets; what they hold is not here.

Every pair of text and ground has a contrast of at least 4.5 to 1; a colour only ever repeats a word.
"""

import re
from typing import Any

from pipelines.publication.views.figures import DOUBTED
from pipelines.publication.views.words import BANDS, RATINGS, STATES, VERDICTS, words

FONT = "Arial"  # of the same width wherever a book is opened
INK, MUTED, RULE, HEADER_GROUND, ENTRY_GROUND = "#1F2A37", "#595959", "#D0D5DD", "#1F3A5F", "#FFFBE6"
COUNTY_LINE, REFERENCE_LINE, THIRD_LINE = "#1F3A5F", "#767676", "#A3480E"

# word -> (text, ground)
RED, AMBER, YELLOW = ("#FFFFFF", "#B3261E"), ("#3A2300", "#FFB547"), ("#3D3300", "#FFF2A8")
LIGHT_GREEN, DARK_GREEN, GREY = ("#0B3D17", "#C6EFCE"), ("#FFFFFF", "#0B6E31"), ("#333333", "#E4E7EB")
_GROUNDS = {
    "dark_green": DARK_GREEN,
    "light_green": LIGHT_GREEN,
    "yellow": YELLOW,
    "amber": AMBER,
    "red": RED,
    "insufficient_evidence": GREY,
    "high": AMBER,
    "medium": YELLOW,
    "low": LIGHT_GREEN,
    "cannot_be_screened": GREY,
}
RATING_LOOKS = {words(rating): _GROUNDS[rating] for rating in RATINGS}
VOCABULARIES: dict[str, dict[str, tuple[str, str]]] = {
    "rating": RATING_LOOKS | {rating: _GROUNDS[rating] for rating in RATINGS},
    "band": {text: _GROUNDS[band] for band, text in BANDS.items()},
    "verdict": {VERDICTS["below"]: AMBER, VERDICTS["above"]: LIGHT_GREEN},
    "state": {STATES["triggered"]: AMBER, STATES["clear"]: LIGHT_GREEN},
    "target": {"met": LIGHT_GREEN, "on course": LIGHT_GREEN, "missed": AMBER, "off course": AMBER},
    "quartile": {"1 (best)": LIGHT_GREEN, "4": AMBER},
    "agrees": {"yes": LIGHT_GREEN, "no": AMBER},
}
RISKY = re.compile(r"[=+\-@\t\r]")  # what a spreadsheet would run, were the cell typed again


def number_format(kind: str) -> str | None:
    """Excel's format for a kind of number: `pct1`, `score2`, `rate2`, `points0`, `count`, `gbp`; None for none."""
    parts = re.fullmatch(r"(pct|score|rate|points|count|gbp)([0-9]?)", kind)
    if not parts:
        return None
    unit, places = parts[1], "0" + ("." + "0" * int(parts[2]) if parts[2] not in ("", "0") else "")
    if unit == "count":
        return "#,##0" + places[1:]
    if unit == "gbp":
        return f"£#,##{places};-£#,##{places}"
    if unit == "points":
        return f"+{places};-{places};{places}"
    return f'{places}"%"' if unit == "pct" else places


class Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, bool, bool, bool], Any] = {}
        self.title = self._add(bold=True, font_size=16, font_color=HEADER_GROUND)
        self.purpose = self._add(font_size=11)
        self.note = self._add(font_size=10, font_color=MUTED)
        self.handling = self._add(font_size=10, bold=True, font_color="#8A1C12")
        self.sample = self._add(font_size=11, bold=True, font_color="#3A2300", bg_color="#FFB547")
        self.link = self._add(font_size=10, font_color="#0B4F9E", underline=1, valign="top")
        self.heading = self._add(bold=True, font_size=12, font_color=HEADER_GROUND)
        self.header = self._add(
            bold=True, text_wrap=True, valign="vcenter", font_color="#FFFFFF", bg_color=HEADER_GROUND, border=1,
            border_color=RULE,
        )  # fmt: skip

    def cell(self, kind: str, is_absent: bool = False, is_risky: bool = False, is_doubted: bool = False) -> Any:
        """The format of a cell: of its kind, muted where words stand for a number, kept text where it looks like a
        formula, with a mark behind a number that is in doubt.
        """
        key = (kind, is_absent, is_risky, is_doubted)
        if key not in self._made:
            self._made[key] = self._add(**_properties(*key))
        return self._made[key]

    def word(self, pair: tuple[str, str]) -> Any:
        """The conditional format of a word."""
        return self._workbook.add_format({"font_color": pair[0], "bg_color": pair[1], "bold": True})

    def _add(self, **properties: Any) -> Any:
        plain = {"font_name": FONT, "font_size": 10, "font_color": INK}
        return self._workbook.add_format({**plain, **properties})


def _properties(kind: str, is_absent: bool, is_risky: bool, is_doubted: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {"valign": "top", "border": 1, "border_color": RULE}
    number = number_format(kind)
    if not number:
        properties |= {"align": "left", "indent": 1}  # apart from the number to its left
    if number:
        marked = ";".join(f'{part}" {DOUBTED}"' for part in number.split(";"))
        properties |= {"num_format": marked if is_doubted else number, "align": "right"}
    elif kind == "date":
        properties |= {"num_format": "d mmm yyyy", "align": "left"}
    elif kind in VOCABULARIES or kind == "long":
        properties |= {"text_wrap": True}
    elif kind == "entry":
        properties |= {"text_wrap": True, "bg_color": ENTRY_GROUND}
    if is_absent:
        properties |= {"font_color": MUTED, "italic": True, "text_wrap": True}
    if is_risky:
        properties |= {"quote_prefix": True}
    return properties
