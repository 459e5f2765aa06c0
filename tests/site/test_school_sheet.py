"""A school on one page: one printed sheet that can be read, small, and with no figure that may not be shown."""

import re
from pathlib import Path
from typing import Any

import pytest

from pipelines.publication.views.reading import Marts
from tests.site.printed import sheets, smallest_text

INSIDE = (188, 279)  # mm within the margins of A4
LEAST_POINTS = 7.95  # eight points, but for rounding
MOST_BYTES = 60 * 1024
MOST_DRAWINGS = 12


def drawn_schools(marts: Marts) -> list[str]:
    """Twenty schools of every kind and colour: the first of each, then others in the order of a hash."""
    rows = marts.query(
        """
        select urn from rayg_drafts where provision = 'whole_school'
        order by row_number() over (partition by school_kind, draft_rating order by hash(urn)), hash(urn) limit 20
        """
    )
    return [row["urn"] for row in rows]


def test_twenty_schools_print_on_one_sheet_each(page: Any, site: Path, marts: Marts, tmp_path: Path) -> None:
    urns = drawn_schools(marts)
    assert len(urns) == 20
    found = {}
    for urn in urns:
        page.goto((site / "schools" / f"{urn}.html").as_uri())
        found[urn] = (sheets(page, tmp_path / "school.pdf"), smallest_text(page, *INSIDE))
    assert {urn: printed for urn, (printed, _) in found.items() if printed != 1} == {}
    assert {urn: text for urn, (_, text) in found.items() if text[0] < LEAST_POINTS} == {}


def test_a_sheet_is_small_and_needs_no_script(site: Path) -> None:
    for path in (site / "schools").iterdir():
        text = path.read_text(encoding="utf-8")
        assert len(text.encode()) < MOST_BYTES, path
        assert "<script" not in text, path
        assert text.count("<figure>") <= MOST_DRAWINGS, path


def test_no_sheet_quotes_five_pupils_or_fewer(site: Path) -> None:
    few = re.compile(r"\bof ([1-5]) (?:\w+ ){0,2}(?:pupils|children|students)\b(?! or fewer)")
    assert [path.stem for path in (site / "schools").iterdir() if few.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("kind", ["nursery", "special"])
def test_a_school_without_figures_says_what_could_not_be_seen(site: Path, marts: Marts, kind: str) -> None:
    (row,) = marts.query("select min(urn) as urn from risk_screen where school_kind = ?", [kind])
    text = (site / "schools" / f"{row['urn']}.html").read_text(encoding="utf-8")
    assert "which only an adviser can judge" in text
    assert "Is safeguarding effective?" in text
