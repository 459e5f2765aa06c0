"""Small files in publishers' layouts, made up from nothing."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

KS2_HEADER = ["RECTYPE", "LEA", "ESTAB", "URN", "SCHNAME", "TELIG", "PTRWM_EXP", "PTRWM_EXP_24"]
KS2_ROWS = [
    ["1", "919", "2001", "100001", "First", "30", "60%", "58%"],
    ["1", "919", "2002", "100002", "Second", "25", "SUPP", ""],
    ["3", "919", "", "", "", "55", "61%", "59%"],
    ["5", " ", " ", " ", " ", "600000", "62%", "61%"],
]
OFSTED_HEADER = [
    "Web Link (opens in new window)",
    "URN",
    "LAESTAB",
    "School name",
    "Local authority",
    "Date of latest ungraded inspection",
    "Inspection start date",
    "Overall effectiveness",
    "Category of concern",
    "Quality of education",
    "Previous inspection start date",
]
OFSTED_ROWS = [
    ["x", "100001", "9192001", "St Mary\u2019s", "Hertfordshire", "", "01/05/2024", "2", "", "2", ""],
    ["x", "100003", "8502003", "Third", "Hampshire", "", "02/05/2024", "Not judged", "", "1", ""],
]
INFORMATION_HEADER = ["URN", "LA", "ESTAB", "SCHNAME", "SCHSTATUS", "MINORGROUP", "SCHOOLTYPE"]
INFORMATION_ROWS = [[100001, 919, 2001, "First", "Open", "Maintained school", "Community school"]]


class Made:
    """Makers of file contents."""

    ks2_header, ks2_rows = KS2_HEADER, KS2_ROWS
    ofsted_header, ofsted_rows = OFSTED_HEADER, OFSTED_ROWS
    information_header, information_rows = INFORMATION_HEADER, INFORMATION_ROWS

    @staticmethod
    def csv(header: list[str], rows: list[list[str]], encoding: str = "utf-8-sig") -> bytes:
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        return text.getvalue().encode(encoding)

    def ks2(self, *more: list[str], header: list[str] = KS2_HEADER) -> bytes:
        return self.csv(header, [*KS2_ROWS, *more])

    def ofsted(self) -> bytes:
        return self.csv(OFSTED_HEADER, OFSTED_ROWS, "cp1252")

    @staticmethod
    def absence(*rows: list[str]) -> bytes:
        totals = [["919", "PRI", "", "5.4", "13.4"], ["NAT", "PRI", "", "5.5", "14.6"]]
        school = ["919", "2001", "100001", "5.1", "12.0"]
        return Made.csv(["LA", "ESTAB", "URN", "PERCTOT", "PPERSABS10"], [school, *totals, *rows])

    @staticmethod
    def workbook(rows: list[list[object]], sheet: str = "england", percent: bool = False) -> bytes:
        """Dates keep their format; `percent` formats every number in the second row as a percentage."""
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"default_date_format": "dd/mm/yyyy"}) as book:
            share = book.add_format({"num_format": "0.0%"})
            page = book.add_worksheet(sheet)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    is_share = percent and at == 1 and isinstance(value, int | float)
                    page.write(at, column, value, *([share] if is_share else []))
        return content.getvalue()

    @staticmethod
    def zip(members: dict[str, bytes]) -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, member in members.items():
                archive.writestr(name, member)
        return content.getvalue()


@pytest.fixture
def made() -> Made:
    return Made()


@pytest.fixture
def year_folder(tmp_path: Path) -> Path:
    """Where a download of 2024/25 lies."""
    folder = tmp_path / "downloads" / "2024-2025"
    folder.mkdir(parents=True)
    return folder
