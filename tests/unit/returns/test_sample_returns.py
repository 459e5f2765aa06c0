"""The sample county's own returns: one of each, as the templates ask for them, with just the planted line wrong."""

import csv
import io

import pytest

from pipelines.returns.check import judge_rows
from pipelines.returns.schema import returns
from pipelines.sources.catalogue import load_catalogue
from pipelines.tables.decode import read_table
from pipelines.tables.rows import Rows
from sample_county.county import population
from sample_county.publishers.local import returns as local_returns
from sample_county.publishers.local.returns import FILES


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return local_returns.texts(population.draw(998, 120).schools, 998)


def sorted_rows(name: str, text: str) -> Rows:
    source = load_catalogue().source(FILES[name].removesuffix(".csv"))
    assert source is not None
    return judge_rows(read_table(text.encode(), FILES[name], source, None), source)


def test_there_is_one_of_each(texts):
    assert {FILES[name].removesuffix(".csv") for name in texts} == set(returns())


@pytest.mark.parametrize("name", FILES)
def test_only_the_planted_line_is_wrong(name, texts):
    header, *lines = csv.reader(io.StringIO(texts[name]))
    assert tuple(header) == returns()[FILES[name].removesuffix(".csv")].header
    rows = sorted_rows(name, texts[name])
    assert len(rows.accepted) >= 3
    wrong = [(reject.line, reject.reason_code) for reject in rows.rejects]
    assert wrong == ([(len(lines) + 1, "broken_value")] if name == "eyfsp" else [])


def test_a_cohort_of_nobody_and_counts_left_blank_are_planted(texts):
    rows = list(csv.DictReader(io.StringIO(texts["eyfsp"])))
    assert [row["gld_n"] for row in rows if row["cohort_n"] == "0"] == ["0"]
    assert [row["pupil_group"] for row in rows if row["gld_n"] == ""] == ["fsm"]


def test_the_same_seed_writes_the_same_bytes(texts):
    assert local_returns.texts(population.draw(998, 120).schools, 998) == texts
