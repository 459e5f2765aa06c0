"""Text from files whose cells are typed: whole numbers without `.0`, dates in ISO form, nothing for null."""

from datetime import date, datetime, time
from typing import Any


def cell_text(cell: Any) -> str:
    """A typed cell as the text a publisher's csv would hold."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
