"""One published build from the finished building file: export, describe, install. What each part does is its
own module's; here stands their order.
"""

from collections.abc import Callable
from importlib import metadata
from typing import Any

import duckdb
import pyarrow.parquet as pq

from pipelines.checks.judge import docs_folder
from pipelines.digest import code_digest, whole_digest
from pipelines.errors import RaygError
from pipelines.files import remove_child
from pipelines.home import Home
from pipelines.landing.asked import asked, is_every_authority
from pipelines.machine import database_memory
from pipelines.publication import builds, data_docs
from pipelines.publication.builds import BuildFacts
from pipelines.publication.export import export_mart
from pipelines.publication.package import Document, marts_of, write_package
from pipelines.publication.views.reading import REQUIRED
from pipelines.publication.workbooks.write import write_workbooks


def publish(
    home: Home,
    digest_parts: dict[str, str],
    manifest: dict[str, Any],
    dbt_results: list[dict[str, Any]],
    progress: Callable[[str], None],
) -> BuildFacts:
    """Publish what dbt has built and make it current. Nothing that was published before is touched until the
    end.

    Raises RaygError where nothing has been built.
    """
    if not home.building_file.exists():
        raise RaygError("There is no new warehouse to publish: launch the whole job `build`.")
    marts = marts_of(manifest)
    build_id = builds.new_build_id(home, whole_digest(digest_parts))
    folder = builds.partial_folder(home, build_id)
    try:
        with _open(home) as connection:
            facts = _facts(connection, home, build_id, digest_parts, dbt_results)
            files = []
            for mart in marts:
                progress(f"writing {mart.name}")
                files += export_mart(connection, mart.name, facts.la_code, folder)
        # the warehouse is closed meanwhile: what it holds in memory and what pages and workbooks take do not add up
        progress("writing the workbooks")
        documents = write_workbooks(folder, marts, facts)
        # pages are one authority's; a project without the school marts (the tests have a tiny one) has none
        if facts.la_code != "all" and {mart.name for mart in marts} >= REQUIRED:
            from pipelines.publication.site.writing import write_site  # its charts take a second to import

            write_site(folder, facts, folder / "site", progress=progress)
            about = "County, screen, a page for each school and trust, methods, data quality. Internal."
            documents.append(Document(folder / "site" / "index.html", "Pages", about, "text/html"))
        sources = pq.read_table(home.landing / "files.parquet").to_pylist()
        with _open(home) as connection:
            write_package(connection, marts, files, sources, facts, folder, documents)
        data_docs.write(docs_folder(home), folder / "data_docs", _judged_files(home), facts.is_sample)
        builds.install(home, build_id)
    finally:
        remove_child(home.builds, folder.name)
    builds.prune(home)
    return facts


def _open(home: Home) -> duckdb.DuckDBPyConnection:
    """The warehouse, to read. Whole marts are sorted; what does not fit into memory spills to the warehouse folder."""
    spill = home.building_file.with_name(f"{home.building_file.name}.tmp")
    connection = duckdb.connect(
        str(home.building_file),
        read_only=True,
        config={
            "memory_limit": database_memory(is_every_authority=is_every_authority(home)),
            "temp_directory": str(spill),
        },
    )
    connection.execute("set enable_progress_bar = false")  # it would print into the summary
    return connection


def _facts(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    build_id: str,
    digest_parts: dict[str, str],
    dbt_results: list[dict[str, Any]],
) -> BuildFacts:
    parameters = asked(home)
    tests = [result for result in dbt_results if result["unique_id"].startswith("test.")]
    warned = [f"{test['unique_id'].split('.')[2]}: {test['message']}" for test in tests if test["status"] == "warn"]
    findings, quarantined = _findings(connection)
    return BuildFacts(
        build_id=build_id,
        digest=whole_digest(digest_parts),
        code_version=f"{metadata.version('rayg')}+{code_digest()[:8]}",
        la_code=parameters["la_code"],
        as_at=parameters["as_at"].isoformat() if parameters["as_at"] else None,
        review_year=parameters["review_year"],
        is_sample=parameters["is_sample"],
        files_n=len(_judged_files(home)),
        tests_n=len(tests),
        warnings=warned + findings,
        quarantined=quarantined,
        digest_parts=digest_parts,
        reference_on=parameters["reference_on"].isoformat(),
    )


def _findings(connection: duckdb.DuckDBPyConnection) -> tuple[list[str], list[str]]:
    """The warnings of the mart `data_quality`, one line per kind and source, and each quarantined
    file's reason.
    """
    quarantined = connection.execute(
        "select file_name || ': ' || quarantine_reason from held_files where quarantine_reason is not null order by all"
    ).fetchall()
    warnings = connection.execute(
        "select \"check\" || ', ' || source || ': ' || count(*) || ' (' || min(subject || ': ' || detail) || ')'"
        " from data_quality where severity = 'warning' and \"check\" != 'quarantined'"
        ' group by "check", source order by all'
    ).fetchall()
    return [row[0] for row in warnings], [row[0] for row in quarantined]


def _judged_files(home: Home) -> list[dict[str, Any]]:
    """Each visible file with its verdict."""
    verdicts = {row["file_id"]: row for row in pq.read_table(home.landing / "verdicts.parquet").to_pylist()}
    files = pq.read_table(home.landing / "files.parquet").to_pylist()
    return [{**file, **verdicts[file["file_id"]]} for file in files if file["file_id"] in verdicts]
