"""`rayg moderate`: takes a file of adviser decisions into the ledger, whole or not at all."""

from pathlib import Path

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.landing.intake import add
from pipelines.returns.ledger import LEDGER
from pipelines.returns.standing import refused_lines


def moderate(home: Home, path: Path) -> tuple[str, list[str]]:
    """Checks a file of decisions and keeps its bytes: a line on what came of it, and the lines refused (then nothing
    was kept). A home of the sample county takes made-up decisions. Raises RaygError for a folder or a zip: of several
    files some might be kept and some not.
    """
    if not path.is_file() or path.suffix.lower() == ".zip":
        raise RaygError(f"{path} is not one file of decisions: name the csv file itself.")
    [outcome] = add(home, [path], source=LEDGER, is_sample=bool(home.is_sample()))
    if outcome.status == "rejected":
        lines = refused_lines(home, path.name, path.read_bytes())
        return f"{path.name}: nothing was kept", lines or [str(outcome.reason)]
    return f"{path.name}: {'held already' if outcome.status == 'already_held' else 'kept in the ledger'}", []
