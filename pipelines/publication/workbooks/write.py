"""Writes the workbooks of a build from its exported marts. What each book holds stands in the module of its name."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pipelines.publication.builds import BuildFacts
from pipelines.publication.package import Document, Mart
from pipelines.publication.workbooks import desktop_exercise, japr_pack
from pipelines.publication.workbooks.marts import Marts
from pipelines.publication.workbooks.sheets import About
from pipelines.publication.workbooks.writer import write_book

ALL = "all"
MEDIATYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write_workbooks(folder: Path, marts: Iterable[Mart], facts: BuildFacts) -> list[Document]:
    """Write the workbooks into the build's folder; gives those written. The same marts and code give the same bytes.

    A workbook is one authority's: a build of all of them has none. Nor has a build without the mart the book is of.
    """
    if facts.la_code == ALL:
        return []
    descriptions = {
        mart.name: {name: str(column.get("description") or "") for name, column in mart.columns.items()}
        for mart in marts
    }
    published = Marts(folder, facts.la_code)
    try:
        written = []
        if published.has(japr_pack.CORE):
            about = _about(published, facts, japr_pack.FILE, japr_pack.TITLE, japr_pack.SUBJECT)
            write_book(japr_pack.book(published, about), published, descriptions, folder / about.file)
            written.append(Document(folder / about.file, about.title, about.subject, MEDIATYPE))
        if published.has(desktop_exercise.CORE):
            about = _about(published, facts, desktop_exercise.FILE, desktop_exercise.TITLE, desktop_exercise.SUBJECT)
            declared = desktop_exercise.book(published, about, descriptions)
            write_book(declared, published, descriptions, folder / about.file)
            written.append(Document(folder / about.file, about.title, about.subject, MEDIATYPE))
        return written
    finally:
        published.close()


def _about(marts: Marts, facts: BuildFacts, file: str, title: str, subject: str) -> About:
    (found,) = marts.rows("""
    select (select max(la_name) from schools where la_code = getvariable('la_code')) as county,
        (select max(published_on) from held_files) as newest_on
    """)
    newest_on: date = found["newest_on"] or date(facts.review_year, 8, 31)
    told = f"{newest_on.day} {newest_on:%B %Y}"
    as_at = (
        f"as known on {facts.as_at}; the newest file held is of {told}"
        if facts.as_at
        else f"the newest file held, of {told}"
    )
    return About(
        file,
        title,
        subject,
        found["county"] or f"Authority {facts.la_code}",
        facts.review_year,
        as_at,
        newest_on,
        facts.code_version,
        facts.digest[:8],
        facts.is_sample,
    )
