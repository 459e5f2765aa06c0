"""The one reader of marts: what is wrong with a build is one line that names the file."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import RaygError
from pipelines.publication.builds import PACKAGE_FILE
from pipelines.publication.views.reading import Marts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A build with two marts, one of them of several row groups."""
    pq.write_table(pa.table({"urn": ["2", "1"], "n": [1, None]}), tmp_path / "schools.parquet")
    texts = [f"{number:064d}" for number in range(5000)]
    pq.write_table(pa.table({"urn": texts}), tmp_path / "gaps.parquet", row_group_size=1000, compression="none")
    resources = [{"title": name, "format": "parquet"} for name in ("schools", "gaps")]
    (tmp_path / PACKAGE_FILE).write_text(json.dumps({"resources": resources}))
    return tmp_path


def test_rows_come_in_a_total_order_and_an_absence_stays_one(folder: Path) -> None:
    marts = Marts(folder)
    assert marts.rows("schools") == [{"urn": "1", "n": None}, {"urn": "2", "n": 1}]
    assert marts.rows("schools", "urn = ?", ["2"], "urn") == [{"urn": "2"}]
    assert marts.by_school("schools", ["1", "3"])["3"] == []
    assert marts.rows("registers") == []  # a build of an earlier version has no such mart
    assert (marts.has("schools", "gaps"), marts.has("schools", "registers")) == (True, False)


def test_no_build_says_to_build(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(RaygError, match=r"^Nothing is built in this home yet: run `rayg build` first\.$"):
            Marts(folder)


def test_a_mart_that_an_output_needs_is_named(folder: Path) -> None:
    with pytest.raises(RaygError, match=r"has no mart japr_kpis, risk_screen: run `rayg build`"):
        Marts(folder, needs=("schools", "risk_screen", "japr_kpis"))


def test_a_mart_that_went_missing_is_named(folder: Path) -> None:
    (folder / "gaps.parquet").unlink()
    with pytest.raises(RaygError, match=r"^gaps\.parquet is missing from the build in .*: run `rayg build --force`"):
        Marts(folder)


@pytest.mark.parametrize("left", [0, 4, 300_000])
def test_a_truncated_or_empty_mart_is_named(folder: Path, left: int) -> None:
    file = folder / "gaps.parquet"
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(RaygError, match=r"^gaps\.parquet of the build in .* is damaged and cannot be read: run `rayg"):
        Marts(folder)


def test_damage_within_a_mart_is_named_when_it_is_read(folder: Path) -> None:
    file = folder / "gaps.parquet"
    content = bytearray(file.read_bytes())
    content[4:60] = b"\xff" * 56  # the head of the first page
    file.write_bytes(content)
    marts = Marts(folder)
    assert len(marts.rows("schools")) == 2
    with pytest.raises(RaygError, match=r"^gaps\.parquet of the build in .* is damaged"):
        marts.rows("gaps")
    with pytest.raises(RaygError, match=r"^gaps\.parquet of the build in .* is damaged"):
        marts.query("select upper(g.urn) as urn from gaps as g union all select urn from schools")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"resources": [{}]}'])
def test_a_damaged_data_package_is_named(folder: Path, text: str) -> None:
    (folder / PACKAGE_FILE).write_text(text)
    with pytest.raises(RaygError, match=r"^datapackage\.json of the build in .* is damaged"):
        Marts(folder)


def test_a_build_still_being_written_has_the_marts_that_are_there(folder: Path) -> None:
    (folder / PACKAGE_FILE).unlink()
    assert Marts(folder).names == {"schools", "gaps"}


def test_a_column_that_an_earlier_version_did_not_have_is_named(folder: Path) -> None:
    row = Marts(folder).rows("schools")[0]
    assert row.get("sector") is None
    with pytest.raises(
        RaygError, match=r"^The current build has no column sector: an earlier version made it; run `ra"
    ):
        row["sector"]


def test_a_build_of_all_read_for_one_authority_is_what_its_own_build_would_publish(tmp_path: Path) -> None:
    marts = {
        "schools": {"urn": ["1", "2"], "la_code": ["919", "850"]},
        "gaps": {
            "entity_type": ["school", "school", "la", "country"],
            "urn": ["1", "2", None, None],
            "la_code": ["919", "850", "850", None],
        },
        "rayg_drafts": {"urn": ["1", "2"], "draft_rating": ["red", "yellow"]},
        "held_files": {"file_id": ["f1", "f2"], "la_code": ["919", "850"]},
    }
    for name, columns in marts.items():
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
    own = Marts(tmp_path, la_code="919")
    assert [row["urn"] for row in own.rows("schools")] == ["1"]
    assert [row["draft_rating"] for row in own.rows("rayg_drafts")] == ["red"]
    assert [(row["entity_type"], row["la_code"]) for row in own.rows("gaps")] == [
        ("country", None), ("la", "850"), ("school", "919"),
    ]  # fmt: skip
    assert len(own.rows("held_files")) == 2  # whole in a county's build too
    assert len(Marts(tmp_path).rows("schools")) == len(Marts(tmp_path, la_code="all").rows("schools")) == 2
