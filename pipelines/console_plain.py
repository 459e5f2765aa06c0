"""The terminal that every verb prints on: text is printed as it is, whatever a name, a path or a value holds."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from pipelines.written import printable

SPACES = "\u00a0\u202f\u2009"  # not printable in Python's sense, and harmless


class Terminal(Console):
    """A console that reads no markup and no emoji codes in text, and shows control characters by their numbers.

    A school may be called `[Team] St Mary's`, a file may hold an escape sequence in its name.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"markup": False, "emoji": False, "highlight": False, "soft_wrap": True, **options})

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                yield Segment(plain(segment.text, keep="\n\t"), segment.style)


def plain(text: str, keep: str = "") -> str:
    """Text on one line: what cannot be printed (line ends, escapes, marks of direction) by its number."""
    return printable(text, keep + SPACES)
