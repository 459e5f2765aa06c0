"""Sheets that both books end with: what was made again and what differs, and the files everything rests on."""

from pipelines.publication.workbooks.sheets import Column, Sheet

RECONCILIATION = Sheet(
    "Reconciliation",
    "Made again, and what differs",
    "Published figures of the county and of England made again from school rows, and whatever was left out, rejected "
    "or contradicted.",
    ("data_quality",),
    """
    select words("check") as what, case when source like 'local\\_%' escape '\\' then 'the authority''s own return'
        else source end as source,
        academic_year, subject, detail, severity, published_value, recomputed_value, difference, tolerance,
            yes_no(is_reconciled) as agrees,
        case when "check" = 'reconciled' then 'not held' else '–' end as words_for_none,
        words_for_none as published_value_absent, words_for_none as recomputed_value_absent,
            words_for_none as difference_absent, words_for_none as tolerance_absent
    from data_quality where "check" != 'held'
    order by "check" != 'reconciled', is_reconciled nulls last, data_quality.source, data_quality.academic_year,
        subject, detail, line
    """,
    (
        Column("what", "Check", width=16),
        Column("subject", "Subject", "long", 34),
        Column("academic_year", "Year", width=9, empty="–"),
        Column("agrees", "Agrees", "agrees", 9, "Whether the two are equal within the tolerance.", empty="–"),
        Column("published_value", "Published", "score2", 12),
        Column("recomputed_value", "Made again", "score2", 12),
        Column("difference", "Difference", "points2", 11),
        Column("tolerance", "Tolerance", "score2", 10),
        Column("detail", "Detail", "long", 70),
        Column("severity", "Severity", width=12),
        Column("source", "Source", width=24, empty="–"),
    ),
)

SOURCES = Sheet(
    "Sources",
    "The files all of this rests on",
    "Every file held, with who published it, when, and under which licence. The fingerprint is of its bytes as "
    "published.",
    ("held_files",),
    """
    select title, publisher, academic_year, words(release) as release, published_on, published_on_is_assumed, rows_n,
        rejected_rows_n,
        coalesce(quarantine_reason, 'used') as used,
        case when source like 'local\\_%' escape '\\' then 'the authority''s own return' else file_name end as file,
            file_id, licence, landing_page
    from held_files
    order by title, academic_year, held_files.file_name, file_id
    """,
    (
        Column("title", "Publication", "long", 44),
        Column("academic_year", "Year", width=9),
        Column("release", "Release", width=12),
        Column("publisher", "Publisher", "long", 24),
        Column("published_on", "Published", "date", 12, empty="not known"),
        Column("published_on_is_assumed", "Day assumed", width=9),
        Column("rows_n", "Rows", "count", 10),
        Column("rejected_rows_n", "Rows rejected", "count", 9),
        Column("used", "Used, or why not", "long", 24, "used, or why the file was left out."),
        Column("file", "Published file", "long", 38, "The file's name as published."),
        Column("file_id", "Fingerprint", width=14),
        Column("licence", "Licence", "long", 26, empty="not stated"),
        Column("landing_page", "Where it is published", "long", 46, empty="not published"),
    ),
)
