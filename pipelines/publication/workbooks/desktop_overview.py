"""The desktop exercise's first sheets: how many schools have which rating and band, as charts and as the numbers they
draw.
"""

from pipelines.publication.views.reading import Marts
from pipelines.publication.views.words import BANDS, RATINGS, words
from pipelines.publication.workbooks.sheets import Chart, Charts, Column, Line, Sheet

RATING_WORDS = tuple(map(words, RATINGS))
BAND_WORDS = tuple(BANDS.values())
MAINTAINED, ACADEMIES, EARLY_YEARS, POST_16 = range(4)  # the rows of the counts
OTHERS = "Schools of other sectors stand in the tables, not in these charts."


def counts() -> Sheet:
    """Schools by rating and by band, one row for each group of them."""
    ratings = ", ".join(f"count(*) filter (word = '{word}') as \"{word}\"" for word in RATING_WORDS)
    bands = ", ".join(f"count(*) filter (band = '{word}') as \"band {word}\"" for word in BAND_WORDS)
    return Sheet(
        "Counts",
        "Ratings and bands, counted",
        "How many schools have which draft rating, and which band of the screen. The charts draw this sheet.",
        ("rayg_drafts", "risk_screen"),
        f"""
        with groups as (
            select * from (values (0, 'Whole school, maintained'), (1, 'Whole school, academies'), (2, 'Early years'),
                (3, 'Post-16')) as named (place, what)
        ),
        drafts as (
            select r.urn, words(r.draft_rating) as word, words(s.band) as band,
                case when provision = 'early_years' then 2 when provision = 'post_16' then 3
                    when r.sector = 'maintained' then 0
                    when r.sector = 'academy' then 1 end as place
            from rayg_drafts as r left join risk_screen as s on r.urn = s.urn and r.review_year = s.review_year
                and r.provision = 'whole_school'
            where r.la_code = getvariable('la_code')
        )
        select what, {ratings}, {bands}, count(drafts.urn) as schools
        from groups left join drafts on groups.place = drafts.place
        group by groups.place, what
        order by groups.place
        """,
        (
            Column("what", "What is counted", width=28),
            *(Column(word, word, "count", 13, f"Schools with the draft rating {word}.") for word in RATING_WORDS),
            *(
                Column(f"band {word}", f"band {word}", "count", 13, f"Schools in the band {word}.")
                for word in BAND_WORDS
            ),
            Column("schools", "Schools", "count", 10, "All of them."),
        ),
        ("A school counts in early years and in post-16 as well, where it has them. The band is the whole school's.",),
        is_plain=True,
    )


def overview(marts: Marts, data: Sheet) -> tuple[Charts, ...]:
    """The charts over the counts."""
    rows = marts.query(data.query)
    bands_from = 1 + len(RATING_WORDS)

    def chart(title: str, drawn: tuple[Line, ...], first: int, last: int) -> Chart:
        columns = data.columns[first : last + 1]
        counts = " ".join(
            f"{line.name}: " + ", ".join(f"{column.header} {rows[line.row][column.key]}" for column in columns) + "."
            for line in drawn
        )
        return Chart(title, f"Column chart. {title}. {counts}", drawn, "count", first, last, "column")

    sectors = (Line("Maintained", MAINTAINED), Line("Academies", ACADEMIES, is_reference=True))
    parts = (Line("Early years", EARLY_YEARS), Line("Post-16", POST_16, is_reference=True))
    charts = (
        chart("Draft ratings of whole schools", sectors, 1, len(RATING_WORDS)),
        chart("Bands of the risk screen", sectors, bands_from, bands_from + len(BAND_WORDS) - 1),
        chart("Draft ratings of early years and post-16", parts, 1, len(RATING_WORDS)),
    )
    purpose = "Draft ratings and bands of the risk screen. Drafts are proposals: people decide."
    return (Charts("Overview", "Overview", f"{purpose} {OTHERS}", data, charts),)
