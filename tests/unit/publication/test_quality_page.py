"""The data-quality page: what it tells of the authority's own returns, and what it does not."""

from datetime import date
from typing import Any

from pipelines.publication.views.quality import quality_page

HELD = {
    "file_id": "f", "source": "local_registers", "title": "The two registers of schools", "file_name": "a.csv",
    "academic_year": "2024/25", "release": "local_unvalidated", "published_on": date(2025, 9, 1),
    "published_on_is_assumed": False, "rows_n": 2, "rejected_rows_n": 0, "quarantine_reason": None,
}  # fmt: skip


def finding(check: str, **changes: Any) -> dict[str, Any]:
    made = {"check": check, "source": "local_registers", "academic_year": "2024/25", "file_id": "f", "line": 3,
            "subject": "URN 999999", "detail": "what was found", "is_reconciled": None}  # fmt: skip
    return made | changes


def test_an_unknown_school_is_told_with_its_line_and_a_rejected_cell_is_not() -> None:
    told = quality_page([HELD], [finding("unknown_school"), finding("rejected_row")], date(2025, 9, 30)).findings
    assert [(line[0], *line[3:]) for line in told] == [
        ("unknown school", "line 3", "URN 999999", "what was found"),
        ("rejected row", "line 3", "URN 999999", "see the checks of that return"),
    ]
