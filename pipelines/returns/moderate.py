"""`rayg moderate`: takes a file of adviser decisions into the ledger: what fits is kept, each other line refused."""

from pathlib import Path

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.landing.intake import add
from pipelines.landing.provenance import held_files
from pipelines.returns.ledger import LEDGER
from pipelines.returns.standing import refused_lines, told


def moderate(home: Home, path: Path) -> tuple[str, list[str]]:
    """Checks a file of decisions and keeps its bytes: a line on what came of it, and the lines refused, which are
    noted beside the file and count for nothing. Where no line fits, nothing is kept. A home of the sample county takes
    made-up decisions. Raises RaygError for a folder or a zip: this is about one file.
    """
    if not path.is_file() or path.suffix.lower() == ".zip":
        raise RaygError(f"{path} is not one file of decisions: name the csv file itself.")
    [outcome] = add(home, [path], source=LEDGER, is_sample=bool(home.is_sample()))
    if outcome.status == "rejected":
        lines = told(refused_lines(home, path.name, path.read_bytes())[0])
        return f"{path.name}: nothing was kept", lines or [str(outcome.reason)]
    [held] = [file.provenance for file in held_files(home) if file.provenance.file_id == outcome.file_id]
    what = "held already" if outcome.status == "already_held" else "kept in the ledger"
    but = f" but for {len(held.refused_lines)} refused: offer them again, put right, in a file of their own"
    return f"{path.name}: {what}{but if held.refused_lines else ''}", told(held.refused_lines)
