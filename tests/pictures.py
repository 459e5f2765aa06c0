"""The pictures in the README: the sample county and one of its schools on a page, as a browser shows them.

Run as `python -m tests.pictures [HOME]` over a built sample county (default data/sample); writes docs/pictures/. The
school is the first of the list.
"""

import re
import shutil
import sys
from pathlib import Path

from pipelines.home import Home, project_root
from tests.site.conftest import FLAGS

WIDTH, HEIGHT = 1280, 940


def take(home: Home, to: Path) -> None:
    """One picture of each page. Raises RuntimeError where there is no browser."""
    from playwright.sync_api import sync_playwright

    browser_path = shutil.which("chromium")
    if browser_path is None:
        raise RuntimeError("no Chromium on this machine: install Debian's package chromium")
    site = home.current / "site"
    first = re.search(r'<th scope="row"><a href="(schools/[0-9]+\.html)"', (site / "schools.html").read_text("utf-8"))
    assert first, "the list has no school"
    to.mkdir(parents=True, exist_ok=True)
    pages = {"county": "index.html", "school": first[1]}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path, args=FLAGS)
        for name, path in pages.items():
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.goto((site / path).resolve().as_uri())
            page.screenshot(path=to / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    asked = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("data/sample")
    take(Home.resolve(asked), project_root() / "docs" / "pictures")
