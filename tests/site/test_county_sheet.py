"""The county on one page: one printed sheet that can be read, a small file, and its words beside each drawing."""

from pathlib import Path
from typing import Any

from pipelines.publication.views.reading import Marts
from tests.site.printed import sheets, smallest_text

INSIDE = (277, 196)  # mm within the margins of A4 on its side
LEAST_POINTS = 7.95  # eight points, but for rounding
MOST_BYTES = 60 * 1024


def test_the_page_prints_on_one_sheet_in_letters_that_can_be_read(page: Any, site: Path, tmp_path: Path) -> None:
    page.goto((site / "index.html").as_uri())
    assert sheets(page, tmp_path / "county.pdf") == 1
    size, text = smallest_text(page, *INSIDE)
    assert size >= LEAST_POINTS, text


def test_the_page_is_small_and_needs_no_script(site: Path) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    assert len(text.encode()) < MOST_BYTES
    assert "<script" not in text


def test_every_measure_in_the_bottom_quarter_is_named(page: Any, site: Path, marts: Marts) -> None:
    page.goto((site / "index.html").as_uri())
    said = page.locator(".count").inner_text()
    (row,) = marts.query(
        "select count(*) as n from japr_kpis where la_quartile = 4 and gap_type is null"
        " and kpi = 'ks2_rwm_disadvantaged' and academic_year = '2024/25'"
    )
    assert row["n"] == 1, "the sample county has a measure in the bottom quarter"
    assert "disadvantaged pupils (KS2 reading, writing and maths" in said


def test_no_drawing_is_without_its_numbers(page: Any, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    for kind in (".dumbbell", ".colours"):
        drawings = page.locator(kind)
        assert drawings.count() > 1
        assert page.locator(f"{kind} + .hidden").count() == drawings.count()
