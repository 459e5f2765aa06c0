"""Writes the workbooks of a build from its exported marts. What each book holds stands in the module of its name."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from pipelines.publication.builds import BuildFacts
from pipelines.publication.package import Document, Mart
from pipelines.publication.views.county import neighbours_of
from pipelines.publication.views.reading import ALL, Marts
from pipelines.publication.workbooks import desktop_exercise, japr_pack
from pipelines.publication.workbooks.sheets import About, Book
from pipelines.publication.workbooks.sql import open_marts
from pipelines.publication.workbooks.writer import write_book

MEDIATYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write_workbooks(folder: Path, marts: Iterable[Mart], facts: BuildFacts, to: Path | None = None) -> list[Document]:
    """Write the workbooks of the build in `folder` into `to` (that folder by default); gives those written. The same
    marts and code give the same bytes.

    A workbook is one authority's, so a build of all authorities has none. A build without a book's core mart does not
    have that book either.
    """
    held = {path.stem for path in folder.glob("*.parquet")}
    if facts.la_code == ALL or not held & {japr_pack.CORE, desktop_exercise.CORE}:
        return []
    descriptions = descriptions_of(marts)
    published = open_marts(folder, facts.la_code)
    try:
        written = []
        for book in declared(published, facts, descriptions):
            about = book.about
            path = (to or folder) / about.file
            write_book(book, published, descriptions, path)
            written.append(Document(path, about.title, about.subject, MEDIATYPE))
        return written
    finally:
        published.close()


def descriptions_of(marts: Iterable[Mart]) -> dict[str, dict[str, str]]:
    """What each column holds, by mart and column."""
    return {
        mart.name: {name: str(column.get("description") or "") for name, column in mart.columns.items()}
        for mart in marts
    }


def declared(marts: Marts, facts: BuildFacts, descriptions: Mapping[str, Mapping[str, str]]) -> list[Book]:
    """The books that this build's marts are enough for."""
    books = []
    if marts.has(japr_pack.CORE):
        about = _about(marts, facts, japr_pack.FILE, japr_pack.TITLE, japr_pack.SUBJECT)
        books.append(japr_pack.book(marts, about, neighbours_of(facts.la_code, facts.day(about.dated_on))))
    if marts.has(desktop_exercise.CORE):
        about = _about(marts, facts, desktop_exercise.FILE, desktop_exercise.TITLE, desktop_exercise.SUBJECT)
        books.append(desktop_exercise.book(marts, about, descriptions))
    return books


def _about(marts: Marts, facts: BuildFacts, file: str, title: str, subject: str) -> About:
    (dated,) = marts.query("""
    select (select max(la_name) from schools where la_code = getvariable('la_code')) as county,
        (select max(published_on) from held_files) as newest_on
    """)
    newest_on: date = dated["newest_on"] or date(facts.review_year, 8, 31)
    newest = f"the newest file held is of {newest_on.day} {newest_on:%B %Y}"
    return About(
        file,
        title,
        subject,
        dated["county"] or f"Authority {facts.la_code}",
        facts.review_year,
        f"as known on {facts.as_at}; {newest}" if facts.as_at else newest,
        newest_on,
        facts.code_version,
        facts.digest[:8],
        facts.is_sample,
    )
