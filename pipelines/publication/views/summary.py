"""What a published build holds, read back from its files for the summary that ends `rayg build`. No printing."""

import json
from dataclasses import dataclass
from pathlib import Path

from pipelines.publication.builds import PACKAGE_FILE
from pipelines.publication.views.reading import Marts
from pipelines.publication.views.words import RATINGS

WHOLE_SCHOOL = "provision = 'whole_school'"


@dataclass(frozen=True)
class Summary:
    """Rows per mart; counts of draft ratings (in the order of RATINGS) by provision, and by the school's intake.

    Intake quarters are those of `rayg_drafts`, for whole schools; empty where none is known. `reconciled_n` of
    `recomputed_n` LA and England figures, made again from school rows, equal the published ones within their
    tolerance; `exceptions` says of each of the others what differs and, where known, why.
    """

    rows_of: dict[str, int]
    ratings_of: dict[str, list[int]]
    ratings_of_quarter: dict[str, list[int]]
    reconciled_n: int
    recomputed_n: int
    exceptions: list[str]


def summarise(folder: Path) -> Summary:
    """The summary of the build in a folder."""
    package = json.loads((folder / PACKAGE_FILE).read_text(encoding="utf-8"))
    rows = {file["title"]: file["rows_n"] for file in package["resources"] if file["format"] == "parquet"}
    marts = Marts(folder, needs=("data_quality", "rayg_drafts"))
    reconciled = _reconciled(marts)
    return Summary(
        rows_of=rows,
        ratings_of=_ratings(marts, "provision", "true"),
        ratings_of_quarter=_ratings(marts, "intake_quarter", WHOLE_SCHOOL),
        reconciled_n=sum(is_reconciled for is_reconciled, _ in reconciled),
        recomputed_n=len(reconciled),
        exceptions=[line for is_reconciled, line in reconciled if not is_reconciled],
    )


def _reconciled(marts: Marts) -> list[tuple[bool, str]]:
    """Whether each recomputed figure equals the published one, and the two in one line."""
    rows = marts.rows(
        "data_quality",
        "\"check\" = 'reconciled'",
        columns="is_reconciled, subject || ' ' || academic_year || ': published ' || published_value || ', made again '"
        " || recomputed_value || '; ' || detail as line",
    )
    return [(row["is_reconciled"], row["line"]) for row in rows]


def _ratings(marts: Marts, by: str, where: str) -> dict[str, list[int]]:
    counts = ", ".join(f"count(*) filter (draft_rating = '{rating}')" for rating in RATINGS)
    rows = marts.query(
        f"select {by}, {counts} from rayg_drafts where {where} and {by} is not null group by all order by {by}"
    )
    return {str(label): numbers for label, *numbers in (row.values() for row in rows)}
