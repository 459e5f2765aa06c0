"""A return is decoded once and each of its lines judged once on its way in, whatever else is asked of it then."""

from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.landing.moderate import moderate
from pipelines.returns import check
from pipelines.tables import decode

FIRST = {"decided_on": "2025-10-06", "from_rating": "amber", "to_rating": "yellow"}


@pytest.fixture
def counts(monkeypatch) -> Counter[str]:
    """How often files were decoded, and tables of returns judged."""
    counted: Counter[str] = Counter()
    read, judge = decode.read_lines, check.sort_rows

    def reading(*arguments):
        counted["decoded"] += 1
        return read(*arguments)

    def judging(*arguments):
        counted["judged"] += 1
        return judge(*arguments)

    monkeypatch.setattr(decode, "read_lines", reading)
    monkeypatch.setattr(check, "sort_rows", judging)
    return counted


@pytest.mark.parametrize(
    "changes", [[FIRST], [FIRST, {"to_rating": "blue"}], [{"to_rating": "blue"}], [{"decided_on": "2999-01-01"}]]
)
def test_decisions_kept_in_part_or_refused(home, made, tmp_path, counts, changes):
    path = tmp_path / "decisions.csv"
    path.write_bytes(made.text("local_moderation", *changes))
    moderate(home, path)
    assert counts == {"decoded": 1, "judged": 1}


def test_a_list_whose_schools_are_looked_up(home, offer, made, counts):
    home.current.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist([{"urn": "100002"}]), home.current / "schools.parquet")
    outcome = offer("local_registers.csv", made.text("local_registers"))
    assert outcome.status == "rejected" and "line 2, column urn holds '100001'" in outcome.reason
    assert outcome.refused_lines.keys() == {2}
    assert counts == {"decoded": 1, "judged": 1}
