"""Separated text (csv, and what Excel saves under that name) as lines of cells: its encoding and its separator.

What the cells mean belongs in dbt; which line is the header, in `decode`.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from pipelines.errors import RaygError
from pipelines.tables.limits import CELLS_MAX, COLUMNS_MAX, FIELD_CHARACTERS_MAX

Line = tuple[int, list[str]]

SAMPLE_CHARACTERS = 1_000_000  # what the separator is told by
SAMPLE_ROWS = 20
COMMA = ","
OTHERS = {";": "semicolons", "\t": "tabs"}  # Excel's csv where the comma is the decimal sign; its "Unicode text"
# The longer mark first, since UTF-32 begins as UTF-16 does.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WINDOWS = "cp1252"  # takes nearly any bytes, so it comes last
# Of bytes that neither encoding knows a few spoil their own cells; a file of many is no text.
STRANGE_MOST = 20
STRANGE_SHARE = 1 / 10_000
CHUNK = 1 << 20
_UNDEFINED = tuple(bytes([byte]) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D))  # what Windows-1252 gives no letter
_UTF_8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_COMMA_IN_NUMBER = re.compile(r"-?£?[0-9]+(,[0-9]+)+ ?%?")
_THOUSANDS = re.compile(r"-?£?[0-9]{1,3}(,[0-9]{3})+ ?%?")

# Python's own limit is 131,072 characters, and its word for a longer cell is that the quoting is broken.
csv.field_size_limit(FIELD_CHARACTERS_MAX)


def read_separated(content: bytes) -> list[Line]:
    """Every line that is not blank, with the number a text editor shows where it starts.

    Raises RaygError where the bytes are not text in a known encoding, or their quoting or extent is broken.
    """
    mark_n, encoding = _encoding(content)
    return _parse(content, mark_n, encoding, _separator(_sample(content, mark_n, encoding)))


def _parse(content: bytes, mark_n: int, encoding: str, separator: str) -> list[Line]:
    lines: list[Line] = []
    cells_n = 0
    # strict: otherwise a quote that never closes would silently swallow the rest of the file
    reader = csv.reader(_text(content, mark_n, encoding), delimiter=separator, strict=True)
    starts_at = 1
    try:
        for cells in reader:
            if any(cells) and any(cell.strip() for cell in cells):
                cells_n += len(cells)
                if len(cells) > COLUMNS_MAX:
                    raise RaygError(f"line {starts_at} has over {COLUMNS_MAX:,} cells: take the file as published")
                if cells_n > CELLS_MAX:
                    raise RaygError(f"over {CELLS_MAX:,} cells, as no published file has: take it in parts")
                if separator != COMMA:
                    _refuse_decimal_comma(cells, separator, starts_at)
                lines.append((starts_at, cells))
            starts_at = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            raise RaygError(
                f"line {starts_at}: a cell of over {FIELD_CHARACTERS_MAX:,} characters:"
                " look for a quote that is never closed"
            ) from error
        raise RaygError(f"line {starts_at}: broken quoting ({error}): download it again") from error
    return lines


def _refuse_decimal_comma(cells: list[str], separator: str, line: int) -> None:
    """Raises RaygError for a number whose comma may be its decimal sign: without the comma 5,2 would count as 52.

    Where semicolons part the cells the comma is that sign, even before three places. Beside tabs it may part thousands.
    """
    for cell in cells:
        if _COMMA_IN_NUMBER.fullmatch(cell.strip()) and (separator == ";" or not _THOUSANDS.fullmatch(cell.strip())):
            raise RaygError(f"line {line}: {cell.strip()} has a decimal comma: save the file with decimal points")


def _text(content: bytes, mark_n: int, encoding: str) -> io.TextIOWrapper:
    """The text as a stream, since a string of a whole file can take four times its bytes."""
    raw = io.BytesIO(content)
    raw.seek(mark_n)
    return io.TextIOWrapper(raw, encoding=encoding, newline="", errors=BYTE_BY_BYTE)


def _one_by_one(error: UnicodeError) -> tuple[str, int]:
    """A byte that is not of the file's encoding: the letter of Windows-1252, else the mark of a letter that is lost."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start : error.start + 1]
    return byte.decode(WINDOWS, errors="replace"), error.start + 1


BYTE_BY_BYTE = "rayg.byte_by_byte"
codecs.register_error(BYTE_BY_BYTE, _one_by_one)


def _encoding(content: bytes) -> tuple[int, str]:
    """How many bytes of byte order marks stand in front, and how the text is encoded."""
    mark_n = 0
    for mark, encoding in MARKS:
        if content.startswith(mark):
            mark_n = len(mark)
            while content.startswith(mark, mark_n):  # a program that adds a mark to a file that has one
                mark_n += len(mark)
            if _is_encoded(content, mark_n, encoding):
                return mark_n, encoding
            if encoding != "utf-8":
                raise RaygError(f"marked as {encoding.upper()} text and cut short or damaged: download it again")
            break
    if unmarked := _unmarked_utf_16(content):
        return 0, unmarked
    return mark_n, _unmarked(content[mark_n:])


def _unmarked(content: bytes) -> str:
    """UTF-8 or Windows-1252, whichever more of the letters beyond ASCII are of; a few bytes may be of the other or of
    neither, as where two programs have written one file. Each then costs its own cell at most.
    """
    if _is_encoded(content, 0, "utf-8"):
        return "utf-8"
    letters_n = sum(1 for _ in _UTF_8_LETTER.finditer(content))
    others_n = sum(byte > 127 for byte in _UTF_8_LETTER.sub(b"", content))
    if letters_n >= max(others_n, 1):  # letters of UTF-8 do not come about by chance
        return "utf-8"
    if _is_encoded(content, 0, WINDOWS):
        return WINDOWS
    if sum(content.count(byte) for byte in _UNDEFINED) > max(STRANGE_MOST, STRANGE_SHARE * len(content)):
        raise RaygError("neither UTF-8 nor Windows-1252 text: download it again")
    return "utf-8"


def _unmarked_utf_16(content: bytes) -> str | None:
    """UTF-16 without a mark: in its first bytes, which are letters of a header, every other byte is 0."""
    head = content[:64]
    if len(head) < 4 or len(content) % 2:
        return None
    for zeros, letters, encoding in ((head[1::2], head[::2], "utf-16-le"), (head[::2], head[1::2], "utf-16-be")):
        if not any(zeros) and all(letters) and _is_encoded(content, 0, encoding):
            return encoding
    return None


def _is_encoded(content: bytes, start: int, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for at in range(start, len(content), CHUNK):
            decoder.decode(content[at : at + CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _sample(content: bytes, mark_n: int, encoding: str) -> str:
    return _text(content, mark_n, encoding).read(SAMPLE_CHARACTERS)


def _separator(sample: str) -> str:
    """A comma, unless the header has more columns under another separator.

    Text in a comma file may hold semicolons, so another separator must part the header and the row beneath it into
    equally many cells. Where two separators part the header alike, nothing is guessed.
    """
    best, columns_n = COMMA, 1
    for separator, plural in OTHERS.items():
        header_n, by_comma_n = _parted(sample, separator)
        if header_n < 2 or header_n < by_comma_n:
            continue
        if header_n == by_comma_n:
            raise RaygError(f"parted by commas or by {plural}, which of them is unsure: save it as csv with commas")
        if header_n == columns_n:
            raise RaygError("parted by semicolons or by tabs, which of them is unsure: save it as csv with commas")
        if header_n > columns_n:
            best, columns_n = separator, header_n
    return best


def _parted(sample: str, separator: str) -> tuple[int, int]:
    """The cells of the header under a separator, and those of the same line under commas; (0, 0) without a header.

    The header is the first line of several cells that the next line matches in their number, or the only line.
    """
    if separator not in sample:
        return 0, 0
    rows = list(_first_rows(sample, separator))
    for at, (text, cells_n) in enumerate(rows):
        below = rows[at + 1][1] if at + 1 < len(rows) else cells_n if len(rows) == 1 else 0
        if cells_n > 1 and below == cells_n:
            return cells_n, max((number for _, number in _first_rows(text, COMMA)), default=0)
    return 0, 0


def _first_rows(sample: str, separator: str) -> Iterator[tuple[str, int]]:
    """The first rows that are not blank: the text of each, and how many cells it has."""
    texts = list(io.StringIO(sample, newline=""))  # `splitlines` would end a line at more marks than csv does
    # strict: quotes that another separator closes wrongly say that it does not part these cells
    reader = csv.reader(texts, delimiter=separator, strict=True)
    begins, rows_n = 0, 0
    try:
        for cells in reader:
            text, begins = "".join(texts[begins : reader.line_num]), reader.line_num
            if any(cell.strip() for cell in cells):
                yield text, len(cells)
                rows_n += 1
            if rows_n == SAMPLE_ROWS:
                return
    except csv.Error:
        return  # the whole file is judged when it is parsed
