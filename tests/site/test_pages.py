"""The sample county's site as files: complete, linked, handled, and the same each time."""

import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.publication.authority import write_authority
from pipelines.publication.builds import PACKAGE_FILE
from pipelines.publication.site.writing import write_published, write_single
from pipelines.publication.views.accounts import SHOWN_GROUPS
from pipelines.publication.views.handling import HANDLING_NOTES, TOO_FEW, Audience
from pipelines.publication.views.reading import Marts

LARGEST_SCHOOL_PAGE = 300 * 1024


class Found(HTMLParser):
    """What a page links to, its anchors and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in ("href", "src"):
                self.loads.append(value or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def pages(folder: Path) -> Iterator[tuple[Path, Found]]:
    for path in sorted(folder.rglob("*.html")):
        yield path, Found(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found(site: Path) -> dict[Path, Found]:
    return dict(pages(site))


def test_every_reviewed_school_and_its_trust_has_a_page(site: Path, marts: Marts) -> None:
    urns = {row["urn"] for row in marts.rows("risk_screen")}
    trusts = {row["trust_id"] for row in marts.rows("schools") if row["urn"] in urns and row["trust_id"]}
    assert {path.stem for path in (site / "schools").iterdir()} == urns
    assert {path.stem for path in (site / "evidence").iterdir()} == urns
    assert {path.stem for path in (site / "trusts").iterdir()} == trusts
    assert {path.name for path in site.glob("*.html")} == {
        "index.html",
        "indicators.html",
        "schools.html",
        "screen.html",
        "methods.html",
        "backtest.html",
        "data-quality.html",
    }


def test_every_link_leads_somewhere(site: Path, found: dict[Path, Found]) -> None:
    ids = {path.resolve(): set(page.ids) for path, page in found.items()}
    lost = []
    for path, page in found.items():
        assert len(page.ids) == len(set(page.ids)), path
        for link in page.links:
            target, _, anchor = link.partition("#")
            if target.startswith("https://"):
                continue
            to = (path.parent / target).resolve() if target else path.resolve()
            if to not in ids or (anchor and "=" not in anchor and anchor not in ids[to]):
                lost.append((path.name, link))
        lost += [(path.name, one) for one in page.loads if one != "data:," and not (path.parent / one).is_file()]
    assert lost == []


def test_every_page_has_its_handling_note_and_says_sample(found: dict[Path, Found]) -> None:
    for path, page in found.items():
        text = " ".join(" ".join(page.words).split())
        assert HANDLING_NOTES[Audience.INTERNAL] in text, path
        assert "These are not real schools" in text, path


def test_no_page_tells_of_this_machine_or_of_local_files(site: Path, sample_home: Home, marts: Marts) -> None:
    local = {row["file_name"] for row in marts.rows("held_files") if row["source"].startswith("local_")}
    assert local
    secrets = {str(sample_home.root), str(Path.home()), "file://", "/tmp/", *local}
    for path in sorted(site.rglob("*")):
        if path.is_file() and path.name != "vega.js":
            text = path.read_text(encoding="utf-8")
            assert [secret for secret in secrets if secret in text] == [], path


def test_no_page_shows_a_figure_of_five_pupils_or_fewer(site: Path, marts: Marts) -> None:
    few = marts.rows(
        "benchmarks",
        "entity_type = 'school' and cohort_n <= 5 and value is not null and list_contains(?, pupil_group)"
        " and urn in (select urn from read_parquet(?))",
        [list(SHOWN_GROUPS), str(marts.folder / "risk_screen.parquet")],
    )
    assert few  # else nothing is tested
    year = r'<tr><th scope="row">\d{4}/\d\d</th>'
    of_results = rf"{year}<td>[^<]*</td><td>[^<]*</td><td>[1-5]</td>"
    of_gaps = rf"{year}<td>[1-5]</td>"
    of_latest = r'<td class="n">[^<]*</td><td class="n">[1-5]</td><td class="n">'
    cells = re.compile(f"{of_results}|{of_gaps}|{of_latest}")
    sentences = re.compile(
        r"\bof ([1-5]) (?:disadvantaged )?pupils\b(?! or fewer)|\bfor ([1-5]) pupils\b|\(([1-5]) students\)"
    )
    for path in sorted((site / "evidence").iterdir()):
        text = path.read_text(encoding="utf-8")
        assert not sentences.search(text), path
        assert not cells.search(text), path
    some = (site / "evidence" / f"{few[0]['urn']}.html").read_text(encoding="utf-8")
    assert TOO_FEW in some


def test_a_school_page_is_small(site: Path) -> None:
    sizes = {path.stem: path.stat().st_size for path in (site / "evidence").iterdir()}
    assert {urn: size for urn, size in sizes.items() if size > LARGEST_SCHOOL_PAGE} == {}


def test_the_same_build_gives_the_same_bytes(site: Path, build: Path, tmp_path: Path) -> None:
    write_published(build, tmp_path / "again", Audience.INTERNAL, None)
    for path in sorted(site.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(site)).read_bytes(), path


def of_all(build: Path, folder: Path) -> Path:
    """The same build as a build of all authorities would say of itself, with a school of another one."""
    shutil.copytree(build, folder, ignore=shutil.ignore_patterns("site", "data_docs"))
    package = json.loads((build / PACKAGE_FILE).read_text(encoding="utf-8"))
    package["rayg"]["la_code"] = "all"
    (folder / PACKAGE_FILE).chmod(0o600)
    (folder / PACKAGE_FILE).write_text(json.dumps(package), encoding="utf-8")
    for mart in ("schools", "risk_screen", "rayg_drafts"):
        path = folder / f"{mart}.parquet"
        rows = pq.read_table(path)
        other = [{**rows.slice(0, 1).to_pylist()[0], "urn": "999999", "la_code": "850"}]
        path.chmod(0o600)
        pq.write_table(pa.concat_tables([rows, pa.Table.from_pylist(other, schema=rows.schema)]), path)
    return folder


def test_a_build_of_all_gives_the_pages_and_workbooks_of_any_authority(site: Path, build: Path, tmp_path: Path) -> None:
    whole = of_all(build, tmp_path / "all")
    write_authority(whole, tmp_path / "site", "998")
    for path in sorted(site.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "site" / path.relative_to(site)).read_bytes(), path
    for book in ("japr_pack.xlsx", "desktop_exercise.xlsx"):
        assert (tmp_path / "site" / book).read_bytes() == (build / book).read_bytes()
    write_authority(whole, tmp_path / "other", "850")
    assert [path.name for path in (tmp_path / "other" / "schools").iterdir()] == ["999999.html"]
    with pytest.raises(RaygError, match="No school of LA 123 is in the current build"):
        write_authority(whole, tmp_path / "none", "123")
    with pytest.raises(RaygError, match="The current build is of LA 998: run `rayg build --la 850`"):
        write_authority(build, tmp_path / "none", "850")


def test_the_methods_page_prints_every_rule_and_indicator(site: Path, marts: Marts) -> None:
    text = (site / "methods.html").read_text(encoding="utf-8")
    for row in marts.rows(
        "risk_indicators", "urn = (select min(urn) from read_parquet(?))", [str(marts.folder / "risk_screen.parquet")]
    ):
        assert row["title"].replace("'", "&#39;") in text


def test_refusals_are_one_clear_line(build: Path, tmp_path: Path) -> None:
    (tmp_path / "left.html").write_text("another school's")
    with pytest.raises(RaygError, match="not an empty folder"):
        write_published(build, tmp_path, Audience.INTERNAL, None)
    with pytest.raises(RaygError, match="--urn"):
        write_published(build, tmp_path / "new", Audience.SCHOOL, None)
    with pytest.raises(RaygError, match="No school with URN 123456"):
        write_published(build, tmp_path / "other", Audience.SCHOOL, "123456")
    with pytest.raises(RaygError, match="rayg build"):
        write_published(tmp_path / "nothing", tmp_path / "new", Audience.INTERNAL, None)


def test_one_page_alone_is_the_page_of_the_site_in_a_file_that_needs_no_other(
    build: Path, school_urn: str, tmp_path: Path
) -> None:
    write_published(build, tmp_path / "site", Audience.INTERNAL, school_urn)
    write_single(build, school_urn, None, tmp_path / "one.html")
    beside = (tmp_path / "site" / "evidence" / f"{school_urn}.html").read_text(encoding="utf-8")
    alone = (tmp_path / "one.html").read_text(encoding="utf-8")
    body = re.compile(r"<body>.*</footer>", re.DOTALL)
    assert body.findall(alone) == body.findall(beside)
    page = Found(alone)
    assert page.loads == ["data:,"]
    assert all(link.startswith(("#", "https://")) for link in page.links)
    assert "vegaEmbed" in alone and "--ink:" in alone
