"""The pages and workbooks of one authority, made on demand from a published build that holds it: a build of all
authorities has none. What they say is the views' and the workbooks' own.
"""

import json
from dataclasses import replace
from pathlib import Path

from pipelines.errors import RaygError
from pipelines.publication.builds import PACKAGE_FILE, BuildFacts, whole_build
from pipelines.publication.package import Mart
from pipelines.publication.site.writing import write_site
from pipelines.publication.views.reading import ALL, REQUIRED, Marts
from pipelines.publication.workbooks.write import write_workbooks


def write_authority(folder: Path, to: Path, la_code: str) -> None:
    """Write the internal pages and, beside them, the workbooks of one authority, from the build in `folder`.

    Raises RaygError where the build does not hold the authority, or `to` holds files.
    """
    facts = facts_of_authority(folder, la_code)
    write_site(folder, facts, to)
    write_workbooks(folder, _described(folder), facts, to)


def facts_of_authority(folder: Path, la_code: str) -> BuildFacts:
    """The facts of the build in `folder`, as one of that authority."""
    facts = whole_build(folder)
    if facts.la_code not in (ALL, la_code):
        raise RaygError(
            f"The current build is of LA {facts.la_code}: run `rayg build --la {la_code}`, or `--la all`, first."
        )
    if not Marts(folder, REQUIRED).rows("schools", "la_code = ?", [la_code], "urn"):
        raise RaygError(f"No school of LA {la_code} is in the current build: check the code.")
    return replace(facts, la_code=la_code)


def _described(folder: Path) -> list[Mart]:
    """Every mart and its columns, as the build's own data package describes them."""
    package = json.loads((folder / PACKAGE_FILE).read_text(encoding="utf-8"))
    return [
        Mart(one["title"], one["description"], {field["name"]: field for field in one["schema"]["fields"]})
        for one in package["resources"]
        if one["format"] == "parquet"
    ]
