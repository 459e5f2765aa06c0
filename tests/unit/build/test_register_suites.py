"""The register's suites: one good file of each passes, one changed cell fails and is named."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.checks.judge import judge
from pipelines.home import Home
from pipelines.landing.intake import add
from pipelines.landing.land import land

REGISTER = {
    "URN": "100001",
    "LA (code)": "919",
    "LA (name)": "Hertfordshire",
    "EstablishmentNumber": "2003",
    "EstablishmentName": "A School",
    "TypeOfEstablishment (code)": "01",
    "TypeOfEstablishment (name)": "Community school",
    "EstablishmentStatus (name)": "Open",
    "OpenDate": "01-09-2012",
    "CloseDate": "",
    "DistrictAdministrative (name)": "Dacorum",
    "NumberOfPupils": "",
    "Trusts (code)": "",
}
EXTRACT = {
    **{name: REGISTER[name] for name in list(REGISTER)[:9] if name != "TypeOfEstablishment (code)"},
    "PhaseOfEducation (name)": "Primary",
}
GROUPS = {
    "Group UID": "2044",
    "Group Name": "A TRUST",
    "Companies House Number": "07318714",
    "Group Type": "Multi-academy trust",
    "Closed Date": "31/08/2010",
    "Group Status": "Closed",
}
MEMBERS = {
    "URN": "100001",
    "Group UID": "2044",
    "Group Name": "A TRUST",
    "Group Type": "Multi-academy trust",
    "Closed Date": "",
    "Joined date": "01-09-2012",
    "LA (code)": "919",
}
LINKED = {"Linked UID" if name == "Group UID" else name: value for name, value in MEMBERS.items()}
SPINE = {
    "URN": "100001",
    "LA": "919",
    "ESTAB": "2003",
    "LAESTAB": "9192003",
    "SCHNAME": "A School",
    "ICLOSE": "1",
    "MINORGROUP": "Academy",
    "NFTYPE": "Academy sponsor led mainstream",
}
GOOD = {
    "edubasealldata": REGISTER,
    "edubaseallacademiesandfree": EXTRACT,
    "allgroupsdata": GROUPS,
    "alllinksdata": MEMBERS,
    "grouplinks_edubaseallacademiesandfree": LINKED,
    "england_spine": SPINE,
}
BAD = [
    ("edubasealldata", "EstablishmentStatus (name)", "Shut"),
    ("edubasealldata", "OpenDate", "September 2012"),
    ("edubasealldata", "NumberOfPupils", "about 200"),
    ("edubasealldata", "Trusts (code)", "TR00261"),
    ("edubasealldata", "EstablishmentName", ""),
    ("edubaseallacademiesandfree", "LA (code)", "9190"),
    ("allgroupsdata", "Group Type", ""),
    ("allgroupsdata", "Closed Date", "yes"),
    ("alllinksdata", "Group UID", "TR00261"),
    ("alllinksdata", "Joined date", "2012"),
    ("grouplinks_edubaseallacademiesandfree", "Linked UID", ""),
    ("england_spine", "ICLOSE", "9"),
]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[str | None]:
    """Why each file failed, in the order of the good files and then of the bad; None where it passed."""
    home = Home(tmp_path_factory.mktemp("home"))
    cases = list(GOOD.items())
    cases += [(stem, GOOD[stem] | {column: value}) for stem, column, value in BAD]
    held = [hold(home, tmp_path_factory.mktemp("files"), stem, row, day) for day, (stem, row) in enumerate(cases, 1)]
    land(home, la_code="919", as_at=None, review_year=2025)
    judge(home, progress=lambda line: None)
    rows = pq.read_table(home.landing / "verdicts.parquet").to_pylist()
    reasons = {row["file_id"]: row["reason"] if row["verdict"] == "failed" else None for row in rows}
    return [reasons[file_id] for file_id in held]


def hold(home: Home, folder: Path, stem: str, row: dict[str, str], day: int) -> str:
    """Adds one file of one row, each of another day or year; its file_id."""
    is_spine = stem == "england_spine"
    path = folder / (f"{stem}.csv" if is_spine else f"{stem}202401{day:02d}.csv")
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([list(row), list(row.values())])
    before = set(home.sidecars())
    (outcome,) = add(home, [folder], academic_year=f"{2000 + day}/{day + 1:02d}" if is_spine else None)
    assert outcome.status == "accepted", outcome.reason
    (sidecar,) = set(home.sidecars()) - before
    return str(json.loads(sidecar.read_text(encoding="utf-8"))["file_id"])


def test_files_as_published_pass(verdicts: list[str | None]) -> None:
    assert verdicts[: len(GOOD)] == [None] * len(GOOD)


@pytest.mark.parametrize(("at", "column", "value"), [(n, *case[1:]) for n, case in enumerate(BAD)])
def test_one_wrong_cell_is_named(verdicts: list[str | None], at: int, column: str, value: str) -> None:
    reason = verdicts[len(GOOD) + at]
    assert reason is not None
    assert f"on {column.upper()}: line 2" in reason
    assert f'"{value}"' in reason or not value
