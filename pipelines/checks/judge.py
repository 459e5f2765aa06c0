"""A verdict per landed file: runs each source's suite over the file's wide text and writes `verdicts.parquet`.

A few strange cells never lose a file: what they stand in is set aside, a row or a cell of it, with the reason, and
written to `set_aside.parquet` for dbt to leave out. Reads landed files, writes verdicts and the unstyled Data Docs.
Great Expectations takes seconds to import, so it is imported only where a file has to be judged. `asset_checks` shows a
verdict in Dagster; thresholds lie in `expectations/`.
"""

import contextlib
import hashlib
import json
import os
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.checks.suites import Suite, applicable, columns_named, read_suites
from pipelines.files import sha256_of, write_text_whole
from pipelines.home import Home
from pipelines.landing.periods import is_exception
from pipelines.landing.write import SET_ASIDE, VERDICTS, write_table
from pipelines.seeds import seed
from pipelines.sources.catalogue import Source, column_keys, load_catalogue
from pipelines.written import shown

PASSED, FAILED = "passed", "failed"
LINE = "_line"
FIGURES = ("results", "context")  # the roles of sources whose cells are figures
ROW, CELL = "row", "cell"  # how much of a file a strange cell takes with it
SHOWN_IN_DOCS = {
    "observed_value",
    "element_count",
    "missing_count",
    "missing_percent",
    "unexpected_count",
    "unexpected_percent",
    "unexpected_percent_total",
    "unexpected_percent_nonmissing",
}


@dataclass(frozen=True)
class SetAside:
    """A strange cell of a file that is otherwise used, and what is left out for it: the cell or its whole row."""

    file_id: str
    line: int
    column_key: str
    extent: str
    raw_value: str
    reason: str


@dataclass(frozen=True)
class Verdict:
    """The verdict on one file; `reason` is empty where it passed. `set_aside`: what of it is left out all the same."""

    file_id: str
    verdict: str
    reason: str
    set_aside: tuple[SetAside, ...] = ()


def docs_folder(home: Home) -> Path:
    """The Data Docs as Great Expectations writes them; publication makes them fit to show."""
    return home.warehouse / "data_docs"


def judge(home: Home, progress: Callable[[str], None]) -> list[Verdict]:
    """A verdict on every visible file, by file_id, written to `verdicts.parquet`.

    A file is judged again only when its text or its suite has changed. A file that landing could not read
    keeps landing's verdict. A file whose source has no suite passes. `progress` hears which file is being judged.
    """
    suites = read_suites()
    unreadable = {verdict.file_id: verdict for verdict in _verdicts_of_landing(home)}
    known = _read_judged(home)
    verdicts: dict[str, Verdict] = {}
    digests: dict[str, str] = {}
    waiting: list[tuple[dict[str, Any], Suite]] = []
    for file in visible_files(home):
        file_id, suite, wide = file["file_id"], suites.get(file["source"]), _wide(home, file["file_id"])
        if not wide.exists():
            verdicts[file_id] = unreadable[file_id]
        elif suite is None:
            verdicts[file_id] = Verdict(file_id, PASSED, "")
        else:
            digests[file_id] = _judged_digest(suite, wide)
            judged, before = known.get(file_id, ("", None))
            if before is None or judged != digests[file_id] or not _is_written(_page(home, file_id)):
                waiting.append((file, suite))
            else:
                verdicts[file_id] = before
    if waiting:
        verdicts |= _run_suites(home, waiting, progress)
    _write_judged(home, {file_id: (digest, verdicts[file_id]) for file_id, digest in digests.items()})
    in_order = [verdicts[file_id] for file_id in sorted(verdicts)]
    table = pa.Table.from_pylist([asdict(verdict) for verdict in in_order], schema=VERDICTS)
    write_table(table, home.landing / "verdicts.parquet")
    aside = [asdict(one) for verdict in in_order for one in verdict.set_aside]
    write_table(pa.Table.from_pylist(aside, schema=SET_ASIDE), home.landing / "set_aside.parquet")
    return in_order


def visible_files(home: Home) -> list[dict[str, Any]]:
    """The landed files this build may see, by file_id, as rows of `files.parquet`."""
    files = pq.read_table(home.landing / "files.parquet").to_pylist()
    return sorted((file for file in files if file["is_visible"]), key=lambda file: file["file_id"])


def _run_suites(
    home: Home, waiting: list[tuple[dict[str, Any], Suite]], progress: Callable[[str], None]
) -> dict[str, Verdict]:
    docs_folder(home).mkdir(parents=True, exist_ok=True)
    verdicts = {}
    with _great_expectations() as (gx, context):
        datasource = context.data_sources.add_pandas("landing")
        render = _page_renderer()
        for number, (file, suite) in enumerate(waiting, start=1):
            file_id = file["file_id"]
            progress(f"checking {number} of {len(waiting)}: {file['file_name']}")
            result = _validate(gx, datasource, file_id, suite, _wide(home, file_id))
            failed = [one for one in result.results if not one.success]
            broken = [one for one in failed if not _is_exceptional(one)]
            aside = () if broken else _set_aside(failed, file)
            reason = _reason(broken[0]) if broken else ""
            write_text_whole(_page(home, file_id), render(result))
            verdicts[file_id] = Verdict(file_id, FAILED if reason else PASSED, reason, aside)
    return verdicts


def _validate(gx: Any, datasource: Any, file_id: str, suite: Suite, wide: Path) -> Any:
    """Run one suite over one file's wide text; blank cells, which come as '' and ' ', count as
    nothing there.
    """
    names = [name for name in pq.read_schema(wide).names if name != LINE]
    held = dict(zip(column_keys(names), names, strict=True))
    expectations = applicable(suite, held)
    wanted = sorted({name for expectation in expectations for name in columns_named(expectation)} & held.keys())
    frame = pq.read_table(wide, columns=[LINE, *(held[name] for name in wanted)]).to_pandas()
    frame.columns = [LINE, *wanted]
    for name in wanted:
        stripped = frame[name].str.strip()
        frame[name] = stripped.where(stripped != "", None)
    asset = datasource.add_dataframe_asset(file_id)
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch(batch_parameters={"dataframe": frame})
    result = batch.validate(
        gx.ExpectationSuite(name=suite.source, expectations=[_described(one) for one in expectations]),
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": [LINE],
            "partial_unexpected_count": 1,
            "return_unexpected_index_query": False,
        },
    )
    datasource.delete_asset(file_id)  # it would keep the whole frame in memory
    return result


def _is_exceptional(one: Any) -> bool:
    """Whether a failed expectation is about so few cells that each is a slip of its own: they are set aside alone."""
    return "unexpected_count" in one.result and is_exception(one.result["unexpected_count"], _looked_at(one))


def _looked_at(one: Any) -> int:
    """How many cells an expectation judged: blanks too where it asks that there be none."""
    is_of_blanks = one.expectation_config.type == "expect_column_values_to_not_be_null"
    return int(one.result["element_count"] - (0 if is_of_blanks else one.result.get("missing_count", 0)))


def _set_aside(failed: list[Any], file: dict[str, Any]) -> tuple[SetAside, ...]:
    """The strange cells of a file that stands, in the order of its lines, each once."""
    source = load_catalogue().source(file["source"])
    if source is None:
        return ()
    strange: dict[tuple[int, str], SetAside] = {}
    for one in failed:
        config = one.expectation_config
        column = config.kwargs["column"]
        extent = _extent(column, source)
        for cell in one.result["unexpected_index_list"] if extent else ():
            line = int(cell[LINE])
            found = SetAside(file["file_id"], line, column, extent, _text(cell[column]), config.meta["tests"])
            strange.setdefault((line, column), found)
    return tuple(strange[key] for key in sorted(strange))


def _extent(column: str, source: Source) -> str:
    """What a strange cell of a column takes with it: its row where it says what the row is about, else itself alone.
    Empty for a figure: dbt sets those aside one by one, since it alone knows the codes of absences.
    """
    keys = column_keys([*source.urn_columns, *source.row_key])
    if source.role in FIGURES:
        return "" if column in _figures(source.id) and column not in keys else ROW
    return ROW if column in keys else CELL


def _text(value: Any) -> str:
    """What a cell holds; a blank is missing to pandas, which has several ways to say so."""
    return value if isinstance(value, str) else ""


def _figures(source_id: str) -> set[str]:
    """The columns of a source that hold figures or stand beside them."""
    return {
        cell
        for row in (*seed("column_map"), *seed("percentages"))
        for name, cell in row.items()
        if row["source"] == source_id and cell and name.endswith(("_column", "column_name"))
    }


def _described(expectation: dict[str, Any]) -> dict[str, Any]:
    """The expectation with its meta as its description, which the Data Docs show in place of its parameters."""
    meta = expectation["meta"]
    text = f"{meta['tests']} Why: {meta['matters']} To resolve: {meta['resolve']}"
    return {**expectation, "description": text}


def _reason(one: Any) -> str:
    """One line for a failed expectation: its type, its column, the first cell, and what was expected."""
    config = one.expectation_config
    about = f"{config.type} on {config.kwargs['column']}" if "column" in config.kwargs else config.type
    cells = one.result.get("partial_unexpected_index_list") or []
    if cells:
        value = cells[0][config.kwargs["column"]]
        what = f'holds "{shown(text)}"' if (text := _text(value)) else "is blank"
        about += f": line {cells[0][LINE]} {what} ({one.result['unexpected_count']} such cells)"
    return f"{about}. {config.meta['tests']}"


def _page_renderer() -> Callable[[Any], str]:
    """Renders a result as its Data Docs page, without the failing cells: pages are passed on, cells may be personal.

    One renderer serves many pages, since it compiles Great Expectations' templates once.
    """
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

    renderer, view = ValidationResultsPageRenderer(), DefaultJinjaPageView()

    def render(result: Any) -> str:
        for one in result.results:
            one.result = {name: value for name, value in one.result.items() if name in SHOWN_IN_DOCS}
        page: str = view.render(renderer.render(result))
        return page

    return render


@contextlib.contextmanager
def _great_expectations() -> Iterator[tuple[Any, Any]]:
    """Great Expectations, imported late, and a context in memory: sending nothing, printing no
    progress bars.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        yield gx, context


def _judged_digest(suite: Suite, wide: Path) -> str:
    return hashlib.sha256(f"{suite.digest}{sha256_of(wide)}".encode()).hexdigest()


def _wide(home: Home, file_id: str) -> Path:
    return home.landing / "wide" / f"{file_id}.parquet"


def _page(home: Home, file_id: str) -> Path:
    return docs_folder(home) / f"{file_id}.html"


def _is_written(page: Path) -> bool:
    return page.exists() and page.stat().st_size > 0


def _verdicts_of_landing(home: Home) -> list[Verdict]:
    rows = pq.read_table(home.landing / "verdicts.parquet").to_pylist()
    return [Verdict(row["file_id"], row["verdict"], row["reason"]) for row in rows]


def _read_judged(home: Home) -> dict[str, tuple[str, Verdict]]:
    """By file_id, the digest of what was judged and the verdict given; none where the note is damaged, since judging
    again makes it anew.
    """
    try:
        rows = json.loads((home.landing / "judged.json").read_text(encoding="utf-8"))
        judged = {row["file_id"]: (row.pop("judged"), _verdict(row)) for row in rows}
        return {file_id: one for file_id, one in judged.items() if _is_verdict(one[1])}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _verdict(noted: dict[str, Any]) -> Verdict:
    aside = tuple(SetAside(**one) for one in noted.pop("set_aside"))
    return Verdict(**noted, set_aside=aside)


def _is_verdict(given: Verdict) -> bool:
    whole = all(isinstance(one.line, int) and isinstance(one.reason, str) for one in given.set_aside)
    return whole and isinstance(given.reason, str) and given.verdict == (FAILED if given.reason else PASSED)


def _write_judged(home: Home, judged: dict[str, tuple[str, Verdict]]) -> None:
    rows = [{"judged": digest, **asdict(verdict)} for digest, verdict in judged.values()]
    text = json.dumps(rows, indent=2)
    write_text_whole(home.landing / "judged.json", text)
