"""What a reader is shown of a back-test: tables and sentences from the rows of the mart `backtest`, for the page and
for the report alike. Pure; how a table looks is the page's or the report's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.publication.views.figures import day
from pipelines.seeds import policy, seed

Row = dict[str, Any]
ALL = "all"
GOOD = "good"
SCREEN = "screen"
# phases of which something can be said: the others have no comparable results
PHASES = ("primary", "secondary")
SCORE_WORDS = {
    "screen": "The screen",
    "screen_by_hand": "Its points as set by hand",
    "screen_without_timing": "Without when it was last inspected",
    "screen_without_progress": "Without progress, as in 2023/24 to 2025/26",
    "screen_less_intake": "After taking off what intake tells",
    "attainment": "Attainment alone",
    "lowest_attainment": "Lowest 15 per cent in attainment",
    "last_grade": "Last grade alone",
    "persistent_absence": "Persistent absence alone",
}
LEAST_CALIBRATED = 20  # schools with the same chance: of fewer the share seen says nothing
TOP = ("precision", "recall", "lift")
STATE_WORDS = {"good": "good or outstanding", "below_good": "below good", "none": "not graded under their own number"}
SECTOR_WORDS = {"all": "All", "maintained": "Maintained", "academy": "Academies"}
SUBSET_WORDS = {"small": "small cohorts", "suppressed": "with hidden figures"}


@dataclass(frozen=True)
class Table:
    """A table as printed: its heading, its columns and its rows of text; the first column names the row."""

    key: str
    title: str
    columns: Sequence[str]
    rows: list[list[str]]
    note: str = ""


@dataclass(frozen=True)
class View:
    """A back-test as shown: empty where the home has had none."""

    opening: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)


class Figures:
    """The mart's rows by what they speak of."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._of = {
            (
                row["review_on"], row["phase"], row["sector"], row["school_state"], row["subset"], row["months"],
                row["score"], row["measure"], row["part"],
            ): row
            for row in rows
        }  # fmt: skip
        # the newest first: the oldest are fitted on
        self.reviews = sorted({row["review_on"] for row in rows}, reverse=True)
        self.in_fit = {row["review_on"] for row in rows if row["is_in_fit"]}
        self.windows = sorted({row["months"] for row in rows})

    def row(self, review: Any, phase: str, score: str, measure: str, months: int, **where: Any) -> Row:
        """The figure's row; one without a value where there is none."""
        cell = {"sector": ALL, "school_state": GOOD, "subset": ALL, "part": None} | where
        key = (
            review, phase, cell["sector"], cell["school_state"], cell["subset"], months, score, measure, cell["part"],
        )  # fmt: skip
        return self._of.get(key, {"value": None, "lower": None, "upper": None})

    def count(self, review: Any, phase: str, measure: str, months: int, **where: Any) -> int:
        return int(self.row(review, phase, ALL, measure, months, **where)["value"] or 0)


def view(rows: Sequence[Row]) -> View:
    """The whole of it, for the window that is followed longest up to two years (a year is short, three cross 2020)."""
    if not rows:
        return View()
    figures = Figures(rows)
    months = max((window for window in figures.windows if window <= 24), default=figures.windows[0])
    tables = [
        _headline(figures, months),
        _windows(figures),
        _scores(figures, months),
        _top(figures, months),
        _states(figures, months),
        _small(figures, months),
        _bounds(figures, months),
        _calibration(figures),
    ]
    return View(_opening(figures, months), [table for table in tables if table.rows], limits())


def _opening(figures: Figures, months: int) -> list[str]:
    reviews = ", ".join(day(review) for review in sorted(figures.reviews))
    fitted = ", ".join(day(review) for review in sorted(figures.in_fit))
    lines = [
        f"The screen was built again as at {reviews}, each time from what had been published by then, and each school"
        f" was followed to its first graded inspection or report card. Unless said otherwise a figure is of schools"
        f" good or outstanding on the day and of the {months} months after.",
        "AUC is how often a school that was then judged below good stood higher on the list than one that was not:"
        " 0.5 is chance, 1 is certainty. In brackets the 95 per cent interval.",
    ]
    if fitted:
        lines.append(
            f"The points were fitted on {fitted}: figures of those reviews say how well the points fit, not how well"
            f" they foresee. The others are out of sample."
        )
    return lines


def limits() -> list[str]:
    """What the figures cannot say."""
    return [
        "The files keep the last one or two graded inspections of a school. One that was inspected twice since has lost"
        " its first inspection unless a register of the years between shows it. Schools whose first inspection may be"
        " lost are left out and counted, unless the one that is known failed: the table of bounds shows the figures"
        " with all of them failed, and with none, and the least counts sure failures alone.",
        "Schools inspected just before a review whose report came out after it are left out and counted as under way.",
        "A school is only found to fail when inspectors come. They come sooner where results are poor, so part of"
        " what any score foresees is the visit. Schools that were not visited count as not failed.",
        "Before November 2020 outstanding schools were exempt from routine inspection, and good ones had short"
        " inspections that could leave the grade standing. Since November 2025 there are report cards and no overall"
        " grade: the chances are those of schools then, not now.",
        "Schools that closed or converted within the window are left out and counted: a convert's next inspection is"
        " of a new establishment.",
        "Inspections stopped from March 2020 to the summer of 2021: windows that cross it hold fewer.",
    ]


def estimate(row: Row, decimals: int = 2) -> str:
    """A figure with its interval, or a dash where nothing can be said."""
    if row["value"] is None:
        return "–"
    text = f"{row['value']:.{decimals}f}"
    if row["lower"] is None:
        return text
    return f"{text} ({row['lower']:.{decimals}f} to {row['upper']:.{decimals}f})"


def _name(figures: Figures, review: Any, phase: str) -> str:
    return f"{day(review)}, {phase}" + (" (fitted on)" if review in figures.in_fit else "")


def _foreseen(figures: Figures, months: int) -> list[tuple[Any, str]]:
    """The reviews that the points were not fitted on; all of them where there is no other."""
    each = _each(figures, months)
    return [(review, phase) for review, phase in each if review not in figures.in_fit] or each


def _each(figures: Figures, months: int) -> list[tuple[Any, str]]:
    return [
        (review, phase)
        for review in figures.reviews
        for phase in PHASES
        if figures.count(review, phase, "failed_n", months)
    ]


def _headline(figures: Figures, months: int) -> Table:
    rows = []
    for review, phase in _each(figures, months):
        screen = figures.row(review, phase, SCREEN, "auc", months)
        gain = figures.row(review, phase, SCREEN, "auc_above_attainment", months)
        rows.append(
            [
                _name(figures, review, phase),
                f"{figures.count(review, phase, 'schools_n', months):,}",
                f"{figures.count(review, phase, 'unscreened_n', months):,}",
                f"{figures.count(review, phase, 'failed_n', months):,}",
                estimate(screen),
                estimate(figures.row(review, phase, "attainment", "auc", months)),
                estimate(gain),
                estimate(figures.row(review, phase, SCREEN, "lead_time_months", months), 0),
            ]
        )
    columns = [
        "Review", "Schools", "Not screened", "Failed", "AUC of the screen", "of attainment", "Gain",
        "Lead time, months",
    ]  # fmt: skip
    note = (
        "Not screened: too little could be seen, so that no AUC speaks of them. Lead time: months to the failing"
        " inspection of schools in the top fifth of the list; median and quartiles."
    )
    return Table("headline", f"Does it work? Within {months} months", columns, rows, note)


def _windows(figures: Figures) -> Table:
    rows = []
    for review, phase in _each(figures, figures.windows[0]):
        cells = [_name(figures, review, phase)]
        for months in figures.windows:
            failed = figures.row(review, phase, ALL, "failed_n", months)["value"]
            cells.append("–" if failed is None else f"{failed:,.0f}")
            cells.append(estimate(figures.row(review, phase, SCREEN, "auc", months)))
        rows.append(cells)
    columns = ["Review"] + [text for months in figures.windows for text in (f"Failed in {months} months", "AUC")]
    return Table("windows", "By how long schools are followed", columns, rows)


def _scores(figures: Figures, months: int) -> Table:
    each = _each(figures, months)
    rows = [
        [words, *(estimate(figures.row(review, phase, score, "auc", months)) for review, phase in each)]
        for score, words in SCORE_WORDS.items()
    ]
    within = "auc_within_fifths_of_disadvantage"
    rows.append(
        [
            "The screen, among schools of the same fifth of disadvantage",
            *(estimate(figures.row(review, phase, SCREEN, within, months)) for review, phase in each),
        ]
    )
    columns = ["AUC of", *(_name(figures, review, phase) for review, phase in each)]
    return Table("scores", "Beside simpler rules", columns, rows if each else [])


def _top(figures: Figures, months: int) -> Table:
    rows = []
    for review, phase in _foreseen(figures, months):
        for score in (SCREEN, "screen_by_hand", "attainment", "persistent_absence"):
            cells = [f"{_name(figures, review, phase)}: {SCORE_WORDS[score][0].lower()}{SCORE_WORDS[score][1:]}"]
            for part in (5, 10, 20):
                of = {name: figures.row(review, phase, score, name, months, part=part)["value"] for name in TOP}
                cells.append(
                    "–"
                    if of["lift"] is None
                    else f"{of['precision']:.0%} failed; {of['recall']:.0%} of all failures; {of['lift']:.1f} times"
                )
            rows.append(cells)
    columns = ["Review and score", "Top 5 per cent", "Top 10 per cent", "Top 20 per cent"]
    note = "How many of the schools at the top failed, which part of all failures they are, how many times the average."
    return Table("top", "What the top of the list held", columns, rows, note)


def _states(figures: Figures, months: int) -> Table:
    rows = []
    for review, phase in _foreseen(figures, months):
        for state, words in STATE_WORDS.items():
            for sector, title in SECTOR_WORDS.items():
                where = {"school_state": state, "sector": sector}
                if not figures.count(review, phase, "schools_n", months, **where):
                    continue
                rows.append(
                    [
                        f"{_name(figures, review, phase)}: {words}",
                        title,
                        f"{figures.count(review, phase, 'schools_n', months, **where):,}",
                        f"{figures.count(review, phase, 'failed_n', months, **where):,}",
                        estimate(figures.row(review, phase, SCREEN, "auc", months, **where)),
                        estimate(figures.row(review, phase, "attainment", "auc", months, **where)),
                    ]
                )
    columns = ["Review and state", "Sector", "Schools", "Failed", "AUC of the screen", "of attainment"]
    return Table("states", "By state at the review and sector", columns, rows)


def _small(figures: Figures, months: int) -> Table:
    rows = []
    for review, phase in _foreseen(figures, months):
        for subset, words in SUBSET_WORDS.items():
            where = {"subset": subset}
            rows.append(
                [
                    f"{_name(figures, review, phase)}: {words}",
                    f"{figures.count(review, phase, 'schools_n', months, **where):,}",
                    f"{figures.count(review, phase, 'failed_n', months, **where):,}",
                    f"{figures.count(review, phase, 'unscreened_n', months, **where):,}",
                    f"{figures.count(review, phase, 'unscreened_failed_n', months, **where):,}",
                    estimate(figures.row(review, phase, SCREEN, "auc", months, **where)),
                ]
            )
    columns = ["Review and schools", "Schools", "Failed", "Could not be screened", "of them failed", "AUC"]
    note = f"Small: {policy('backtest_small_cohort'):.0f} pupils or fewer in the headline measure."
    return Table("small", "Small schools, and schools with hidden figures", columns, rows, note)


def _bounds(figures: Figures, months: int) -> Table:
    rows = []
    for review, phase in _each(figures, months):
        failed, sure = (figures.count(review, phase, name, months) for name in ("failed_n", "failed_sure_n"))
        unsure = figures.count(review, phase, "unsure_n", months)
        rows.append(
            [
                _name(figures, review, phase),
                f"{sure:,} to {failed + unsure:,}",
                f"{figures.count(review, phase, 'state_unsure_n', months):,}",
                f"{figures.count(review, phase, 'closed_n', months):,}",
                f"{figures.count(review, phase, 'failed_by_key_judgements_n', months):,}",
                estimate(figures.row(review, phase, SCREEN, "auc_if_unsure_failed", months)),
                estimate(figures.row(review, phase, SCREEN, "auc_if_unsure_passed", months)),
                estimate(figures.row(review, phase, SCREEN, "auc_of_sure_states", months)),
            ]
        )
    columns = [
        "Review", "Failed, least to most", "State not sure", "Closed", "Failed by key judgements alone",
        "AUC if all lost ones failed", "if none did", "where the state is sure",
    ]  # fmt: skip
    return Table("bounds", "Bounds: what the files have lost", columns, rows)


def _calibration(figures: Figures) -> Table:
    months = int(policy("chance_months"))
    rows = []
    for review, phase in _foreseen(figures, months):
        for state, words in STATE_WORDS.items():
            part = 1
            while (
                said := figures.row(review, phase, SCREEN, "chance_said_pct", months, school_state=state, part=part)
            )["value"] is not None:
                where = {"school_state": state, "part": part}
                schools_n = figures.row(review, phase, SCREEN, "chance_schools_n", months, **where)["value"]
                part += 1
                if schools_n < LEAST_CALIBRATED:
                    continue
                rows.append(
                    [
                        f"{_name(figures, review, phase)}: {words}",
                        f"{said['value']:.1f}",
                        estimate(figures.row(review, phase, SCREEN, "chance_seen_pct", months, **where), 1),
                        f"{schools_n:,.0f}",
                    ]
                )
    columns = ["Review and state", "Chance said, per cent", "Seen, per cent", "Schools"]
    note = (
        "The chances were read from "
        + "; ".join(sorted({row["fitted_data"] for row in seed("screen_chances")}))
        + (". A review within the months after shares inspections with it: that they agree is no proof of its own.")
    )
    return Table("calibration", f"Was the chance right? Within {months} months", columns, rows, note)
