"""What `rayg diff` and `rayg freeze` print, and the diff as CSV. Nothing is compared here."""

import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from pipelines.formulas import safe_cell
from pipelines.publication.builds import BuildFacts
from pipelines.publication.changes.compare import DATA, KPIS, RATINGS, RULES, SCREEN, Change
from pipelines.publication.changes.diff import Difference

LISTED = 30
RANK = "rank"
Item = TypeVar("Item")
Key = TypeVar("Key")
COLOURS = {DATA: "cyan", RULES: "magenta"}
HEADER = ["mart", "key", "name", "field", "old", "new", "cause", "because"]


def show_diff(console: Console, difference: Difference) -> None:
    """Parameters and files first, then the changes by kind; a long list is cut, since the CSV has all."""
    for word, facts in (("From", difference.before), ("to", difference.after)):
        console.print(f"{word} build {_about(facts)}", markup=False)
    for remark in difference.remarks:
        console.print(remark, style="yellow", markup=False)
    if not difference.changes:
        _show_nothing(console, difference)
        return
    console.print(
        "Files: " + ("none replaced." if not difference.files else f"{len(difference.files)} replaced, new or gone")
    )
    for line in difference.files[:LISTED]:
        console.print(f"  {line}", markup=False)
    for watched in (KPIS, SCREEN, RATINGS):
        _show_group(console, watched.title, [change for change in difference.changes if change.mart == watched.mart])


def write_csv(difference: Difference, path: Path) -> None:
    """Every change, one per line."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for change in difference.changes:
            cells = [change.mart, " ".join(change.key), change.name, change.field, change.old, change.new]
            writer.writerow([safe_cell(cell) for cell in (*cells, change.cause, change.because)])


def show_frozen(console: Console, frozen: Mapping[str, BuildFacts | None]) -> None:
    """One line per frozen build."""
    for name, facts in frozen.items():
        about = f"build {_about(facts)}" if facts else "damaged: `rayg verify` says what"
        console.print(f"{name}: {about}", markup=False)
    if not frozen:
        console.print("No build is frozen: `rayg freeze NAME` keeps the current one.")


def _about(facts: BuildFacts) -> str:
    as_at = f", as at {facts.as_at}" if facts.as_at else ""
    sample = ", SAMPLE DATA" if facts.is_sample else ""
    return f"{facts.build_id} (LA {facts.la_code}, review {facts.review_year}{as_at}{sample})"


def _show_nothing(console: Console, difference: Difference) -> None:
    if difference.other_marts:
        console.print(f"No KPI, line of the screen or rating changed. Others did: {', '.join(difference.other_marts)}.")
    else:
        console.print("Nothing changed: every mart is the same, byte for byte.")


def _show_group(console: Console, title: str, changes: list[Change]) -> None:
    """The rows of one kind under what changed them."""
    # one school's points move the rank of every school below it: a rank stands beside what else moved, or is counted
    ranks = {change.key: f"; rank {change.old} -> {change.new}" for change in changes if change.field == RANK}
    others = _grouped(
        [change for change in changes if change.field != RANK], lambda change: (change.key, *_why(change))
    )
    rows = len({change.key for change in changes})
    console.print(f"{title}: {rows or 'none'} changed", style="bold")
    listed = list(others.values())[:LISTED]
    for (cause, because), lines in _grouped(listed, lambda line: _why(line[0])).items():
        console.print(f"  {cause}{': ' * bool(because)}{because}", style=COLOURS.get(cause, "yellow"), markup=False)
        for line in lines:
            key, name = line[0].key, line[0].name
            moved = ", ".join(f"{change.field} {change.old} -> {change.new}" for change in line)
            console.print(f"    {' '.join(key)}  {name}: {moved}{ranks.get(key, '')}", markup=False)
    if len(others) > LISTED:
        console.print(f"  and {len(others) - LISTED} more: --csv FILE has all")
    if by_rank := rows - len({key for key, *_ in others}):
        console.print(f"  {by_rank} of them by rank alone")


def _why(change: Change) -> tuple[str, str]:
    return change.cause, change.because


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """Items by key, both in the order they come."""
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
