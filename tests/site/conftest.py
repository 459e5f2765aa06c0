"""What the tests of pages stand on: the site that the sample county's build published, and a browser.

Pages are opened from the file system, as a person would. Chromium is Debian's; elsewhere these tests skip and say so.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.home import Home
from pipelines.publication.site.writing import write_published
from pipelines.publication.views.handling import Audience
from pipelines.publication.views.reading import Marts

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="session")
def build(sample_home: Home) -> Path:
    """The folder of the published build."""
    return sample_home.current.resolve()


@pytest.fixture(scope="session")
def site(build: Path) -> Path:
    """The site as published."""
    return build / "site"


@pytest.fixture(scope="session")
def marts(build: Path) -> Marts:
    return Marts(build)


@pytest.fixture(scope="session")
def school_urn(marts: Marts) -> str:
    """A school with an early-years rating and results of the authority's own returns."""
    (row,) = marts.connection.execute(
        "select min(urn) from read_parquet(?) where release = 'local_unvalidated' and status = 'reported'"
        " and urn in (select urn from read_parquet(?) where provision = 'early_years')",
        [str(marts.folder / "benchmarks.parquet"), str(marts.folder / "rayg_drafts.parquet")],
    ).fetchall()
    return str(row[0])


@pytest.fixture(scope="session")
def own_folder(build: Path, school_urn: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder made for that school alone."""
    folder = tmp_path_factory.mktemp("school") / "site"
    write_published(build, folder, Audience.SCHOOL, school_urn)
    return folder


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Debian's Chromium, headless, with an empty profile."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install Debian's package chromium to test the pages in a browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A new page. Asking for anything but a file, and any error of a script, fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    asked: list[str] = []
    failed: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: failed.append(str(error)))
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:", "about:"))] == []
    assert failed == []
