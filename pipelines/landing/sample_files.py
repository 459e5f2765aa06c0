"""`rayg sample`: made-up files on their way into a home of their own. What they hold is for the caller's writer to say:
the product knows no sample county.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.landing import intake


def add_sample(
    home: Home, write: Callable[[Path], object], *, on_outcome: Callable[[intake.Outcome], None] | None = None
) -> list[intake.Outcome]:
    """Lets `write` fill a temporary folder, and adds its files to the home as sample files; one outcome per file.

    Raises RaygError where `write` raises ValueError, and where the home holds real files.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            write(Path(folder))
        except ValueError as error:
            raise RaygError(f"No such county can be made: {error}.") from error
        return intake.add(home, [Path(folder)], is_sample=True, on_outcome=on_outcome)
