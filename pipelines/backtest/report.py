"""The findings of a back-test as Markdown. Writes; `publication.views.backtest` gives the words."""

from pathlib import Path

from pipelines.home import Home
from pipelines.publication.views.backtest import Table, view
from pipelines.publication.views.reading import Marts


def write_report(home: Home, path: Path) -> None:
    """Write what the current build publishes of its back-test into a Markdown file."""
    shown = view(Marts(home.current, needs=["backtest"]).rows("backtest"))
    parts = ["# Does the screen work?", *shown.opening, *map(_table, shown.tables), "## Limits"]
    parts.append("\n".join(f"- {line}" for line in shown.limits))
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _table(table: Table) -> str:
    lines = [f"## {table.title}", ""]
    if table.note:
        lines += [table.note, ""]
    lines.append("| " + " | ".join(table.columns) + " |")
    lines.append("|" + "---|" * len(table.columns))
    lines += ["| " + " | ".join(row) + " |" for row in table.rows]
    return "\n".join(lines)
