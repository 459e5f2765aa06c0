"""`land`: every held file as text in the landing folder, and the tables that describe the files to dbt.

`tables` decodes files and judges rows; `write` writes the Parquet. Landing is incremental: a file already landed by the
same code and catalogue is left as it is.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from pipelines.errors import RaygError
from pipelines.files import write_text_whole
from pipelines.home import Home
from pipelines.landing.at_once import in_order
from pipelines.landing.backtest import land_backtest
from pipelines.landing.periods import without_later_rows
from pipelines.landing.write import PER_FILE_FOLDERS, VERDICTS, is_whole, write_file, write_schemas, write_table
from pipelines.machine import files_at_once
from pipelines.provenance import FILE_ID_DIGITS, HeldFile, Provenance, SetAside, read_raw, sha256
from pipelines.returns.check import judge_rows
from pipelines.returns.ledger import LEDGER
from pipelines.returns.schema import return_named
from pipelines.sources.calendar import academic_year_at, release_window
from pipelines.sources.catalogue import Catalogue, Source, load_catalogue
from pipelines.tables import decode
from pipelines.tables.rows import without_refused

FILES = pa.schema(
    [
        ("file_id", pa.string()),
        ("sha256", pa.string()),
        ("size_bytes", pa.int64()),
        ("file_name", pa.string()),
        ("source", pa.string()),
        ("academic_year", pa.string()),
        ("release", pa.string()),
        ("scope", pa.string()),
        ("la_code", pa.string()),
        ("publisher", pa.string()),
        ("title", pa.string()),
        ("licence", pa.string()),
        ("landing_page", pa.string()),
        ("url", pa.string()),
        ("published_on", pa.date32()),
        ("published_on_is_assumed", pa.bool_()),
        ("is_sample", pa.bool_()),
        ("rows_n", pa.int64()),
        ("cells_n", pa.int64()),
        ("rejected_rows_n", pa.int64()),
        ("is_visible", pa.bool_()),
        ("header_digest", pa.string()),
    ]
)
PARAMETERS = pa.schema(
    [
        ("la_code", pa.string()),
        ("as_at", pa.date32()),
        ("review_year", pa.int32()),
        ("reference_on", pa.date32()),
        ("is_sample", pa.bool_()),
    ]
)
CATALOGUE = pa.schema(
    [
        ("source", pa.string()),
        ("title", pa.string()),
        ("publisher", pa.string()),
        ("licence", pa.string()),
        ("landing_page", pa.string()),
        ("grain", pa.string()),
        ("role", pa.string()),
        ("release_months", pa.string()),
        ("preference", pa.int32()),
        ("is_log", pa.bool_()),
    ]
)
HEADER_DIGEST_DIGITS = 12
YEAR = timedelta(days=366)
NOTED = {"rows_n", "cells_n", "rejected_rows_n", "header_digest", "landed_by"}  # of each landed file


@dataclass(frozen=True)
class LandedFile:
    """The result for one file. Where the file could not be read at all, `fault` says why and the counts are 0."""

    provenance: Provenance
    state: Literal["landed", "unchanged", "failed"]
    rows_n: int
    cells_n: int
    rejected_rows_n: int
    header_digest: str
    landed_by: str  # the digest of the code and the catalogue entry that landed it
    fault: str | None = None


@dataclass(frozen=True)
class LandingReport:
    """One landing: a `LandedFile` for every held file, by file_id, and the parameters the build will use."""

    files: list[LandedFile]
    review_year: int
    reference_on: date
    is_sample: bool

    @property
    def rows_n(self) -> int:
        return sum(file.rows_n for file in self.files)

    @property
    def cells_n(self) -> int:
        return sum(file.cells_n for file in self.files)

    @property
    def rejected_rows_n(self) -> int:
        return sum(file.rejected_rows_n for file in self.files)


def land(
    home: Home,
    *,
    la_code: str,
    as_at: date | None,
    review_year: int | None,
    progress: Callable[[str], None] | None = None,
) -> LandingReport:
    """Brings the landing folder in line with the raw folder. `progress` hears one line for each file it lands.

    `la_code` is three digits or `all`. `review_year` 2025 is the review of 2024/25; `default_review` says which
    one it is by default. A file whose bytes differ from its sidecar, whose sidecar is not believed, or that cannot be
    read, gets a failed verdict and no cells; the others go on. Raises RaygError where there is nothing to build from.
    """
    if not re.fullmatch(r"[0-9]{3}|all", la_code):
        raise RaygError(f"--la {la_code} is not an LA: give its three-digit code, or all.")
    held, aside = read_raw(home)
    if not held:
        first = f" ({aside[0].reason})" if aside else ""
        raise RaygError(f"No published files are held in this home{first}: add some with `rayg add`.")
    catalogue = load_catalogue()
    parameters = _parameters(held, catalogue, la_code, as_at, review_year)
    landing = home.landing
    code = _code_digest()
    landed = _landed_before(landing)
    _remove_departed(landing, {file.provenance.file_id for file in held})
    write_schemas(landing)
    tasks = []
    for file in held:
        source = catalogue.source(file.provenance.source)
        before = landed.get(file.provenance.file_id)
        tasks.append(_Task(landing, file, source, _landed_by(code, source), before))
    files = []
    for result in in_order(_land_one, tasks, _bytes_to_land, files_at_once()):
        files.append(result)
        if progress and result.state != "unchanged":
            progress(f"{result.provenance.file_name} {result.provenance.academic_year}: {_summary(result)}")
    odd = _rows_set_aside(aside, {file.provenance.file_id for file in held}, parameters, catalogue)
    if progress:
        for one in aside:
            progress(one.reason)
    _write_files(landing, files, odd, catalogue, as_at)
    _write_verdicts(landing, files, odd)
    _write_catalogue(landing, catalogue)
    write_table(pa.Table.from_pylist([parameters], schema=PARAMETERS), landing / "parameters.parquet")
    land_backtest(home)
    _note_landed(landing, files)
    return LandingReport(
        files,
        parameters["review_year"],
        parameters["reference_on"],
        parameters["is_sample"],
    )


def _parameters(
    held: list[HeldFile], catalogue: Catalogue, la_code: str, as_at: date | None, review_year: int | None
) -> dict[str, Any]:
    """The one row of parameters.parquet."""
    results = {source.id for source in catalogue.sources if source.role == "results"}
    visible = [file.provenance for file in held if _is_visible(file.provenance, catalogue, as_at)]
    newest = default_review(visible, results)
    if review_year is None and newest is None:
        raise RaygError("No results are held that could be seen by then: add some, or say --review YEAR.")
    reference_on = as_at or day_of_reference([file.provenance for file in held])
    last = int(academic_year_at(date.today())[:4]) + 1  # the clock refuses, and decides nothing of a build
    if review_year is not None and not 2000 <= review_year <= last:
        raise RaygError(f"--review {review_year} cannot be: the last review is {last}, of the year that runs now.")
    return {
        "la_code": la_code,
        "as_at": as_at,
        "review_year": review_year if review_year is not None else newest,
        "reference_on": reference_on,
        "is_sample": held[0].provenance.is_sample,
    }


def default_review(visible: list[Provenance], results: set[str]) -> int | None:
    """The review of the newest academic year that at least two sources of results have reached; where only one source
    is held, of its newest; None without any. The first file of a new year, or a slip in a year, moves nothing alone.
    """
    reached: dict[str, int] = {}
    for file in visible:
        if file.source in results:
            reached[file.source] = max(reached.get(file.source, 0), int(file.academic_year[:4]) + 1)
    return sorted(reached.values())[-2:][0] if reached else None


def day_of_reference(held: list[Provenance]) -> date:
    """The newest day on which something held came out, unless it is over a year after all other sources: no file alone
    carries the day so far.
    """
    newest: dict[str, date] = {}
    for file in held:
        newest[file.source] = max(newest.get(file.source, date.min), file.published_on)
    *others, last = sorted(newest.values())
    return last if not others or last - others[-1] <= YEAR else others[-1]


def _is_visible(provenance: Provenance, catalogue: Catalogue, as_at: date | None) -> bool:
    """Whether a build as at that day may see the file: each copy of a log, since dbt judges its rows by their dates."""
    source = catalogue.source(provenance.source)
    return as_at is None or provenance.published_on <= as_at or (source is not None and source.is_log)


@dataclass(frozen=True)
class _Task:
    """What landing one file needs, in this process or another. `source`: its entry in the catalogue, None where it has
    none. `before`: what was noted when it was last landed.
    """

    landing: Path
    file: HeldFile
    source: Source | None
    landed_by: str
    before: dict[str, Any] | None

    @property
    def is_noted(self) -> bool:
        """Whether the file was landed by the same code and catalogue entry."""
        return self.before is not None and self.before["landed_by"] == self.landed_by


def _bytes_to_land(task: _Task) -> int:
    return 0 if task.is_noted else task.file.provenance.size_bytes


def _landed_by(code: str, source: Source | None) -> str:
    """The digest of the code and the catalogue entry that land a source's files."""
    declared = return_named(source.id) if source else None
    entry = (source.model_dump_json() if source else "") + (declared.model_dump_json() if declared else "")
    return hashlib.sha256(f"{code}{entry}".encode()).hexdigest()


def _land_one(task: _Task) -> LandedFile:
    """Lands one file, unless it is landed already. A file that cannot be read leaves nothing behind."""
    landing, file, source = task.landing, task.file, task.source
    provenance = file.provenance
    try:
        content = _read_intact(file)
        if source is None:
            raise RaygError(f"source {provenance.source} is not in this version's catalogue")
        if task.before and task.is_noted and all(is_whole(path) for path in _paths(landing, provenance.file_id)):
            return LandedFile(provenance, "unchanged", **task.before)
        table = decode.read_table(content, provenance.file_name, source, source.sheet)
        rows = without_refused(judge_rows(table, source), provenance.refused_lines)
        rows = without_later_rows(rows, table, source, provenance.academic_year)
    except RaygError as fault:
        for path in _paths(landing, provenance.file_id):
            path.unlink(missing_ok=True)
        return LandedFile(provenance, "failed", 0, 0, 0, "", "", fault=str(fault))
    write_file(landing, provenance.file_id, table.header, rows)
    accepted = len(rows.accepted)
    header = "\n".join(name.upper() for name in table.header)
    return LandedFile(
        provenance,
        "landed",
        rows_n=accepted,
        cells_n=accepted * len(table.header),
        rejected_rows_n=len(rows.rejects),
        header_digest=sha256(header.encode())[:HEADER_DIGEST_DIGITS],
        landed_by=task.landed_by,
    )


def _read_intact(file: HeldFile) -> bytes:
    try:
        content = file.path.read_bytes()
    except OSError as error:
        raise RaygError(f"held file cannot be read ({error.strerror}): add it again") from error
    if sha256(content) != file.provenance.sha256:
        raise RaygError("bytes differ from its provenance: add it again")
    return content


def _summary(file: LandedFile) -> str:
    if file.fault:
        return file.fault
    left_out = f", {file.rejected_rows_n:,} left out" if file.rejected_rows_n else ""
    return f"{file.rows_n:,} rows, {file.cells_n:,} cells{left_out}"


def _rows_set_aside(
    aside: list[SetAside], held_ids: set[str], parameters: dict[str, Any], catalogue: Catalogue
) -> list[tuple[dict[str, Any], str]]:
    """A row of files.parquet for each file whose sidecar is not believed, and why: it says what the bytes and their
    place in the raw folder say, with the release and the day that are usual for such a file. Raises RaygError where
    they say no source, and for a file of the ledger: no build leaves out what people decided.
    """
    rows = []
    for odd in aside:
        source = next((one for one in catalogue.sources if odd.path.parent.parent.match(one.folder)), None)
        if source is None or not re.fullmatch(r"[0-9]{4}-[0-9]{2}", odd.path.parent.name):
            raise RaygError(f"{odd.reason}. Nothing was built.")
        academic_year = odd.path.parent.name.replace("-", "/")
        content = odd.path.read_bytes() if odd.path.is_file() else b""
        digest = sha256(content)
        is_copy = digest[:FILE_ID_DIGITS] in held_ids
        if source.id == LEDGER and not is_copy:
            raise RaygError(
                f"{odd.reason}. It holds advisers' decisions, which no build leaves out: nothing was built."
            )
        if is_copy:
            digest = sha256("/".join(odd.path.parts[-3:]).encode() + content)
        held_ids.add(digest[:FILE_ID_DIGITS])
        row: dict[str, Any] = dict.fromkeys(FILES.names) | {
            "file_id": digest[:FILE_ID_DIGITS],
            "sha256": digest,
            "size_bytes": len(content),
            "file_name": odd.path.name,
            "source": source.id,
            "academic_year": academic_year,
            "publisher": source.publisher,
            "title": source.title,
            "licence": source.licence,
            "landing_page": source.landing_page,
            "release": source.default_release,
            "published_on": min(_usual_day(source, academic_year), parameters["reference_on"]),
            "published_on_is_assumed": True,
            "is_sample": parameters["is_sample"],
            "rows_n": 0,
            "cells_n": 0,
            "rejected_rows_n": 0,
            "is_visible": True,
            "header_digest": "",
        }
        rows.append((row, odd.reason))
    return rows


def _usual_day(source: Source, academic_year: str) -> date:
    """The day that a file without one takes when it is added; where its release has no usual month, the year's last."""
    if source.default_release in source.release_months:
        return release_window(source, source.default_release, academic_year)[1]
    return date(int(academic_year[:4]) + 1, 8, 31)


def _write_files(
    landing: Path,
    files: list[LandedFile],
    odd: list[tuple[dict[str, Any], str]],
    catalogue: Catalogue,
    as_at: date | None,
) -> None:
    rows = [row for row, _ in odd] + [
        {
            **file.provenance.model_dump(exclude={"retrieved_at", "refused_lines"}),
            "rows_n": file.rows_n,
            "cells_n": file.cells_n,
            "rejected_rows_n": file.rejected_rows_n,
            "is_visible": _is_visible(file.provenance, catalogue, as_at),
            "header_digest": file.header_digest,
        }
        for file in files
    ]
    write_table(pa.Table.from_pylist(rows, schema=FILES), landing / "files.parquet")


def _write_verdicts(landing: Path, files: list[LandedFile], odd: list[tuple[dict[str, Any], str]]) -> None:
    """A failed verdict for each file that could not be read; the checks add a verdict for each that could."""
    verdicts = [
        {"file_id": file.provenance.file_id, "verdict": "failed", "reason": file.fault} for file in files if file.fault
    ]
    verdicts += [{"file_id": row["file_id"], "verdict": "failed", "reason": reason} for row, reason in odd]
    write_table(pa.Table.from_pylist(verdicts, schema=VERDICTS), landing / "verdicts.parquet")


def _write_catalogue(landing: Path, catalogue: Catalogue) -> None:
    rows = [
        {
            **{name: getattr(source, name) for name in CATALOGUE.names if name not in ("source", "release_months")},
            "source": source.id,
            "release_months": ", ".join(f"{name} {month}" for name, month in source.release_months.items()),
        }
        for source in catalogue.sources
    ]
    write_table(pa.Table.from_pylist(rows, schema=CATALOGUE), landing / "catalogue.parquet")


def _paths(landing: Path, file_id: str) -> Iterator[Path]:
    return (landing / folder / f"{file_id}.parquet" for folder in PER_FILE_FOLDERS)


def _remove_departed(landing: Path, held_ids: set[str]) -> None:
    """Removes the landed tables of files that are no longer held."""
    for folder in PER_FILE_FOLDERS:
        for path in (landing / folder).glob("*.parquet"):
            if path.stem not in held_ids:
                path.unlink()


def _code_digest() -> str:
    """The digest of the code that lands files: when it changes, every file is landed anew."""
    digest = hashlib.sha256()
    for path in code_files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def code_files() -> list[Path]:
    """The modules that decide what a landed file holds: how it is decoded, judged and written."""
    package = Path(__file__).parent.parent
    rooms = (package / name for name in ("landing", "returns", "tables"))
    return sorted([package / "sources" / "catalogue.py", *(path for room in rooms for path in room.glob("*.py"))])


def _landed_before(landing: Path) -> dict[str, dict[str, Any]]:
    """What was noted of each landed file, by file_id; of a damaged note what can be read, since landing again makes it
    anew.
    """
    try:
        noted = json.loads((landing / "landed.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    entries = noted.items() if isinstance(noted, dict) else ()
    return {file_id: entry for file_id, entry in entries if isinstance(entry, dict) and _is_noted(entry)}


def _is_noted(entry: dict[str, Any]) -> bool:
    """Whether an entry can be what was noted: a build publishes these counts without counting again."""
    return (
        entry.keys() == NOTED
        and all(type(entry[name]) is int and entry[name] >= 0 for name in ("rows_n", "cells_n", "rejected_rows_n"))
        and re.fullmatch(rf"[0-9a-f]{{{HEADER_DIGEST_DIGITS}}}", str(entry["header_digest"])) is not None
    )


def _note_landed(landing: Path, files: list[LandedFile]) -> None:
    noted = {
        file.provenance.file_id: {name: getattr(file, name) for name in sorted(NOTED)}
        for file in files
        if not file.fault
    }
    text = json.dumps(noted, indent=2, sort_keys=True)
    write_text_whole(landing / "landed.json", text)
