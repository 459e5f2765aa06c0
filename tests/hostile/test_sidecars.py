"""A sidecar that contradicts its file, its place or itself: that file alone is set aside, and named. The others go on.

Bytes that changed under a whole sidecar are an error that stops a build (`tests/faults/test_damaged.py`).
"""

import json
import shutil

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import digest
from pipelines.errors import RaygError
from pipelines.intact import damaged_raw
from pipelines.landing.intake import add
from pipelines.landing.land import land
from pipelines.landing.moderate import moderate
from pipelines.provenance import held_files, set_aside
from pipelines.publication.verify import verify
from tests.examples import examples

NAME = "raw/ks2/2024-25/919_ks2final.csv"


@pytest.fixture
def home(home, tmp_path, published):
    """Three files are held, of three years; the one of `NAME` is to be lied about."""
    for year, name in (("2022/23", "a"), ("2023/24", "b"), ("2024/25", "c")):
        path = tmp_path / name / "919_ks2final.csv"
        path.parent.mkdir()
        row = ["1", "919", "2009", "100009", name, "9", "1%"]
        path.write_bytes(published.csv(published.ks2_header[: len(row)], [row]))
        assert add(home, [path], academic_year=year)[0].status == "accepted"
    return home


def sidecar(home):
    return home.root / f"{NAME}.provenance.json"


def told(home, **change):
    sidecar(home).write_text(json.dumps(json.loads(sidecar(home).read_text()) | change), encoding="utf-8")


LIES = {
    "another size": ({"size_bytes": 7}, "size_bytes is 7, and it has"),
    "another name": ({"file_name": "919_ks4final.csv"}, "file_name is 919_ks4final.csv"),
    "another source": ({"source": "ks4"}, "source is ks4"),
    "no source of ours": ({"source": "ks99"}, "source is ks99"),
    "another year": ({"academic_year": "2023/24"}, "academic_year is 2023/24"),
    "a year to come": ({"academic_year": "2098/99"}, "academic_year is 2098/99"),
    "out before it was out": ({"published_on": "2999-01-01"}, "published_on is 2999-01-01, after retrieved_at"),
    "no time": ({"retrieved_at": "soon"}, "is not a sidecar this version reads"),
    "another hash": ({"sha256": "0" * 64}, "file_id is not the beginning of sha256"),
    "another kind": ({"is_sample": True}, "says that its file is the sample county's"),
    "no such release": ({"release": "rumour"}, "is not a sidecar this version reads"),
    "a field of its own": ({"note": "x"}, "is not a sidecar this version reads"),
}


@pytest.mark.parametrize("lie", LIES)
def test_the_file_is_set_aside_and_the_others_land(home, lie):
    change, says = LIES[lie]
    told(home, **change)
    assert damaged_raw(home, reads_all=True) == []
    (odd,) = set_aside(home)
    assert odd.reason.startswith(f"{NAME}.provenance.json ") and says in odd.reason
    assert odd.reason.endswith(": delete it and add its file again") and len(odd.reason.splitlines()) == 1
    assert verify(home).damaged == [f"{odd.reason}."]

    heard: list[str] = []
    report = land(home, la_code="919", as_at=None, review_year=None, progress=heard.append)
    assert [file.state for file in report.files] == ["landed", "landed"] and report.review_year == 2024
    assert odd.reason in heard
    verdicts = {row["file_id"]: row for row in pq.read_table(home.landing / "verdicts.parquet").to_pylist()}
    files = {row["file_name"] + row["academic_year"]: row for row in landed(home)}
    aside = files["919_ks2final.csv2024/25"]
    assert len(files) == 3 and verdicts.keys() == {aside["file_id"]}
    assert (aside["source"], aside["rows_n"], aside["la_code"], aside["release"]) == ("ks2", 0, None, "final")
    assert aside["published_on"] <= report.reference_on and aside["published_on_is_assumed"]
    assert verdicts[aside["file_id"]] == {"file_id": aside["file_id"], "verdict": "failed", "reason": odd.reason}
    cells = [path.stem for path in (home.landing / "cells").glob("*.parquet")]
    assert aside["file_id"] not in cells and len(cells) == 3  # two files, and the empty schema


def landed(home):
    return pq.read_table(home.landing / "files.parquet").to_pylist()


def test_it_is_mended_as_it_says(home, tmp_path):
    told(home, size_bytes=7)
    sidecar(home).unlink()
    assert add(home, [tmp_path / "c" / "919_ks2final.csv"], academic_year="2024/25")[0].status == "accepted"
    assert set_aside(home) == [] and len(held_files(home)) == 3
    assert verify(home).damaged == []


def test_a_changed_file_is_no_lie_of_its_sidecar(home):
    (home.root / NAME).write_bytes(b"edited")
    assert set_aside(home) == []
    (line,) = damaged_raw(home)
    assert line.startswith(f"{NAME} has 6 bytes")


def test_a_copy_of_a_held_file_with_its_sidecar_is_set_aside(home):
    file = home.root / NAME
    for path in (file, sidecar(home)):
        shutil.copy(path, path.with_name(path.name.replace("919_ks2final", "copy")))
    (odd,) = set_aside(home)
    assert odd.path.name == "copy.csv" and len(held_files(home)) == 3
    land(home, la_code="919", as_at=None, review_year=None)
    assert len({row["file_id"] for row in landed(home)}) == 4


def test_no_decision_joins_a_ledger_that_cannot_be_read_whole(home, tmp_path, returned):
    path = tmp_path / "local_moderation.csv"
    first = {"decided_on": "2025-10-06", "from_rating": "amber"}
    path.write_bytes(returned.text("local_moderation", first))
    moderate(home, path)
    (kept,) = (home.raw / "local" / "local_moderation").rglob("*.provenance.json")
    kept.write_text("{", encoding="utf-8")
    with pytest.raises(RaygError, match="It holds advisers' decisions, which no build leaves out: nothing was built"):
        land(home, la_code="919", as_at=None, review_year=None)
    path.write_bytes(returned.text("local_moderation", first | {"decided_on": "2025-10-07"}))
    with pytest.raises(RaygError, match=r"^local_moderation.csv: local_moderation.csv of the ledger cannot be read"):
        moderate(home, path)


@examples(60)
@given(st.binary(max_size=60), st.integers(0, 900), st.integers(0, 40))
def test_whatever_a_sidecar_holds_the_others_are_held(home, put, at, cut):
    whole = sidecar(home).read_bytes()
    try:
        sidecar(home).write_bytes(whole[:at] + put + whole[at + cut :])
        held, aside = held_files(home), set_aside(home)
        assert len(held) + len(aside) == 3 and len(aside) <= 1
        damaged_raw(home)
        assert digest._sidecar(sidecar(home))
    finally:
        sidecar(home).write_bytes(whole)
