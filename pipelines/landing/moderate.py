"""`rayg moderate`: takes a file of adviser decisions into the ledger. What fits is kept, each other line is refused."""

from pathlib import Path

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.landing import intake
from pipelines.provenance import held_files
from pipelines.returns.ledger import LEDGER
from pipelines.returns.refusals import messages


def moderate(home: Home, path: Path) -> tuple[str, list[str]]:
    """Checks a file of decisions and keeps its bytes. Returns a line on the outcome, and a message for each refused
    line. Refused lines are noted beside the file and count for nothing. Where no line fits, nothing is kept. A home of
    the sample county takes made-up decisions.

    Raises RaygError for a folder or a zip, since this is about one file, and for a file that cannot be read.
    """
    if not path.is_file() or path.suffix.lower() == ".zip":
        raise RaygError(f"{path} is not one file of decisions: name the csv file itself.")
    [outcome] = intake.add(home, [path], source=LEDGER, is_sample=bool(home.is_sample()))
    if outcome.file_id is None:
        if not outcome.refused_lines:
            raise RaygError(f"{outcome.file_name}: {outcome.reason}")
        return f"{outcome.file_name}: nothing was kept", messages(outcome.refused_lines)
    if outcome.source != LEDGER:
        raise RaygError(f"{outcome.file_name}: held already as {outcome.source}: it holds no decisions.")
    [held] = [file.provenance for file in held_files(home) if file.provenance.file_id == outcome.file_id]
    what = "held already" if outcome.status == "already_held" else "kept in the ledger"
    refused_n = len(held.refused_lines)
    lines = "1 line" if refused_n == 1 else f"{refused_n} lines"
    but = f", without {lines}: correct these in a file of their own and run it again"
    noted = f"; {outcome.note}" if outcome.note else ""
    return f"{outcome.file_name}: {what}{but if refused_n else ''}{noted}", messages(held.refused_lines)
