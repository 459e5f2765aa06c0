"""What the console shows of the real project's marts: every picture that is declared can be drawn."""

import dagster as dg
import duckdb

from pipelines.assets.table_metadata import PICTURES, Picture, as_markdown, table_metadata
from pipelines.home import Home


def test_every_picture_is_drawn_of_a_whole_build(sample_home: Home) -> None:
    with duckdb.connect(str(sample_home.warehouse_file), read_only=True) as connection:
        tables = table_metadata(connection, {"schools": {"urn": "Six digits."}})
    for mart, pictures in PICTURES.items():
        assert tables[mart]["dagster/row_count"] > 0
        for picture in pictures:
            told = tables[mart][picture.name]
            assert isinstance(told, dg.MarkdownMetadataValue)
            lines = str(told.md_str).splitlines()
            assert len(lines) > 2 and len({line.count("|") for line in lines}) == 1, (mart, picture.name)
    (urn, *_) = tables["schools"]["dagster/column_schema"].columns
    assert (urn.name, urn.type, urn.description) == ("urn", "VARCHAR", "Six digits.")


def test_a_bar_is_as_long_as_its_number() -> None:
    picture = Picture("p", "", "", ("what", "how many"))
    assert as_markdown(picture, [("a|b", 300), ("c", 100), ("d", 1)]).splitlines()[2:] == [
        f"| a/b | 300 | {'█' * 30} |",
        f"| c | 100 | {'█' * 10} |",
        "| d | 1 | █ |",
    ]
