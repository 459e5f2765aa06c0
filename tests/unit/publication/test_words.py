"""One vocabulary: the words of codes are the seeds', complete, and the same in Python and in the workbooks' SQL."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.publication.documents.school import STYLES
from pipelines.publication.views import words as vocabulary
from pipelines.publication.views.words import words
from pipelines.publication.workbooks import look
from pipelines.publication.workbooks.sql import open_marts
from pipelines.returns.schema import return_named
from pipelines.seeds import seed, seed_names


def test_the_colours_stand_in_the_order_of_their_seed() -> None:
    rows = seed("ratings")
    assert [row["rating_order"] for row in rows if row["rating_order"]] == ["1", "2", "3", "4", "5"]
    assert [row["rating"] for row in rows] == list(vocabulary.RATINGS)
    assert vocabulary.RATINGS[: len(vocabulary.COLOURS)] == vocabulary.COLOURS
    assert [words(row["rating"]) for row in rows] == [row["plain_words"] for row in rows]
    assert list(look.RATING_LOOKS) == [words(rating) for rating in vocabulary.RATINGS]
    assert set(STYLES) == set(vocabulary.COLOURS)


def test_a_decision_may_name_each_colour_and_no_other() -> None:
    ledger = return_named("local_moderation")
    assert ledger is not None
    choices = {column.name: column.choices for column in ledger.columns}
    assert choices["to_rating"] == vocabulary.COLOURS
    assert choices["from_rating"] == vocabulary.RATINGS
    assert set(choices["provision"]) == set(vocabulary.PROVISIONS)


def test_each_code_has_one_set_of_words() -> None:
    keys = [(row["vocabulary"], row["code"]) for row in seed("view_words")]
    assert len(keys) == len(set(keys))
    assert all(row["words"] == row["words"].strip() != "" for row in seed("view_words"))


def test_the_vocabularies_are_complete() -> None:
    assert list(vocabulary.AXES) == list(dict.fromkeys(row["axis"] for row in seed("rayg_axes")))
    assert [*vocabulary.BANDS][:-1] == [row["band"] for row in seed("screen_bands")]
    assert [*vocabulary.BANDS][-1] == vocabulary.UNSCREENED
    assert {row["state"] for row in seed("absence_states")} <= {*vocabulary.STATES, "not_applicable"}
    graded = {int(row["overall"]): row["rating_words"] for row in seed("rating_words") if not row["category"]}
    assert {number: vocabulary.GRADES[number] for number in graded} == graded
    assert {row["unit"] for row in seed("measures")} <= set(vocabulary.UNITS)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("light_green", "light green"),
        ("la_tables_primary", "LA tables primary"),
        ("sen_support", "SEN support"),
        ("pru_ap", "PRU or AP"),
        ("later", "later"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_a_code_becomes_words(code: str | None, text: str) -> None:
    assert words(code) == text


def test_a_verdict_is_said_or_why_there_is_none() -> None:
    said = [vocabulary.verdict_words(code) for code in ("below", "suppressed", "no_data: interval not published", None)]
    assert said == ["worse than England", "suppressed: small numbers", "interval not published", "–"]


def test_the_workbooks_say_the_same_words(tmp_path: Path) -> None:
    codes = sorted(
        {value for name in seed_names() for row in seed(name) for value in row.values() if value and value.isascii()}
    )[:20_000]
    pq.write_table(pa.table({"code": codes}), tmp_path / "codes.parquet")
    marts = open_marts(tmp_path, "998")
    for row in marts.query("select code, words(code) as said from codes"):
        assert row["said"] == words(row["code"])
    for code, text in vocabulary.VERDICTS.items():
        assert marts.query("select in_words(?) as said", [code]) == [{"said": text}]
    for code, text in vocabulary.STATES.items():
        assert marts.query("select state_words(?) as said", [code]) == [{"said": text}]
    (axis,) = marts.query("select axis_words('outcomes', 'one_below') as said, axis_words('outcomes', null) as none")
    assert axis == {"said": "below national in one domain", "none": "–"}
