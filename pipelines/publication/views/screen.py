"""The screen page: every school of the risk screen as one row of a table that the page's script sorts and filters.

Rows are written as data, not as markup: 24,000 schools stay usable because the script draws them in slices.
"""

import json
from collections.abc import Container, Mapping
from typing import Any

from pipelines.publication.views.words import BANDS, COLOURS, RATINGS, UNSCREENED, UNSCREENED_REASONS, band_words, words

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]

COLUMNS = (
    ("name", "School"),
    ("sector", "Sector"),
    ("kind", "Kind"),
    ("district", "District"),
    ("trust", "Trust"),
    ("rating", "Rating"),
    ("early_years", "Early years"),
    ("post_16", "Post-16"),
    ("band", "Band"),
    ("rank", "Order to look"),
    ("reasons", "Reasons"),
    ("urn", "URN"),  # stands under the name
    ("trust_id", "Trust's number"),  # where the trust's page is
)
FILTERS = ("sector", "kind", "district", "trust", "rating", "band")
# The order in which the words of these columns sort, worst first.
ORDERS = {
    "rating": (*map(words, reversed(COLOURS)), *map(words, RATINGS[len(COLOURS) :])),
    "band": (
        *(band_words(band, None) for band in BANDS if band != UNSCREENED),
        *(band_words(UNSCREENED, reason) for reason in UNSCREENED_REASONS),
    ),
}
REASONS_APART = "; "


def screen_data(screen: Rows, drafts: Rows, schools: Mapping[str, Row], trust_ids: Container[str]) -> dict[str, Any]:
    """The table as columns, filters, words and rows.

    `screen`: of `risk_screen`; `drafts`: of `rayg_drafts`; `schools`: by URN; `trust_ids`: those with a page.
    Each row is a list in the order of COLUMNS. A row's `reasons` are numbers of entries in the list `reasons`, because
    the same few sentences stand in thousands of rows.
    """
    ratings = {(row["urn"], row["provision"]): words(row["final_rating"] or row["draft_rating"]) for row in drafts}
    reasons: dict[str, int] = {}
    rows = []
    for row in sorted(screen, key=lambda row: (row["rank"] is None, row["rank"], row["urn"])):
        school = schools.get(row["urn"], {})
        why = [one for one in str(row["top_reasons"] or "").split(REASONS_APART) if one]
        rows.append(
            [
                row["school_name"],
                words(row["sector"]),
                words(row["school_kind"]),
                school.get("district") or "",
                row["trust_name"] or "",
                ratings.get((row["urn"], "whole_school"), ""),
                ratings.get((row["urn"], "early_years"), ""),
                ratings.get((row["urn"], "post_16"), ""),
                _band(row),
                row["rank"],
                [reasons.setdefault(one, len(reasons)) for one in why],
                row["urn"],
                trust_id if (trust_id := str(school.get("trust_id") or "")) in trust_ids else "",
            ]
        )
    return {
        "columns": [{"key": key, "title": title} for key, title in COLUMNS],
        "filters": list(FILTERS),
        "orders": {key: list(order) for key, order in ORDERS.items()},
        "reasons": list(reasons),
        "rows": rows,
    }


def bands(screen: Rows) -> list[tuple[str, int]]:
    """How many schools are in each band, in the order of the bands. `screen`: of `risk_screen`."""
    bands_of_schools = [_band(row) for row in screen]
    return [(band, bands_of_schools.count(band)) for band in ORDERS["band"] if band in bands_of_schools]


def _band(row: Row) -> str:
    return band_words(row["band"], row["unscreened_reason"])


def screen_script(data: Mapping[str, Any]) -> str:
    """The data as a script, so that the page reads it from the file system too, where pages may fetch nothing."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.raygScreen={text};\n"
