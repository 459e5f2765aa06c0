"""A file is decoded once on its way in, however it is recognised: by its name, its columns, or its publisher's word."""

import io
import zipfile
from datetime import date

import pytest

from pipelines.landing.intake import Arrival, Intake, add
from pipelines.landing.recognise import Claims
from pipelines.sources.catalogue import load_catalogue
from pipelines.tables import decode


@pytest.fixture
def decoded(monkeypatch) -> list[str]:
    """The names of the files decoded, one for each time."""
    names: list[str] = []
    read = decode.read_lines

    def counted(content, file_name, sheet):
        names.append(file_name)
        return read(content, file_name, sheet)

    monkeypatch.setattr(decode, "read_lines", counted)
    return names


def long_file(source_id: str) -> bytes:
    """One row in the columns of a source, about a school in 2024/25."""
    columns = load_catalogue().source(source_id).required
    known = {"time_period": "202425", "time_identifier": "Academic year", "geographic_level": "School"}
    known |= {"school_urn": "100001", "URN": "100001", "new_la_code": "E10000015", "old_la_code": "919"}
    return "\n".join([",".join(columns), ",".join(known.get(column, "1") for column in columns)]).encode()


def statuses(outcomes) -> list[str]:
    return [outcome.status for outcome in outcomes]


def test_a_file_known_by_its_name(home, year_folder, made, decoded):
    path = year_folder / "919_ks2final.csv"
    path.write_bytes(made.ks2())
    assert statuses(add(home, [path])) == ["accepted"]
    assert decoded == ["919_ks2final.csv"]
    assert statuses(add(home, [path])) == ["already_held"]
    assert len(decoded) == 1  # the same bytes again need no decoding


def test_a_nameless_file_known_by_its_columns(home, tmp_path, decoded):
    path = tmp_path / "mine.csv"
    path.write_bytes(long_file("sen_schools"))
    [outcome] = add(home, [path])
    assert (outcome.status, outcome.source) == ("accepted", "sen_schools"), outcome.reason
    assert decoded == ["mine.csv"]


def test_a_nameless_file_that_is_refused(home, tmp_path, decoded):
    path = tmp_path / "mine.csv"
    path.write_bytes(b"a,b\n1,2\n")
    assert statuses(add(home, [path])) == ["rejected"]
    assert decoded == ["mine.csv"]


def test_each_member_of_a_zip(home, tmp_path, made, decoded):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("2024-2025/919_ks2final.csv", made.ks2())
        archive.writestr("2023-2024/919_ks2final.csv", made.ks2(header=[*made.ks2_header[:-1], "PTRWM_EXP_23"]))
    path = tmp_path / "tables.zip"
    path.write_bytes(content.getvalue())
    assert statuses(add(home, [path])) == ["accepted", "accepted"]
    assert decoded == ["919_ks2final.csv"] * 2


def test_a_download_that_may_be_of_several_layouts(home, tmp_path, decoded):
    """The last layout fits: the others are compared with the header and the bytes are not decoded again."""
    sources = tuple(load_catalogue().source(name) for name in ("ks4_ees_schools_2023", "ks2", "ks4_ees_schools"))
    path = tmp_path / "download"
    path.write_bytes(long_file("ks4_ees_schools"))
    arrival = Arrival(
        path, "data.csv", (), "https://example.org", "2026-05-01T00:00:00", None, date(2026, 4, 30), sources
    )
    [outcome] = Intake(home, Claims()).take_arrival(arrival)
    assert (outcome.status, outcome.source) == ("accepted", "ks4_ees_schools"), outcome.reason
    assert decoded == ["data.csv"]


def test_documentation_and_publications_not_read_are_not_decoded(home, tmp_path, decoded):
    path = tmp_path / "ks2_meta.csv"
    path.write_bytes(b"x")
    assert statuses(add(home, [path])) == ["skipped"]
    assert decoded == []
