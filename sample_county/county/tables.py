"""How a published table is put into bytes: headers, number formats, suppression tokens, short rows.

A column is an object array of text, one cell per row. Nothing here knows what a column means.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Cells = np.ndarray[Any, np.dtype[Any]]
Numbers = np.ndarray[Any, np.dtype[Any]]

_HEADERS = Path(__file__).parent.parent / "headers"
_WHOLE = np.array([f"{n}%" for n in range(101)], dtype=object)


@cache
def header(name: str) -> tuple[str, ...]:
    """The published column names of one layout, in order (headers/<name>.txt)."""
    return tuple((_HEADERS / f"{name}.txt").read_text(encoding="utf-8").splitlines())


def texts(values: Sequence[str]) -> Cells:
    """Free text as cells, quoted where CSV needs it."""
    return np.array([quoted(value) for value in values], dtype=object)


def quoted(value: str) -> str:
    if "," in value or '"' in value:
        return '"' + value.replace('"', '""') + '"'
    return value


def counts(values: Numbers) -> Cells:
    return np.array([str(value) for value in np.asarray(values).astype(np.int64).tolist()], dtype=object)


def half_up(values: Numbers, places: int = 0) -> Numbers:
    """Rounded as publishers do (half away from zero), in units of the last place: 12.345, 2 -> 1235.

    The tiny allowance takes up binary fractions such as 0.285 that lie just under their half.
    """
    scaled = np.asarray(values, dtype=np.float64) * 10**places
    rounded: Numbers = (np.sign(scaled) * np.floor(np.abs(scaled) + 0.5 + 1e-7)).astype(np.int64)
    return rounded


def decimals(values: Numbers, places: int, *, keep_zeros: bool = False) -> Cells:
    """Decimal text; trailing zeros are dropped, as the performance tables do, unless they are kept."""
    scale, form = 10**places, f"%.{places}f"
    out = [form % (units / scale) for units in half_up(values, places).tolist()]
    if places and not keep_zeros:
        out = [text.rstrip("0").rstrip(".") for text in out]
    return np.array(out, dtype=object)


def decimal(value: float, places: int, *, keep_zeros: bool = False) -> str:
    """One number, as `decimals` prints it."""
    return str(decimals(np.array([value]), places, keep_zeros=keep_zeros)[0])


def ratio(part: Numbers, whole: Numbers) -> Numbers:
    """part / whole, 0 where whole is 0 (the caller hides those cells)."""
    whole = np.asarray(whole, dtype=np.float64)
    quotient: Numbers = np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)
    return quotient


def whole_percent(part: Numbers, whole: Numbers) -> Cells:
    """65%; blank where the whole is 0."""
    cells: Cells = _WHOLE[half_up(100 * ratio(part, whole))]
    return put(cells, np.asarray(whole) == 0, "")


def percent(part: Numbers, whole: Numbers, pattern: str) -> Cells:
    """A percentage of one decimal in a publisher's own spelling: pattern "{:.2f}%" gives 53.40%."""
    units = half_up(100 * ratio(part, whole), 1).tolist()
    cells: Cells = np.array([pattern.format(unit / 10) for unit in units], dtype=object)
    return put(cells, np.asarray(whole) == 0, "")


def respelled(cells: Cells, pattern: str) -> Cells:
    """Percentages of another year's file in this year's spelling: 53.7% becomes 53.70%."""
    return np.array(
        [pattern.format(float(text[:-1])) if text.endswith("%") else text for text in cells.tolist()], dtype=object
    )


def put(cells: Cells, where: Numbers, token: str) -> Cells:
    """A copy of the cells with a token wherever the mask says."""
    out = cells.copy()
    out[np.asarray(where, dtype=bool)] = token
    return out


def csv_text(
    names: Sequence[str],
    columns: Mapping[str, Cells],
    *,
    absent: str = "",
    order: Sequence[int] | None = None,
    is_cut: bool = True,
) -> str:
    """Lines ended by CRLF; columns that are not given hold `absent`; trailing blanks are cut off a row.

    Cut rows are how the performance tables come: a row may have fewer fields than the header.
    """
    rows = len(next(iter(columns.values())))
    chosen = list(range(rows)) if order is None else list(order)
    blank = [absent] * len(chosen)
    given = [columns[name][chosen].tolist() if name in columns else blank for name in names]
    lines = [",".join(quoted(name) for name in names)]
    if is_cut:
        lines += [",".join(row).rstrip(",") for row in zip(*given, strict=True)]
    else:
        lines += [",".join(row) for row in zip(*given, strict=True)]
    return "\r\n".join(lines) + "\r\n"


def rows_text(
    names: Sequence[str],
    rows: Iterable[Mapping[str, str]],
    *,
    absent: str = "",
    end: str = "\r\n",
    is_cut: bool = False,
) -> str:
    """Rows as dictionaries put into text; every row as long as the header, unless trailing blanks are cut off."""
    lines = [",".join(quoted(name) for name in names)]
    printed = [",".join([quoted(row.get(name, absent)) for name in names]) for row in rows]
    lines += [line.rstrip(",") for line in printed] if is_cut else printed
    return end.join(lines) + end


class File(NamedTuple):
    """One file as a person keeps it: its path under the folder of all downloads, and its bytes."""

    path: str
    content: bytes


def utf8(path: str, text: str) -> File:
    return File(path, text.encode("utf-8"))


def utf8_bom(path: str, text: str) -> File:
    return File(path, text.encode("utf-8-sig"))


def cp1252(path: str, text: str) -> File:
    return File(path, text.encode("cp1252"))
