"""The Frictionless data package that goes with a build: schemas, units, sources, licences, sizes and hashes.

Names, descriptions and units come from the dbt manifest, sources from the landed files. Nothing is described
here.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.files import sha256_of, write_text_whole
from pipelines.publication.builds import PACKAGE_FILE, BuildFacts
from pipelines.publication.export import Column, ExportedFile, columns_of

FRICTIONLESS_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "DOUBLE": "number",
    "FLOAT": "number",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
    "UTINYINT": "integer",
    "USMALLINT": "integer",
    "UINTEGER": "integer",
    "UBIGINT": "integer",
}
FILE = {"type": "file"}  # not a table to Frictionless, whatever its suffix: its size and hash are checked
LICENCE_PATHS = {
    "Open Government Licence v3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}


@dataclass(frozen=True)
class Mart:
    """A mart as the dbt manifest describes it."""

    name: str
    description: str
    columns: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Document:
    """A file of the build that is no mart, such as a workbook: its path, what it is, and its media type."""

    path: Path
    title: str
    description: str
    mediatype: str


def is_mart(model: str) -> bool:
    """Whether a model is published: its name says so, its folder does not."""
    return not model.startswith(("stg_", "int_"))


def marts_of(manifest: dict[str, Any]) -> list[Mart]:
    """Every mart, in name order: a model whose name has no prefix of a layer."""
    nodes = manifest["nodes"].values()
    marts = [
        Mart(node["name"], node["description"], node["columns"])
        for node in nodes
        if node["resource_type"] == "model" and is_mart(node["name"])
    ]
    return sorted(marts, key=lambda mart: mart.name)


def write_package(
    connection: duckdb.DuckDBPyConnection,
    marts: Iterable[Mart],
    files: Iterable[ExportedFile],
    sources: list[dict[str, Any]],
    facts: BuildFacts,
    folder: Path,
    documents: Iterable[Document] = (),
) -> None:
    """Write `datapackage.json` beside the exported files.

    `sources`: one row per held file with source, title, publisher, licence and landing_page.
    """
    by_name = {mart.name: mart for mart in marts}
    package = {
        "profile": "data-package",
        "name": "rayg",
        "title": "School performance monitoring" + (" (SAMPLE DATA, not real schools)" if facts.is_sample else ""),
        "version": facts.code_version,
        "id": facts.build_id,
        "as_at": facts.as_at,
        "is_sample": facts.is_sample,
        "rayg": asdict(facts),
        "licenses": _licences(sources),
        "sources": _sources(sources),
        "resources": [
            *(_resource(by_name[file.mart], columns_of(connection, file.mart), file, folder) for file in files),
            *(_document(document, folder) for document in documents),
        ],
    }
    text = json.dumps(package, indent=2, ensure_ascii=False)
    write_text_whole(folder / PACKAGE_FILE, text + "\n")


def _resource(mart: Mart, columns: list[Column], file: ExportedFile, folder: Path) -> dict[str, Any]:
    suffix = file.path.suffix.removeprefix(".")
    csv = {
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\r\n", "doubleQuote": True, "header": True},
    }
    return {
        "name": f"{file.path.stem.lower()}-{suffix}",  # a part's own name, where a CSV is split
        "title": mart.name,
        "description": mart.description,
        "path": file.path.relative_to(folder).as_posix(),
        "format": suffix,
        "mediatype": "text/csv" if suffix == "csv" else "application/vnd.apache.parquet",
        **(csv if suffix == "csv" else FILE),
        "bytes": file.path.stat().st_size,
        "hash": f"sha256:{sha256_of(file.path)}",
        # `rows` is Frictionless' own, and is held against what it counts itself: it reads no Parquet
        **({"rows": file.rows_n} if suffix == "csv" else {}),
        "rows_n": file.rows_n,
        "schema": {"fields": [_field(column, mart.columns.get(column.name, {})) for column in columns]},
    }


def _document(document: Document, folder: Path) -> dict[str, Any]:
    return {
        "name": document.path.name.replace(".", "-").replace("_", "-"),
        "title": document.title,
        "description": document.description,
        "path": document.path.relative_to(folder).as_posix(),
        "format": document.path.suffix.removeprefix("."),
        "mediatype": document.mediatype,
        **FILE,
        "bytes": document.path.stat().st_size,
        "hash": f"sha256:{sha256_of(document.path)}",
    }


def _field(column: Column, described: dict[str, Any]) -> dict[str, Any]:
    kind = column.type.split("(")[0]
    field = {
        "name": column.name,
        "type": "array" if kind.endswith("]") else "number" if kind == "DECIMAL" else FRICTIONLESS_TYPES[kind],
    }
    if described.get("description"):
        field["description"] = described["description"]
    unit = described.get("meta", {}).get("unit") or described.get("config", {}).get("meta", {}).get("unit")
    if unit:
        field["unit"] = unit
    return field


def _licences(sources: list[dict[str, Any]]) -> list[dict[str, str]]:
    names = sorted({source["licence"] for source in sources if source["licence"]})
    return [{"name": name, **({"path": LICENCE_PATHS[name]} if name in LICENCE_PATHS else {})} for name in names]


def _sources(sources: list[dict[str, Any]]) -> list[dict[str, str]]:
    """One entry per publication held, in name order."""
    entries = {
        row["source"]: {
            "title": row["title"],
            "publisher": row["publisher"],
            "path": row["landing_page"],
            "licence": row["licence"],
        }
        for row in sources
    }
    return [{key: value for key, value in entries[name].items() if value} for name in sorted(entries)]
