"""The folder made for one school holds that school and no other, and nothing that is the authority's alone."""

import html
import re
from pathlib import Path

import pytest

from pipelines.publication.site.writing import write_published
from pipelines.publication.views.handling import HANDLING_NOTES, Audience
from pipelines.publication.views.reading import Marts
from pipelines.seeds import seed
from tests.site.test_pages import pages


def text_of(folder: Path) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "vega.js"
    )


def test_there_is_one_page_and_what_it_needs(own_folder: Path, school_urn: str) -> None:
    files = {path.relative_to(own_folder).as_posix() for path in own_folder.rglob("*") if path.is_file()}
    scripts = {"charts.js", "chart-kinds.js", "site.css", "vega.js"}
    assert files == {f"schools/{school_urn}.html", *(f"assets/{name}" for name in scripts)}
    for path, page in pages(own_folder):
        assert all(link.startswith(("#", "https://")) for link in page.links), path
        assert all((path.parent / one).is_file() for one in page.loads if one != "data:,"), path
        assert HANDLING_NOTES[Audience.SCHOOL] in " ".join(page.words)
        assert HANDLING_NOTES[Audience.INTERNAL] not in " ".join(page.words)


def test_no_other_school_stands_in_it(own_folder: Path, school_urn: str, marts: Marts) -> None:
    text = text_of(own_folder)
    own = {school_urn, *(row["ancestor_urn"] for row in marts.rows("school_lineage", "urn = ?", [school_urn]))}
    others = [row for row in marts.rows("schools") if row["urn"] not in own]
    assert len(others) > 100
    numbers = set(re.findall(r"\b\d{6}\b", text))
    assert numbers & {row["urn"] for row in others} == set()
    (name,) = [row["school_name"] for row in marts.rows("schools", "urn = ?", [school_urn])]
    assert [row["school_name"] for row in others if row["school_name"] in text.replace(name, "")] == []


def test_each_rating_in_it_is_the_schools_own(own_folder: Path, school_urn: str, marts: Marts) -> None:
    drafts = marts.rows("rayg_drafts", "urn = ?", [school_urn])
    text = (own_folder / "schools" / f"{school_urn}.html").read_text(encoding="utf-8")
    headed = re.findall(r'<h3>[^<]+: <span class="chip chip-(\w+)">', text)
    of_returns = [row for row in drafts if row["rests_on_returns"]]
    seen = [row for row in drafts if row not in of_returns or row["moderated_rating"]]
    assert of_returns  # else it is not tested that these are kept back
    assert sorted(headed) == sorted(row["final_rating"] or row["draft_rating"] for row in seen)
    assert text.count(": not shown</h3>") == len(drafts) - len(seen)


@pytest.mark.parametrize("noted", ["governance_concern", "complaint_upheld"])
def test_what_the_authority_noted_does_not_show(noted: str, build: Path, marts: Marts, tmp_path: Path) -> None:
    urn = min(row["urn"] for row in marts.rows("risk_indicators", f"indicator = '{noted}' and state = 'triggered'"))
    write_published(build, tmp_path / "site", Audience.SCHOOL, urn)
    text = (tmp_path / "site" / "schools" / f"{urn}.html").read_text(encoding="utf-8")
    for told in ("Rests on what may not be shown", "Concern about governance", "Complaint", "safeguarding concern"):
        assert told not in text
    bearing = {row["criterion"] for row in seed("rayg_criteria_table") if noted in row["indicators"].split()}
    lines = re.findall(r'<tr><th scope="row">([^<]+) <span class="authority">[^<]*</span></th><td>([^<]+)</td>', text)
    wordings = {row["wording"] for row in marts.rows("rayg_criteria", "urn = ?", [urn]) if row["criterion"] in bearing}
    standings = [standing for wording, standing in lines if html.unescape(wording) in wordings]
    assert len(standings) == len(bearing)
    assert set(standings) == {"adviser to judge"}


def test_it_shows_no_unvalidated_figure_and_no_screen(
    own_folder: Path, site: Path, school_urn: str, marts: Marts
) -> None:
    internal = (site / "evidence" / f"{school_urn}.html").read_text(encoding="utf-8")
    own = (own_folder / "schools" / f"{school_urn}.html").read_text(encoding="utf-8")
    assert "unvalidated, the authority" in internal  # else nothing is tested
    assert "unvalidated, the authority" not in own
    for row in marts.rows("held_files", "source like 'local_%'"):
        assert row["title"] not in own
    assert "Risk screen" in internal
    assert "Risk screen" not in own
    assert 'class="n">Points' not in own
