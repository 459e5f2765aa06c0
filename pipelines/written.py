"""What people and publishers write, read strictly: digits are 0 to 9 and nothing else, and a day is read in one place.

Python's own `\\d`, `isdigit` and `strptime` take the digits of every script, and dbt takes none but these: what one of
them accepts and the other does not is lost between them. Standard library only.
"""

import re
import unicodedata
from datetime import date

QUOTED_MOST = 60  # characters of a cell that a sentence quotes
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_BRITISH = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


def plain(text: str) -> str:
    """The text with full-width and other compatible forms of a character in their plain form."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def is_digits(text: str) -> bool:
    """Whether the text is digits from 0 to 9 and nothing else."""
    return text.isascii() and text.isdigit()


def read_day(text: str) -> date | None:
    """A day written as 2026-02-28 or 28/02/2026; None for anything else, and for a day that does not exist."""
    stripped = text.strip()
    if match := _ISO.fullmatch(stripped):
        year, month, day = match.groups()
    elif match := _BRITISH.fullmatch(stripped):
        day, month, year = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def shown(text: str) -> str:
    """What a cell holds, as one line can show it: printable, and of a long text the beginning."""
    line = printable(text)
    return f"{line[:QUOTED_MOST]}…" if len(line) > QUOTED_MOST else line


def printable(text: str, keep: str = "") -> str:
    """Text as one line can show it: controls, marks of direction, and bytes that are no UTF-8, stand as `\\x1b` or
    `\\udcff`. `keep`: characters that stay as they are.
    """
    return "".join(one if one.isprintable() or one in keep else one.encode("unicode_escape").decode() for one in text)
