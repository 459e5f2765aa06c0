"""The blank file of a return: its header, and beside it the notes that say what each column may hold."""

from pathlib import Path

from pipelines.errors import RaygError
from pipelines.files import write_text_whole, write_whole
from pipelines.returns.check import allowed
from pipelines.returns.schema import Column, Return, return_named, returns


def write_template(name: str, folder: Path) -> tuple[Path, Path]:
    """Writes `<name>.csv` and `<name>-notes.md` into a folder; gives both paths.

    Raises RaygError for a name that is no return, and where the file exists already: it may be filled in.
    """
    declared = return_named(name)
    if declared is None:
        raise RaygError(f"{name} is no local return: they are {', '.join(returns())}.")
    table, notes = folder / f"{name}.csv", folder / f"{name}-notes.md"
    if table.exists():
        raise RaygError(f"{table} exists already: move it, or run this in another folder.")
    header = (",".join(declared.header) + "\r\n").encode("utf-8-sig")  # without this mark Excel misreads accents
    write_whole(table, lambda part: part.write_bytes(header))
    write_text_whole(notes, _notes(declared))
    return table, notes


def _notes(declared: Return) -> str:
    fate = (
        "One bad line refuses the whole file, which is then not kept."
        if declared.refused_whole
        else "A bad line is left out and reported; the others stand."
    )
    keep = "moderate" if declared.id == "local_moderation" else "add"
    lines = [
        f"# {declared.title}",
        "",
        declared.about,
        "",
        f"Fill in `{declared.id}.csv` beneath its header and run `rayg {keep} {declared.id}.csv`. {fate}",
        "Leave unknown cells blank: a blank is never read as 0. Write dates as 2026-02-28 or 28/02/2026.",
        "",
        "| column | what it is | what it may hold |",
        "|---|---|---|",
        *(f"| `{column.name}` | {column.note} | {_may_hold(column)} |" for column in declared.columns),
    ]
    return "\n".join(lines) + "\n"


def _may_hold(column: Column) -> str:
    return allowed(column, at_most=len(column.choices)) + ("; never blank" if column.required else "")
