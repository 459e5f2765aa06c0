"""`rayg sources`: what is said of what is held, what is due, and what is behind."""

import io
import re
import time
from datetime import date

import pytest
from rich.console import Console

from pipelines.console_sources import show_sources
from pipelines.sources.catalogue import load_catalogue

ESCAPES = re.compile(r"\x1b(?:\[[\d;]*m|\]8;.*?\x1b\\)")  # colours and links


def printed(home, today: date, *, is_terminal: bool = False, width: int = 80) -> str:
    text = io.StringIO()
    show_sources(Console(file=text, force_terminal=is_terminal, width=width, no_color=True), home, today)
    return text.getvalue()


def line_of(text: str, source_id: str) -> str:
    return next(line for line in text.splitlines() if line[3:].startswith(f"{source_id} "))


def test_each_source_shows_what_is_held_newest_and_due(home, made, hold):
    hold("919_ks2final.csv", made.ks2(), "2024/25")
    hold("919_ks2revised.csv", made.ks2(["1", "919", "2009", "100009", "Ninth", "9", "50%", ""]), "2024/25")
    text = printed(home, date(2026, 11, 24))
    assert " ".join(line_of(text, "ks2").split()) == "ks2 24/25 RF 24/25 final, ~30 Apr 2026 25/26 rev., Dec 2026"
    assert line_of(printed(home, date(2026, 12, 1)), "ks2").startswith(">")


def test_a_source_behind_its_calendar_is_marked_and_listed(home, made, hold):
    hold("919_ks2final.csv", made.ks2(), "2024/25")
    text = printed(home, date(2027, 1, 1))
    assert line_of(text, "ks2").startswith("!")
    behind = text[text.index("Behind: 1") :]
    assert "2025/26 revised was expected by 31 Dec 2026" in behind
    assert "Nothing held, though it is out" in behind and "ks4" in behind
    by_hand = behind[behind.index("by hand") :]
    assert "lait" in by_hand and "https://www.gov.uk/" in by_hand and "ks4 " not in by_hand


def test_a_copy_is_told_by_its_day(home, made, hold):
    hold("Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_Aug_2025.csv", made.ofsted())
    assert "copy, 31 Aug 2025" in line_of(printed(home, date(2026, 11, 24)), "ofsted_schools")
    assert "ended 2024/25" in line_of(printed(home, date(2026, 11, 24)), "ofsted_schools")


def test_what_is_known_and_not_read_is_named(home):
    text = printed(home, date(2026, 11, 24))
    assert all(unread.id in text for unread in load_catalogue().unread)


@pytest.mark.parametrize(("is_terminal", "width", "widest"), [(False, 80, 100), (True, 300, 100), (True, 80, 80)])
def test_the_list_fits_the_terminal(home, made, hold, is_terminal, width, widest):
    hold("919_ks2final.csv", made.ks2(), "2024/25")
    text = printed(home, date(2026, 11, 24), is_terminal=is_terminal, width=width)
    lines = [ESCAPES.sub("", line).rstrip() for line in text.splitlines()]
    assert max(len(line) for line in lines if "https:" not in line) <= widest
    row = next(line for line in lines if line[3:].startswith("ks2 "))
    assert "24/25 RF" in row or "24/25 F" in row
    assert "final" in row and "Dec 2026" in row


def test_it_is_quick(home, made, hold):
    hold("919_ks2final.csv", made.ks2(), "2024/25")
    began = time.process_time()
    printed(home, date(2026, 11, 24))
    assert time.process_time() - began < 1
