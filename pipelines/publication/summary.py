"""What a published build holds, read back from its files for the summary that ends `rayg build`. No
printing.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.publication.builds import PACKAGE_FILE

RATINGS = ("dark_green", "light_green", "yellow", "amber", "red", "insufficient_evidence")
WHOLE_SCHOOL = "provision = 'whole_school'"


@dataclass(frozen=True)
class Summary:
    """Rows per mart; counts of draft ratings (in the order of RATINGS) by provision, and by the school's intake.

    Intake quarters are those of `rayg_drafts`, for whole schools; empty where none is known.
    """

    rows_of: dict[str, int]
    ratings_of: dict[str, list[int]]
    ratings_of_quarter: dict[str, list[int]]


def summarise(folder: Path) -> Summary:
    """The summary of the build in a folder."""
    package = json.loads((folder / PACKAGE_FILE).read_text(encoding="utf-8"))
    rows = {file["title"]: file["rows"] for file in package["resources"] if file["format"] == "parquet"}
    drafts = folder / "rayg_drafts.parquet"
    return Summary(rows, _ratings(drafts, "provision", "true"), _ratings(drafts, "intake_quarter", WHOLE_SCHOOL))


def _ratings(drafts: Path, by: str, where: str) -> dict[str, list[int]]:
    counts = ", ".join(f"count(*) filter (draft_rating = '{rating}')" for rating in RATINGS)
    rows = duckdb.execute(
        f"select {by}, {counts} from read_parquet(?) where {where} and {by} is not null group by all order by {by}",
        [str(drafts)],
    ).fetchall()
    return {str(label): list(numbers) for label, *numbers in rows}
