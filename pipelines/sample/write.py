"""Writes the sample county's published files and the list of planted cases. Order of work only.

Folders are as a person would keep the downloads: performance-tables/<year>/, ofsted/<year>/, gias/.
"""

import json
from pathlib import Path
from typing import Any

from pipelines.sample import (
    absence,
    census,
    destinations,
    events,
    information,
    inspections,
    ks2,
    ks2_pupils,
    ks4,
    ks4_pupils,
    ks5,
    ks5_students,
    links,
    planted,
    population,
)
from pipelines.sample.planted import Case
from pipelines.sample.rolls import rolls
from pipelines.sample.schools import COUNTY, YEARS, Register, label, year_folder
from pipelines.sample.tables import write_cp1252, write_utf8_bom
from pipelines.sample.tally import Published

REGISTER_FILE = "links_edubasealldata20260821.csv"
_DISPUTED = "PTRWM_EXP"


def write_sample(folder: Path, *, seed: int = 998, schools: int = 420) -> None:
    """Writes every file under the folder, byte for byte the same for the same seed and number of schools.

    Raises ValueError for a county too small to hold the planted cases.
    """
    register = population.draw(seed, schools)
    cases = planted.plant(register)
    events.happen(register, seed)
    tables = folder / "performance-tables"
    on_roll = {year: rolls(register.schools, seed, year) for year in YEARS}

    for year in census.YEARS:
        write_utf8_bom(
            tables / year_folder(year) / "england_census.csv", census.text(register.schools, on_roll[year], year)
        )
    newest = census.YEARS[-1]
    write_utf8_bom(
        tables / year_folder(newest) / f"{COUNTY}_census.csv",
        census.text(register.schools, on_roll[newest], newest, COUNTY),
    )
    for year in absence.YEARS:
        absent = absence.draw(register.schools, on_roll[year], seed, year)
        write_utf8_bom(tables / year_folder(year) / "england_abs.csv", absent.text())
        if year == absence.YEARS[-2]:
            write_utf8_bom(tables / year_folder(year) / f"{COUNTY}_abs.csv", absent.text(COUNTY))

    published = _write_ks2(tables, register, on_roll, seed, cases)
    _write_ks4(tables, register, on_roll, seed)
    _write_ks5(tables, register, seed)
    la_names = {authority.code: authority.name for authority in register.authorities}
    write_utf8_bom(
        tables / year_folder(information.YEAR) / "england_school_information.csv",
        information.text(register.schools, la_names),
    )
    found = inspections.draw(register, seed)
    write_cp1252(folder / "ofsted" / "2024-2025" / inspections.FILE_NAME, inspections.text(register, found))
    write_cp1252(folder / "gias" / REGISTER_FILE, links.text(register.links))
    _write_cases(folder / "planted-cases.json", cases, published)


def _write_ks2(
    tables: Path, register: Register, on_roll: dict[int, Any], seed: int, cases: list[Case]
) -> dict[int, Published]:
    """Final files of each year; for the newest also the revised file and the county's own copy."""
    entered = ks2.entrants(register.schools)
    done: dict[int, Published] = {}
    newest = ks2.YEARS[-1]
    for year in ks2.YEARS:
        sat = ks2_pupils.draw(entered, seed, year)
        finished = ks2.table(register.schools, register.authorities, on_roll[year], sat, year, done)
        write_utf8_bom(tables / year_folder(year) / "england_ks2final.csv", finished.text())
        if year == newest:
            corrected = _with_a_correction(register)
            first = ks2.as_first_published(sat, entered, corrected)
            revised = ks2.table(register.schools, register.authorities, on_roll[year], first, year, done)
            write_utf8_bom(tables / year_folder(year) / "england_ks2revised.csv", revised.text())
            cases += _release_cases(register, corrected, finished, revised)
            disputed, text, case = _disputed_case(register, finished)
            county = finished.text(COUNTY, (_DISPUTED, disputed, text))
            write_utf8_bom(tables / year_folder(year) / f"{COUNTY}_ks2final.csv", county)
            cases.append(case)
        done[year] = finished
    return done


def _with_a_correction(register: Register) -> list[int]:
    """A few schools, two of them in the county, whose results changed between the revised and the final file."""
    able = [s for s in register.schools if s.kind == "primary" and not s.planted and 25 <= s.site.per_year <= 50]
    able = [s for s in able if s.opened is None and s.closed is None]
    inside, outside = ([s.urn for s in able if (s.la == COUNTY) is county] for county in (True, False))
    return inside[:2] + outside[::60]


def _release_cases(register: Register, corrected: list[int], final: Published, revised: Published) -> list[Case]:
    by_urn = register.by_urn()
    cases = []
    for urn in corrected:
        school = by_urn[urn]
        if school.la == COUNTY:
            was, now = (table.cell(_DISPUTED, str(urn)) for table in (revised, final))
            what = f"Expected standard in all three subjects in 2024/25: {was} in the revised file, {now} in the final."
            expected = {"observations": [_observation(2025, now, release="final")]}
            cases.append(Case(urn, school.name, "revised_then_final", what, expected))
    return cases


def _disputed_case(register: Register, final: Published) -> tuple[str, str, Case]:
    """One school whose cell in the county's own file is one point higher than in the England file."""
    school = next(
        s
        for s in register.schools
        if s.la == COUNTY and s.kind == "primary" and not s.planted and s.closed is None and s.site.per_year >= 45
    )
    england = final.cell(_DISPUTED, str(school.urn))
    text = f"{int(england.rstrip('%')) + 1}%"
    case = Case(
        school.urn,
        school.name,
        "files_disagree",
        f"{_DISPUTED} of 2024/25 is {england} in england_ks2final.csv and {text} in {COUNTY}_ks2final.csv.",
        {
            "observations": [_observation(2025, england, release="final")],
            "data_quality_disagreement": {"source_column": _DISPUTED, "england": england, "county": text},
        },
    )
    return str(school.urn), text, case


def _write_ks4(tables: Path, register: Register, on_roll: dict[int, Any], seed: int) -> None:
    """Performance tables, and the destinations of leavers whose own tables may be older than the sample's."""
    entered = ks4.entrants(register.schools)
    done: dict[int, Published] = {}
    leavers = {}
    for year in sorted({*ks4.YEARS, *destinations.LEAVERS}):
        sat = ks4_pupils.draw(entered, seed, year)
        if year in destinations.LEAVERS:
            leavers[year] = destinations.draw(entered, sat, seed, year)
        if year in ks4.YEARS:
            finished = ks4.table(register.schools, register.authorities, on_roll[year], sat, year, done)
            write_utf8_bom(tables / year_folder(year) / "england_ks4final.csv", finished.text())
            done[year] = finished
    write_utf8_bom(
        tables / year_folder(destinations.FOLDER_YEAR) / "england_ks4-pupdest.csv",
        destinations.text(entered, register.schools, register.authorities, leavers),
    )


def _write_ks5(tables: Path, register: Register, seed: int) -> None:
    entered = ks5.entrants(register.schools)
    done: dict[int, Published] = {}
    for year in ks5.YEARS:
        sat = ks5_students.draw(entered, seed, year)
        finished = ks5.table(register.schools, register.authorities, register.consortia, sat, year, done)
        name = "england_ks5final.csv" if year == ks5.YEARS[-1] else f"{year_folder(year)}_england_ks5final.csv"
        write_utf8_bom(tables / year_folder(year) / name, finished.text())
        done[year] = finished


def _observation(year: int, text: str, **more: Any) -> dict[str, Any]:
    return {
        "measure": "ks2_rwm_expected_pct",
        "pupil_group": "all",
        "academic_year": label(year),
        "value": int(text.rstrip("%")),
        **more,
    }


def _write_cases(path: Path, cases: list[Case], published: dict[int, Published]) -> None:
    """Plain facts only: figures that a case leaves open are read back from the tables as printed."""
    out = []
    for case in cases:
        expected = dict(case.expected)
        for urn, year in sorted(expected.pop("_ks2_values", []), key=lambda pair: pair[1]):
            row = _observation(year, published[year].cell("PTRWM_EXP", str(urn)), urn=urn)
            # an amalgamated school keeps its results under its own number: nobody inherits them
            row["is_predecessor"] = urn != case.urn and case.kind != "amalgamation"
            expected.setdefault("observations", []).append(row)
        out.append(
            {
                "urn": case.urn,
                "name": case.name,
                "kind": case.kind,
                "what_is_planted": case.what_is_planted,
                "expected": expected,
            }
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((json.dumps(out, indent=2, ensure_ascii=False) + "\n").encode("utf-8"))
