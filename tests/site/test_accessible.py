"""WCAG 2.2 AA on every kind of page, by axe in the browser, with all that is folded away opened."""

from pathlib import Path
from typing import Any

import pytest

from tests.site.test_browser import READY, page_types

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # of what passes only that it does: much less to hand over
}
FAILING = ("serious", "critical")


def findings(page: Any, path: Path) -> list[str]:
    """What axe finds wrong and holds for serious or critical, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    page.goto(path.as_uri())
    page.evaluate(READY)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    found = Axe().run(page, options=RULES).response
    assert len(found["passes"]) > 20, "axe has not looked at the page"
    return [
        f"{one['impact']} {one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in FAILING
    ]


@pytest.mark.parametrize("kind", range(9))
def test_axe_finds_nothing_serious(page: Any, site: Path, school_urn: str, kind: int) -> None:
    assert findings(page, site / page_types(site, school_urn)[kind]) == []


def test_axe_finds_nothing_on_a_small_screen_or_in_the_page_for_a_school(
    page: Any, own_folder: Path, school_urn: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    assert findings(page, own_folder / "schools" / f"{school_urn}.html") == []


def test_the_check_can_fail(page: Any, tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    (tmp_path / "bad.html").write_text("<html><body><img src='x.png'><p style='color:#ccc'>faint</p></body></html>")
    page.goto((tmp_path / "bad.html").as_uri())
    impacts = {one["impact"] for one in Axe().run(page, options=RULES).response["violations"]}
    assert impacts & set(FAILING)
