"""`add`: what is accepted, and as what; what is rejected, and why; that nothing is half-stored."""

import errno
import gzip
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipelines import files
from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.landing import offered
from pipelines.landing.intake import Outcome, add
from pipelines.provenance import set_aside
from pipelines.sources.catalogue import load_catalogue
from pipelines.tables.decode import read_table
from pipelines.tables.workbook import read_sheet

OFSTED_NAME = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_Aug_2025.csv"


def put(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


def held(home: Home) -> set[str]:
    """Every file under raw, by its path there."""
    return {path.relative_to(home.raw).as_posix() for path in home.raw.rglob("*") if path.is_file()}


def sidecar(home: Home) -> dict[str, Any]:
    [path] = home.sidecars()
    return json.loads(path.read_text(encoding="utf-8"))


def only(outcomes: list[Outcome]) -> Outcome:
    [outcome] = outcomes
    return outcome


def test_bytes_are_kept_unchanged_beside_their_provenance(home, year_folder, made):
    content = made.ks2()
    outcome = only(add(home, [put(year_folder, "919_ks2final.csv", content)]))
    assert outcome == Outcome("919_ks2final.csv", "accepted", "ks2", "2024/25", "final")
    assert (home.raw / "ks2" / "2024-25" / "919_ks2final.csv").read_bytes() == content
    fields = sidecar(home)
    assert fields.pop("retrieved_at")
    assert len(fields.pop("sha256")) == 64 and len(fields.pop("file_id")) == 12
    assert fields == {
        "size_bytes": len(content),
        "file_name": "919_ks2final.csv",
        "source": "ks2",
        "academic_year": "2024/25",
        "release": "final",
        "scope": "la",
        "la_code": "919",
        "publisher": "Department for Education",
        "title": "Key stage 2 results",
        "licence": "Open Government Licence v3.0",
        "landing_page": "https://www.compare-school-performance.service.gov.uk/download-data",
        "url": None,
        "published_on": "2026-04-30",
        "published_on_is_assumed": True,
        "is_sample": False,
    }


@pytest.mark.parametrize(
    ("folder", "name", "release"),
    [
        ("2024-2025", "england_ks2final.csv", "final"),
        ("2024-25", "919_ks2revised.csv", "revised"),
        ("elsewhere", "2024-2025_england_ks2provisional.csv", "provisional"),
        ("2024-2025", "2024-2025_919_KS2final.CSV", "final"),
        ("2024-2025", "england_ks2final (1).csv", "final"),
    ],
)
def test_both_namings_are_recognised(home, tmp_path, made, folder, name, release):
    outcome = only(add(home, [put(tmp_path / folder, name, made.ks2())]))
    assert (outcome.status, outcome.source) == ("accepted", "ks2"), outcome.reason
    assert (outcome.academic_year, outcome.release) == ("2024/25", release)


def test_scope_is_england_where_school_rows_cover_two_las(home, year_folder, made):
    add(
        home,
        [put(year_folder, "919_ks2final.csv", made.ks2(["1", "850", "2003", "100003", "", "9", "9%", ""]))],
    )
    assert (sidecar(home)["scope"], sidecar(home)["la_code"]) == ("england", None)


def test_scope_is_that_of_the_school_rows_alone(home, year_folder, made):
    add(home, [put(year_folder, "919_ks2final.csv", made.ks2(["3", "850", "", "", "", "9", "9%", ""]))])
    assert (sidecar(home)["scope"], sidecar(home)["la_code"]) == ("la", "919")


class TestYear:
    def test_said_by_the_person(self, home, tmp_path, made):
        outcome = only(add(home, [put(tmp_path, "919_abs.csv", made.absence())], academic_year="2023-24"))
        assert (outcome.status, outcome.academic_year) == ("accepted", "2023/24")

    def test_proved_by_the_carried_columns(self, home, tmp_path, made):
        outcome = only(add(home, [put(tmp_path, "919_ks2final.csv", made.ks2())]))
        assert (outcome.status, outcome.academic_year) == ("accepted", "2024/25")

    def test_unknown_is_rejected(self, home, tmp_path, made):
        outcome = only(add(home, [put(tmp_path, "919_abs.csv", made.absence())]))
        assert outcome.status == "rejected"
        assert outcome.reason == "nothing says which academic year it is: say --year 2024/25"

    def test_nearest_year_folder_counts_and_none_above_the_one_named(self, home, tmp_path, made):
        put(tmp_path / "2019-2020" / "in" / "2023-2024", "919_abs.csv", made.absence())
        assert only(add(home, [tmp_path / "2019-2020" / "in"])).academic_year == "2023/24"
        put(
            tmp_path / "2019-2020" / "out" / "x",
            "919_abs.csv",
            made.absence(["919", "2003", "100003", "1", "2"]),
        )
        assert only(add(home, [tmp_path / "2019-2020" / "out"])).status == "rejected"

    @pytest.mark.parametrize(
        ("folder", "name", "year", "reason"),
        [
            (
                "2023-2024",
                "919_ks2final.csv",
                None,
                "its folder says 2023/24 and its columns (newest carried year _24)",
            ),
            ("x", "2023-2024_919_ks2final.csv", None, "its name says 2023/24 and its columns"),
            ("x", "919_ks2final.csv", "2022/23", "--year says 2022/23 and its columns"),
            ("2024-2025", "919_ks2final.csv", "2023/24", "its folder says 2024/25 and --year says 2023/24"),
            (
                "2023-2024",
                "2024-2025_919_ks2final.csv",
                None,
                "its name says 2024/25 and its folder says 2023/24",
            ),
        ],
    )
    def test_wrong_year_is_rejected(self, home, tmp_path, made, folder, name, year, reason):
        path = put(tmp_path / folder, name, made.ks2())
        outcome = only(add(home, [path], academic_year=year))
        assert outcome.status == "rejected" and outcome.reason.startswith(reason)
        assert held(home) == set()

    def test_date_in_a_name_contradicts_its_folder(self, home, tmp_path, made):
        outcome = only(add(home, [put(tmp_path / "2025-2026", OFSTED_NAME, made.ofsted())]))
        assert outcome.reason.startswith("its folder says 2025/26 and its date says 2024/25")

    def test_same_bytes_under_another_year_are_rejected(self, home, tmp_path, made):
        add(home, [put(tmp_path / "2022-2023", "919_abs.csv", made.absence())])
        outcome = only(add(home, [put(tmp_path / "2023-2024", "919_abs.csv", made.absence())]))
        assert outcome.status == "rejected"
        assert "held with the same bytes as 2022/23 and its folder says 2023/24" in outcome.reason
        assert only(add(home, [put(tmp_path, "x.csv", made.absence())], academic_year="2021/22")).status == "rejected"

    def test_grades_in_column_names_are_no_years(self, home, tmp_path, made):
        header = [
            "RECTYPE",
            "LEA",
            "ESTAB",
            "URN",
            "TPUP",
            "ATT8SCR",
            "PTL2BASICS_94",
            "PTL2BASICS_95",
            "ATT8SCR_18",
        ]
        content = made.csv(header, [["1", "919", "4001", "100001", "150", "50.1", "70%", "50%", "49.9"]])
        outcome = only(add(home, [put(tmp_path, "england_ks4final.csv", content)]))
        assert (outcome.status, outcome.academic_year) == ("accepted", "2018/19")


class TestSameAgain:
    def test_same_bytes_are_held_once_also_under_another_name(self, home, year_folder, made):
        first, again = (put(year_folder, name, made.ks2()) for name in ("919_ks2final.csv", "copy.csv"))
        assert [outcome.status for outcome in add(home, [first, again, first])] == [
            "accepted",
            "already_held",
            "already_held",
        ]
        outcome = only(add(home, [again]))
        assert (outcome.status, outcome.reason) == ("already_held", "held as 919_ks2final.csv")
        assert held(home) == {"ks2/2024-25/919_ks2final.csv", "ks2/2024-25/919_ks2final.csv.provenance.json"}

    def test_same_name_with_other_bytes_is_kept_beside_the_first(self, home, year_folder, made):
        add(home, [put(year_folder, "919_ks2final.csv", made.ks2())])
        other = made.ks2(["1", "919", "2003", "100003", "Third", "20", "70%", ""])
        add(home, [put(year_folder, "919_ks2final.csv", other)])
        names = {name for name in held(home) if not name.endswith(".json")}
        assert len(names) == 2 and {path.read_bytes() for path in map(home.raw.joinpath, names)} == {
            made.ks2(),
            other,
        }
        assert all(json.loads(path.read_text())["file_name"] == "919_ks2final.csv" for path in home.sidecars())

    def test_damaged_copy_is_replaced(self, home, year_folder, made):
        path = put(year_folder, "919_ks2final.csv", made.ks2())
        add(home, [path])
        kept = home.raw / "ks2" / "2024-25" / "919_ks2final.csv"
        kept.write_bytes(kept.read_bytes()[:50])
        assert only(add(home, [path])).status == "accepted"
        assert kept.read_bytes() == made.ks2() and len(home.sidecars()) == 1


BAD = {
    "empty": (b"", "the file is empty: download it again"),
    "only a byte-order mark": (b"\xef\xbb\xbf\r\n", "the file holds no text: download it again"),
    "web page": (
        b"\r\n<!DOCTYPE html><html>No</html>",
        "a web page saved as .csv, not data: download it again",
    ),
    "zip saved as csv": (
        b"PK\x03\x04xxxx",
        "a zip or a workbook saved as .csv: give it the suffix .zip or .xlsx",
    ),
    "header only": (
        b"RECTYPE,LEA,ESTAB,URN,TELIG,PTRWM_EXP\r\n",
        "a header and no rows beneath it: download it again",
    ),
    "other columns": (b"a,b\r\n1,2\r\n", "not ks2: no column RECTYPE, LEA, ESTAB and others"),
    "no key column": (
        b"RECTYPE,LEA,ESTAB,TELIG,PTRWM_EXP\r\n1,919,2001,30,60%\r\n",
        "not ks2: no column URN:",
    ),
    "column twice": (
        b"RECTYPE,LEA,ESTAB,URN,TELIG,PTRWM_EXP,telig\r\n1,919,2001,100001,30,60%,30\r\n",
        "column TELIG stands twice in the header",
    ),
    "column without a name": (
        b"RECTYPE,LEA,,ESTAB,URN,TELIG,PTRWM_EXP\r\n1,919,,2001,100001,30,60%\r\n",
        "column 3 has no name",
    ),
    "no school": (
        b"RECTYPE,LEA,ESTAB,URN,TELIG,PTRWM_EXP\r\n3,919,,,30,60%\r\n",
        "no row is about a school: totals only",
    ),
    "mangled URNs": (
        b"RECTYPE,LEA,ESTAB,URN,TELIG,PTRWM_EXP\r\n1,919,2001,1.17E+05,30,60%\r\n",
        "no row is about a school: URN is '1.17E+05', not a six-digit URN",
    ),
    "open quote": (
        b'RECTYPE,LEA,ESTAB,URN,TELIG,PTRWM_EXP\r\n1,919,2001,100001,30,60%\r\n1,919,2002,100002,30,"60%\r\n',
        "line 3: broken quoting",
    ),
    "no known encoding": (b"RECTYPE,LEA\r\n" + b"\x81\xff" * 50, "neither UTF-8 nor Windows-1252 text"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_gets_one_line_and_the_rest_are_accepted(home, year_folder, made, case):
    content, reason = BAD[case]
    paths = [
        put(year_folder, "919_ks2revised.csv", content),
        put(year_folder, "919_ks2final.csv", made.ks2()),
    ]
    bad, good = add(home, paths)
    assert (bad.file_name, bad.status, good.status) == ("919_ks2revised.csv", "rejected", "accepted")
    assert bad.reason.startswith(reason) and "\n" not in bad.reason
    assert held(home) == {"ks2/2024-25/919_ks2final.csv", "ks2/2024-25/919_ks2final.csv.provenance.json"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("holiday_photos.csv", "not a name in the catalogue, and its columns are those of no publication"),
        ("919_ks2final.ods", "not a name in the catalogue"),
        ("919_ks7final.csv", "not a name in the catalogue, and its columns are those of no publication"),
    ],
)
def test_unknown_name_and_columns_are_rejected(home, year_folder, name, reason):
    outcome = only(add(home, [put(year_folder, name, b"a,b\n1,2\n")]))
    assert outcome.status == "rejected" and outcome.reason.startswith(reason)


@pytest.mark.parametrize("name", ["holiday_photos.csv", "919_ks7final.csv", "919 KS2 Hertfordshire.csv", "ks2 (1).csv"])
def test_a_file_under_any_name_is_known_by_its_columns(home, tmp_path, made, name):
    """Its carried columns say the year; that its name says no release is said."""
    outcome = only(add(home, [put(tmp_path / "x", name, made.ks2())]))
    assert (outcome.status, outcome.source, outcome.academic_year, outcome.release) == (
        "accepted",
        "ks2",
        "2024/25",
        "final",
    )
    assert outcome.reason == "known by its columns, taken as final: say --release where it is another"


def test_the_release_of_a_file_under_any_name_can_be_said(home, tmp_path, made):
    outcome = only(add(home, [put(tmp_path / "x", "ours.csv", made.ks2())], release="provisional"))
    assert (outcome.status, outcome.release, outcome.reason) == ("accepted", "provisional", None)


def test_a_name_of_one_publication_over_the_columns_of_another_is_a_hint(home, year_folder, made):
    outcome = only(add(home, [put(year_folder, "919_ks4final.csv", made.ks2())]))
    assert (outcome.status, outcome.source) == ("accepted", "ks2")


def test_one_column_of_the_files_own_year_does_not_move_it(home, tmp_path, made):
    """Key stage 4 of 2016/17 and 2017/18 carry one column, PT5EM_94_17, of their own year beside dozens of the last."""
    header = ["RECTYPE", "LEA", "ESTAB", "URN", "TELIG", "PTRWM_EXP", *(f"OLD{n}_23" for n in range(40)), "NEW_24"]
    row = ["1", "919", "2001", "117083", "30", "60%", *["1"] * 41]
    content = "\n".join(",".join(line) for line in (header, row)).encode()
    assert only(add(home, [put(tmp_path / "2023-2024", "919_ks2final.csv", content)])).academic_year == "2023/24"


def test_a_check_says_what_add_would_and_keeps_nothing(home, year_folder, made):
    good, bad = put(year_folder, "919_ks2final.csv", made.ks2()), put(year_folder, "photos.csv", b"a,b\n1,2\n")
    told = add(home, [good, bad], keeps=False)
    assert [outcome.status for outcome in told] == ["accepted", "rejected"]
    assert not home.root.exists()
    kept = add(home, [good, bad])
    assert [(one.status, one.source, one.reason) for one in told] == [
        (one.status, one.source, one.reason) for one in kept
    ]
    assert only(add(home, [good], keeps=False)).status == "already_held"


def test_missing_path_is_rejected(home, tmp_path):
    assert only(add(home, [tmp_path / "nowhere.csv"])).reason == "no such file or folder: check the path"


def test_source_option_vouches_for_an_unknown_name_but_not_for_other_content(home, year_folder, made):
    path = put(year_folder, "from_a_colleague.csv", made.ks2())
    assert only(add(home, [path], source="absence")).reason.startswith("not absence: no column LA")
    outcome = only(add(home, [path], source="ks2", release="revised"))
    assert (outcome.status, outcome.source, outcome.release) == ("accepted", "ks2", "revised")


@pytest.mark.parametrize(
    "option", [{"source": "no_such_source"}, {"academic_year": "2024/26"}, {"academic_year": "2025"}]
)
def test_option_that_makes_no_sense_is_refused(home, year_folder, made, option):
    with pytest.raises(RaygError):
        add(home, [put(year_folder, "919_ks2final.csv", made.ks2())], **option)


class TestWorkbook:
    NAME = "2024-2025_england_school_information.xlsx"

    def test_accepted(self, home, tmp_path, made):
        content = made.workbook([made.information_header, *made.information_rows])
        outcome = only(add(home, [put(tmp_path, self.NAME, content)]))
        assert (outcome.status, outcome.source, outcome.release) == (
            "accepted",
            "school_information",
            "snapshot",
        )
        assert (sidecar(home)["la_code"], sidecar(home)["published_on"]) == ("919", "2026-07-31")

    def test_its_only_sheet_may_have_another_name(self, home, tmp_path, made):
        content = made.workbook([made.information_header, *made.information_rows], sheet="Sheet1")
        assert only(add(home, [put(tmp_path, self.NAME, content)])).status == "accepted"

    def test_without_its_sheet(self, home, tmp_path):
        book = openpyxl.Workbook()
        book.create_sheet("Notes")
        book.save(tmp_path / self.NAME)
        outcome = only(add(home, [tmp_path / self.NAME]))
        assert outcome.reason == "no sheet 'england' (it has Sheet, Notes): take the workbook as published"

    def test_truncated(self, home, tmp_path, made):
        content = made.workbook([made.information_header, *made.information_rows])[:-200]
        assert only(add(home, [put(tmp_path, self.NAME, content)])).reason.startswith("the workbook is truncated")
        assert held(home) == set()

    def test_a_number_shown_as_a_percentage_is_read_as_it_is_shown(self):
        """As the csv edition prints it: halves away from zero, with the places of its format."""
        book = openpyxl.Workbook()
        for value, shown in ((0.645, "0%"), (0.645, "0.0%"), (1, "0.00%"), (0.645, "General"), ("SUPP", "0%")):
            book.active.append([value])
            book.active.cell(book.active.max_row, 1).number_format = shown
        packed = io.BytesIO()
        book.save(packed)
        assert [cells for _, cells in read_sheet(packed.getvalue(), ".*")] == [
            ["65%"],
            ["64.5%"],
            ["100.00%"],
            ["0.645"],
            ["SUPP"],
        ]

    def test_the_editions_of_a_table_are_read_alike(self, home, year_folder, made):
        """Published as csv, it comes as a workbook or packed too: the same lines, whatever the edition."""
        lines = [line.split(",") for line in made.ks2().decode("utf-8-sig").splitlines()]
        editions = {
            "919_ks2final.csv": made.ks2(),
            "919_ks2final.csv.gz": gzip.compress(made.ks2(), mtime=0),
            "919_ks2final.xlsx": made.workbook(lines, sheet="Anything"),
        }
        source = load_catalogue().source("ks2")
        read = {name: read_table(content, name, source, source.sheet) for name, content in editions.items()}
        assert read["919_ks2final.csv"].lines
        for name, table in read.items():
            assert (table.header, [cells for _, cells in table.lines]) == (
                read["919_ks2final.csv"].header,
                [cells for _, cells in read["919_ks2final.csv"].lines],
            ), name
            assert only(add(home, [put(year_folder, name, editions[name])])).status == "accepted", name

    def test_a_damaged_gzip_is_one_line(self, home, year_folder, made):
        content = gzip.compress(made.ks2())[:-20]
        outcome = only(add(home, [put(year_folder, "919_ks2final.csv.gz", content)]))
        assert outcome.reason == "the gzip is truncated or damaged: download it again"


class TestZip:
    def test_as_downloaded(self, home, tmp_path, made):
        content = made.zip(
            {
                "2024-2025/england_ks2final.csv": made.ks2(),
                "2023-2024/england_abs.csv": made.absence(),
                "2024-2025/ks2_meta.csv": b"x",
                "__MACOSX/2024-2025/._england_ks2final.csv": b"x",
            }
        )
        outcomes = add(home, [put(tmp_path, "download.zip", content)])
        assert [(outcome.file_name, outcome.status, outcome.academic_year) for outcome in outcomes] == [
            ("england_ks2final.csv", "accepted", "2024/25"),
            ("england_abs.csv", "accepted", "2023/24"),
            ("ks2_meta.csv", "skipped", None),
        ]
        assert (home.raw / "ks2" / "2024-25" / "england_ks2final.csv").read_bytes() == made.ks2()

    def test_made_on_windows(self, home, tmp_path, made):
        path = put(tmp_path, "download.zip", made.zip({"2024-2025\\919_abs.csv": made.absence()}))
        outcome = only(add(home, [path]))
        assert (outcome.file_name, outcome.status, outcome.academic_year) == ("919_abs.csv", "accepted", "2024/25")

    def test_year_from_around_the_zip(self, home, year_folder, made):
        path = put(year_folder, "download.zip", made.zip({"919_abs.csv": made.absence()}))
        assert only(add(home, [path])).academic_year == "2024/25"

    def test_bad_member_leaves_the_others(self, home, year_folder, made):
        members = {"919_abs.csv": b"<html>", "919_ks2final.csv": made.ks2(), "more.zip": made.zip({})}
        outcomes = add(home, [put(year_folder, "download.zip", made.zip(members))])
        assert [outcome.status for outcome in outcomes] == ["rejected", "accepted", "rejected"]
        assert outcomes[2].reason.startswith("a zip inside a zip is not opened")

    @pytest.mark.parametrize(
        "name",
        [
            "../919_ks2final.csv",
            "a/../../919_ks2final.csv",
            "/919_ks2final.csv",
            "..\\919_ks2final.csv",
            "C:/x.csv",
        ],
    )
    def test_names_that_lead_outside(self, home, year_folder, made, name):
        content = made.zip({"919_abs.csv": made.absence(), name: made.ks2()})
        outcome = only(add(home, [put(year_folder, "download.zip", content)]))
        assert outcome.reason.startswith("it names files outside itself")
        assert held(home) == set()

    def test_truncated(self, home, year_folder, made):
        paths = [
            put(year_folder, "download.zip", made.zip({"919_ks2final.csv": made.ks2()})[:-30]),
            put(year_folder, "919_abs.csv", made.absence()),
        ]
        bad, good = add(home, paths)
        assert (bad.file_name, bad.reason) == (
            "download.zip",
            "the zip is truncated or damaged: download it again",
        )
        assert good.status == "accepted"

    def test_damaged_member(self, home, year_folder, made):
        content = bytearray(made.zip({"919_abs.csv": made.absence(), "919_ks2final.csv": made.ks2()}))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            at = archive.getinfo("919_ks2final.csv").header_offset + 80
        content[at : at + 4] = b"\0\0\0\0"
        outcome = only(add(home, [put(year_folder, "download.zip", bytes(content))]))
        assert outcome.status == "rejected" and "damaged" in outcome.reason
        assert held(home) == set()

    def test_password(self, home, year_folder, made):
        content = bytearray(made.zip({"919_abs.csv": made.absence()}))
        for signature, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.index(signature) + flags_at] |= 1
        outcome = only(add(home, [put(year_folder, "download.zip", bytes(content))]))
        assert outcome.reason.startswith("it is protected by a password")

    def test_a_zip_that_unpacks_to_too_much_is_refused(self, home, year_folder, made, monkeypatch):
        monkeypatch.setattr(offered, "UNPACKED_BYTES_MAX", 1_000_000)
        content = made.zip({"919_ks2final.csv": b"0" * 1_000_001})
        outcome = only(add(home, [put(year_folder, "download.zip", content)]))
        assert outcome.status == "rejected" and outcome.reason.startswith("unpacks to over")

    def test_web_page(self, home, year_folder):
        outcome = only(add(home, [put(year_folder, "download.zip", b"<html>")]))
        assert outcome.reason == "a web page saved as .zip, not data: download it again"


class TestSkipped:
    @pytest.mark.parametrize(
        "name",
        [
            "ks2_meta.csv",
            "ks4_meta.xlsx",
            "ks4_meta_methodology.csv",
            "la_and_region_codes_meta.csv",
            "README.txt",
            "x.pdf",
        ],
    )
    def test_documentation(self, home, year_folder, name):
        assert only(add(home, [put(year_folder, name, b"anything")])).reason == "documentation"

    @pytest.mark.parametrize(
        "name",
        [
            "england_vaqual.xlsx",
            "919_vasubj.csv",
            "governancematdata20260821.csv",
        ],
    )
    def test_known_publication(self, home, year_folder, name):
        outcome = only(add(home, [put(year_folder, name, b"anything")]))
        assert outcome.status == "skipped" and outcome.reason.startswith("known publication (")

    def test_litter_and_sidecars_are_passed_over(self, home, year_folder, made):
        for name in (".DS_Store", "~$ks2.xlsx", "Thumbs.db", "919_ks2final.csv.provenance.json"):
            put(year_folder, name, b"x")
        put(year_folder / ".git", "919_ks2final.csv", made.ks2())
        outcome = only(add(home, [year_folder]))  # the folder itself, which holds nothing else
        assert (outcome.status, outcome.file_name) == ("rejected", year_folder.name)
        assert outcome.reason == "the folder holds no file: check that it is the one you mean"


class TestSample:
    def test_sample_file_into_a_home_of_published_files(self, home, year_folder, made):
        add(home, [put(year_folder, "919_ks2final.csv", made.ks2())])
        with pytest.raises(RaygError, match="holds published files"):
            add(home, [put(year_folder, "919_abs.csv", made.absence())], is_sample=True)

    def test_published_file_into_a_sample_home(self, home, year_folder, made):
        add(home, [put(year_folder, "919_ks2final.csv", made.ks2())], is_sample=True)
        assert home.is_sample() is True
        with pytest.raises(RaygError, match="holds the sample county"):
            add(home, [put(year_folder, "919_abs.csv", made.absence())])

    def test_sample_county_is_known_by_its_la(self, home, year_folder, made):
        path = put(year_folder, "england_ks2final.csv", made.ks2(["1", "998", "2003", "100003", "", "9", "9%", ""]))
        assert only(add(home, [path])).reason.startswith("holds the sample county (LA 998)")
        assert only(add(home, [path], is_sample=True)).status == "accepted"

    def test_sample_file_out_of_a_sample_home(self, home, tmp_path, made):
        header = ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"]
        links = made.csv(header, [["100001", "100002", "Second", "Successor", ""]])
        sample = Home(tmp_path / "sample")
        add(sample, [put(tmp_path, "links_edubasealldata20260821.csv", links)], is_sample=True)
        assert only(add(home, [sample.raw])).reason.startswith("held as sample data by another home")
        assert held(home) == set()


class TestPublishedOn:
    @pytest.mark.parametrize(
        ("release", "expected"),
        [("provisional", "2025-09-30"), ("revised", "2025-12-31"), ("final", "2026-04-30")],
    )
    def test_usual_month_of_the_release(self, home, year_folder, made, release, expected):
        add(home, [put(year_folder, f"england_ks2{release}.csv", made.ks2())])
        assert (sidecar(home)["published_on"], sidecar(home)["published_on_is_assumed"]) == (expected, True)

    def test_census_comes_out_within_its_year(self, home, year_folder, made):
        content = made.csv(["URN", "LA", "Estab", "NOR", "NUMFSMEVER"], [["100001", "919", "2001", "200", "40"]])
        add(home, [put(year_folder, "919_census.csv", content)])
        assert sidecar(home)["published_on"] == "2025-06-30"

    def test_said_by_the_person(self, home, year_folder, made):
        add(home, [put(year_folder, "england_ks2final.csv", made.ks2())], published_on=date(2026, 4, 2))
        assert (sidecar(home)["published_on"], sidecar(home)["published_on_is_assumed"]) == (
            "2026-04-02",
            False,
        )

    @pytest.mark.parametrize(
        ("name", "published_on", "academic_year"),
        [
            (OFSTED_NAME, "2025-08-31", "2024/25"),
            (OFSTED_NAME.replace("31_Aug_2025", "30 September 2025"), "2025-09-30", "2025/26"),
        ],
    )
    def test_spelled_out_in_the_name(self, home, tmp_path, made, name, published_on, academic_year):
        outcome = only(add(home, [put(tmp_path, name, made.ofsted())]))
        assert (outcome.status, outcome.academic_year) == ("accepted", academic_year), outcome.reason
        assert (sidecar(home)["published_on"], sidecar(home)["published_on_is_assumed"]) == (
            published_on,
            False,
        )

    def test_date_that_does_not_exist(self, home, tmp_path, made):
        outcome = only(add(home, [put(tmp_path, OFSTED_NAME.replace("31_Aug", "31_Feb"), made.ofsted())]))
        assert outcome.reason.startswith("the date in its name, 31 Feb 2025, does not exist")

    def test_a_date_that_its_name_does_not_hold_can_be_said(self, home, year_folder, made):
        path = put(year_folder, "inspections.csv", made.ofsted())
        outcome = only(add(home, [path], source="ofsted_schools", published_on=date(2025, 8, 31)))
        assert outcome.status == "accepted"

    def test_a_dated_copy_under_another_name_is_of_the_newest_day_in_it(self, home, tmp_path, made):
        known = only(add(home, [put(tmp_path / "x", "inspections.csv", made.ofsted())]))
        assert (known.status, known.source, known.academic_year) == ("accepted", "ofsted_schools", "2023/24")
        assert (sidecar(home)["published_on"], sidecar(home)["published_on_is_assumed"]) == ("2024-05-02", True)


class TestRelease:
    def test_local_results_need_their_own_date(self, home, year_folder, made):
        path = put(year_folder, "ours.csv", made.ks2())
        options = {"source": "ks2", "release": "local_unvalidated"}
        assert only(add(home, [path], **options)).reason == (
            "local_unvalidated results have no usual month: say --published"
        )
        assert only(add(home, [path], published_on=date(2025, 7, 20), **options)).release == "local_unvalidated"

    def test_contradicting_its_name(self, home, year_folder, made):
        outcome = only(add(home, [put(year_folder, "919_ks2revised.csv", made.ks2())], release="final"))
        assert outcome.reason.startswith("its name says revised and --release final")

    def test_a_release_the_source_does_not_have_is_refused(self, home, year_folder, made):
        outcome = only(add(home, [put(year_folder, "919_abs.csv", made.absence())], release="revised"))
        assert outcome.reason == "absence has no release revised: it has final, local_unvalidated"


class TestDisk:
    def test_full_while_storing(self, home, year_folder, made, monkeypatch):
        def full(path: Path) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(files, "sync", full)
        outcome = only(add(home, [put(year_folder, "919_ks2final.csv", made.ks2())]))
        assert outcome.reason == (
            f"The disk is full: make room under {home.root} and add it again; what was held stands"
        )
        assert held(home) == set()

    def test_killed_between_the_bytes_and_the_sidecar(self, home, year_folder, made):
        path = put(year_folder, "919_ks2final.csv", made.ks2())
        put(home.raw / "ks2" / "2024-25", "919_ks2final.csv", made.ks2())
        assert only(add(home, [path])).status == "accepted"
        assert held(home) == {"ks2/2024-25/919_ks2final.csv", "ks2/2024-25/919_ks2final.csv.provenance.json"}

    def test_broken_sidecar_is_named(self, home, year_folder, made):
        put(home.raw / "ks2" / "2024-25", "919_ks2final.csv.provenance.json", b"{")
        assert only(add(home, [put(year_folder, "919_abs.csv", made.absence())])).status == "accepted"
        (odd,) = set_aside(home)
        assert odd.reason.startswith("raw/ks2/2024-25/919_ks2final.csv.provenance.json is not a sidecar")
        assert only(add(home, [put(year_folder, "919_ks2final.csv", made.ks2())])).status == "accepted"
        assert set_aside(home) == []  # the file, added again, brings its sidecar


def test_each_outcome_is_heard_as_it_comes(home, year_folder, made):
    put(year_folder, "919_ks2final.csv", made.ks2())
    put(year_folder, "919_abs.csv", made.absence())
    heard: list[Outcome] = []
    assert add(home, [year_folder], on_outcome=heard.append) == heard != []
