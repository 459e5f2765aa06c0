"""Every kind of page is HTML by the letter of the standard: html5lib finds nothing to mend in it."""

from pathlib import Path

import html5lib
import pytest

from pipelines.home import Home
from pipelines.publication.site.writing import write_single


def faults(page: str) -> list[str]:
    """What the parser had to mend, as line, column and kind."""
    parser = html5lib.HTMLParser()
    parser.parse(page)
    return [f"{position}: {code} {about}" for position, code, about in parser.errors]


def test_a_page_that_is_not_valid_is_found() -> None:
    assert faults("<!doctype html><html><head><title>x</title></head><body><p>fine</p></body></html>") == []
    assert faults("<!doctype html><title>x</title><table><p>led out of the table</p></table>")


@pytest.mark.parametrize("kind", ["*.html", "schools/*.html", "evidence/*.html", "trusts/*.html"])
def test_the_pages_of_the_site_are_valid(site: Path, kind: str) -> None:
    pages = sorted(site.glob(kind))
    assert pages
    found = {page.name: faults(page.read_text(encoding="utf-8")) for page in pages[:40]}
    assert {name: lines[:3] for name, lines in found.items() if lines} == {}


def test_a_schools_own_page_is_valid(own_folder: Path, school_urn: str) -> None:
    assert faults((own_folder / "schools" / f"{school_urn}.html").read_text(encoding="utf-8")) == []


def test_the_pages_of_the_checks_are_valid(build: Path) -> None:
    found = {
        page.name: faults(page.read_text(encoding="utf-8")) for page in sorted(build.glob("data_docs/*.html"))[:20]
    }
    assert len(found) > 5
    assert {name: lines[:3] for name, lines in found.items() if lines} == {}


def test_a_page_that_stands_alone_is_valid(sample_home: Home, school_urn: str, tmp_path: Path) -> None:
    page = tmp_path / "school.html"
    write_single(sample_home.current, school_urn, None, page)
    assert faults(page.read_text(encoding="utf-8")) == []
