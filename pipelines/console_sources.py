"""`rayg sources` on the terminal: what is held of each source, what is next, and what is behind. Nothing is computed
here: standings come from `holdings`.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipelines.console import show_sample
from pipelines.console_plain import Terminal
from pipelines.fetching.holdings import Holding, gone, holdings
from pipelines.home import Home
from pipelines.provenance import Provenance, set_aside
from pipelines.sources.calendar import Issue
from pipelines.sources.catalogue import Publication, load_catalogue

WIDTH = 100  # of output that goes to a file or another program
SECTIONS = {
    "results": "Results",
    "context": "Context",
    "register": "Registers",
    "inspections": "Inspections",
    "local": "The authority's own returns",
}
LETTERS = {"local_unvalidated": "L", "provisional": "P", "revised": "R", "final": "F"}
SHORT = {"local_unvalidated": "local", "provisional": "prov.", "revised": "rev.", "final": "final"}
COLUMNS = {"": 1, "source": 25, "years held": 15, "newest, published": 25, "next due": 24}


def show_sources(console: Console, home: Home, today: date | None = None) -> None:
    """The catalogue as tables by role, then what is behind, then what is known and not read."""
    today = today or date.today()
    held = holdings(home, today)
    width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    # of its own, since what is printed on the command line wraps nowhere, and tables must
    console = Terminal(file=console.file, force_terminal=console.is_terminal, width=width, soft_wrap=False)
    if home.is_sample():
        show_sample(console, "files")
    for section, title in SECTIONS.items():
        rows = [holding for holding in held if _section(holding) == section]
        if rows:
            console.print()
            console.print(_table(title, rows, today, is_wide=width >= WIDTH))
    held_as = "~ day assumed   held as L local, P provisional, R revised, F final"
    legend = Text.assemble("\n", ("!", "red"), " behind   ", (">", "yellow"), " due now   ", held_as, style="dim")
    console.print(legend)
    _show_behind(console, held)
    if lost := gone(home):
        console.print(f"\nGone, though a sidecar tells of it: {len(lost)}. Add again with `rayg add`:", style="red")
        for name in lost:
            console.print(f"   {name}", markup=False, soft_wrap=True)
    if odd := set_aside(home):
        console.print(f"\nSet aside, since their sidecars cannot be believed: {len(odd)}", style="red")
        for one in odd:
            console.print(f"   {one.reason}", markup=False, soft_wrap=True)
    _show_unread(console, load_catalogue().unread)


def _section(holding: Holding) -> str:
    return "local" if holding.source.route == "local" else holding.source.role


def _table(title: str, rows: list[Holding], today: date, *, is_wide: bool) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name, size in COLUMNS.items():
        header_style = "dim underline" if name else ""
        table.add_column(name, header_style=header_style, width=size if is_wide or not name else None, overflow="fold")
    for holding in rows:
        table.add_row(*_cells(holding, today), style="" if holding.files else "dim")
    return table


def _cells(holding: Holding, today: date) -> Iterator[Text | str]:
    source, standing, files = holding.source, holding.standing, holding.files
    yield Text("!", "red") if standing.is_failing else Text(">" if standing.state == "due" else "", "yellow")
    linked = f"link {source.landing_page}" if source.landing_page.startswith("https:") else ""
    yield Text(source.id, linked)
    yield _years(files) if files else "none"
    yield _newest(holding) if files else ""
    if standing.due is None:
        yield Text(f"ended {source.last_year}" if source.last_year else "when there is news", "dim")
    else:
        yield Text(_due(standing.due, today), "yellow" if standing.state == "due" else "")


def _years(files: tuple[Provenance, ...]) -> str:
    years = sorted({file.academic_year for file in files})
    letters = "".join(letter for release, letter in LETTERS.items() if any(file.release == release for file in files))
    return " ".join(part for part in ("–".join(dict.fromkeys((years[0][2:], years[-1][2:]))), letters) if part)


def _newest(holding: Holding) -> str:
    newest = holding.files[-1]
    day = f"{'~' if newest.published_on_is_assumed else ''}{_day(newest.published_on)}"
    if newest.release in SHORT:
        return f"{newest.academic_year[2:]} {SHORT[newest.release]}, {day}"
    return f"copy, {day}" if holding.source.dated_by_name else f"{newest.academic_year[2:]} copy, {day}"


def _due(issue: Issue, today: date) -> str:
    """What comes next and between which days."""
    if issue.opens == issue.closes:
        return "today" if issue.opens == today else _day(issue.opens)
    if issue.opens.day == 1 and issue.closes.day >= 28:
        when = f"{issue.opens:%b %Y}"
    else:
        when = f"{issue.opens.day}–{_day(issue.closes)}"
    if issue.academic_year is None:
        return f"copy, {when}"
    return f"{issue.academic_year[2:]} {SHORT.get(issue.release, 'copy')}, {when}"


def _show_behind(console: Console, held: list[Holding]) -> None:
    behind = [holding for holding in held if holding.standing.is_failing]
    late = [holding for holding in behind if holding.files]
    lacking = [holding.source.id for holding in behind if not holding.files]
    if late:
        _show_list(console, f"Behind: {len(late)}", ((holding.source.id, holding.behind) for holding in late))
    if lacking:
        console.print(f"\nNothing held, though it is out: {len(lacking)}", style="red")
        console.print(Padding(", ".join(lacking), (0, 0, 0, 3)))
    by_hand = [holding.source for holding in behind if not holding.source.fetch]
    if by_hand:
        console.print("\nOf these, to be downloaded by hand, into raw/inbox or for `rayg add`:", style="bold")
    for source in by_hand:
        console.print(f"   {source.id}  {source.landing_page}", soft_wrap=True)  # an address is for copying: whole
    if len(behind) > len(by_hand):
        console.print("\n`rayg fetch` brings the others." if by_hand else "\n`rayg fetch` brings them.")


def _show_unread(console: Console, unread: Iterable[Publication]) -> None:
    lines = [(one.id, one.title) for one in unread]
    if lines:
        _show_list(console, "Known, and not read by this version:", lines, style="bold")


def _show_list(console: Console, title: str, lines: Iterable[tuple[str, str]], style: str = "red") -> None:
    console.print(f"\n{title}", style=style)
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, text in lines:
        table.add_row("", name, text)
    table.columns[0].min_width, table.columns[1].min_width = COLUMNS[""], COLUMNS["source"]
    console.print(table)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
