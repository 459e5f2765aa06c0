"""What a published build holds, read back from its files for the summary that ends `rayg build`. No
printing.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.publication.builds import PACKAGE_FILE

RATINGS = ("dark_green", "light_green", "yellow", "amber", "red", "insufficient_evidence")


@dataclass(frozen=True)
class Summary:
    """Rows per mart, and counts of draft ratings by provision (in the order of RATINGS)."""

    rows_of: dict[str, int]
    ratings_of: dict[str, list[int]]


def summarise(folder: Path) -> Summary:
    """The summary of the build in a folder."""
    package = json.loads((folder / PACKAGE_FILE).read_text(encoding="utf-8"))
    rows = {file["title"]: file["rows"] for file in package["resources"] if file["format"] == "parquet"}
    return Summary(rows, _ratings(folder / "rayg_drafts.parquet"))


def _ratings(drafts: Path) -> dict[str, list[int]]:
    counts = ", ".join(f"count(*) filter (draft_rating = '{rating}')" for rating in RATINGS)
    rows = duckdb.execute(
        f"select provision, {counts} from read_parquet(?) group by provision order by provision desc",
        [str(drafts)],
    ).fetchall()
    return {provision: list(numbers) for provision, *numbers in rows}
