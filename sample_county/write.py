"""Writes the sample county's published files and the list of planted cases. Order of work only.

Folders are as a person would keep the downloads: performance-tables/<year>/, explore-education-statistics/<year>/,
ofsted/<year>/, gias/, lait/, local/.
"""

import json
from pathlib import Path
from typing import Any

from sample_county import (
    absence,
    attendance,
    census,
    census_long,
    destinations,
    destinations_16,
    early_results,
    ebacc_entries,
    events,
    finance,
    gias,
    information,
    inspection_eras,
    inspection_settings,
    inspections,
    ks2,
    ks2_pupils,
    ks4,
    ks4_pupils,
    ks5,
    ks5_students,
    lait,
    links,
    local_lists,
    local_returns,
    long_areas,
    long_schools,
    long_tables,
    planted,
    population,
    trusts,
    workforce,
)
from sample_county.facts import EARLY_RESULTS
from sample_county.planted import Case
from sample_county.rolls import Rolls, rolls
from sample_county.schools import COUNTY, YEARS, Authority, Inspection, Register, label, year_folder
from sample_county.tables import write_cp1252, write_utf8, write_utf8_bom
from sample_county.tally import Published

LINKS_FILE = "links_edubasealldata20260821.csv"
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
    absent = {year: absence.draw(register.schools, on_roll[year], seed, year) for year in absence.YEARS}
    for year, absences in absent.items():
        write_utf8_bom(tables / year_folder(year) / "england_abs.csv", absences.text())
        if year == absence.YEARS[-2]:
            write_utf8_bom(tables / year_folder(year) / f"{COUNTY}_abs.csv", absences.text(COUNTY))

    published = _write_ks2(tables, register, on_roll, seed, cases)
    published_ks4 = _write_ks4(tables, register, on_roll, seed)
    _write_long_files(folder, register, published, published_ks4, cases)
    _write_presence(folder / "explore-education-statistics", register, on_roll, absent, seed)
    _write_areas(folder, register, published, published_ks4, absent, seed)
    _write_ks5(folder, register, seed)
    _write_finance(folder, register, on_roll, seed)
    _write_workforce(folder, register, on_roll, seed)
    _write_census_again(folder / "explore-education-statistics", register, on_roll)
    la_names = {authority.code: authority.name for authority in register.authorities}
    write_utf8_bom(
        tables / year_folder(information.YEAR) / "england_school_information.csv",
        information.text(register.schools, la_names),
    )
    found = inspections.draw(register, seed)
    write_cp1252(folder / "ofsted" / "2024-2025" / inspections.FILE_NAME, inspections.text(register, found))
    outcomes = tables / year_folder(inspection_eras.TABLES_AS_AT.year) / inspection_eras.TABLES_WORKBOOK
    outcomes.parent.mkdir(parents=True, exist_ok=True)
    outcomes.write_bytes(inspection_eras.tables_2018(register, found))
    _write_inspections_of_other_years(folder / "ofsted", register, found, seed)
    _write_register(folder / "gias", register, on_roll[YEARS[-1]])
    spine = tables / year_folder(information.SPINE_YEAR) / "england_spine.xlsx"
    spine.parent.mkdir(parents=True, exist_ok=True)
    spine.write_bytes(information.spine(register.schools))
    for name, text in local_returns.texts(register.schools, seed).items():
        write_utf8_bom(folder / "local" / local_returns.FILES[name], text)
    _write_cases(folder / "planted-cases.json", cases, published)


def _write_register(folder: Path, register: Register, on_roll: Rolls) -> None:
    """The register of establishments, its links and its groups, and two older extracts."""
    write_cp1252(folder / LINKS_FILE, links.text(register.links))
    write_cp1252(folder / gias.REGISTER, gias.register_text(register, on_roll))
    write_cp1252(folder / gias.GROUPS, gias.groups_text(register))
    write_cp1252(folder / gias.MEMBERSHIPS, gias.memberships_text(register))
    write_cp1252(folder / gias.EXTRACT, gias.extract_text(register))
    write_cp1252(folder / gias.GROUP_LINKS, gias.group_links_text(register))


def _write_inspections_of_other_years(
    folder: Path, register: Register, found: dict[int, Inspection], seed: int
) -> None:
    """The layouts before and after that of 2025, and the early-years settings."""
    book = folder / "2014-2015" / inspection_eras.WORKBOOK
    book.parent.mkdir(parents=True, exist_ok=True)
    book.write_bytes(inspection_eras.workbook_2015(register, found))
    write_cp1252(folder / "2020-2021" / inspection_eras.SECTION_8, inspection_eras.section_8_text(register, found))
    write_cp1252(folder / "2025-2026" / inspection_eras.REPORT_CARDS, inspection_eras.report_card_text(register, found))
    for year, name in (("2024-2025", inspection_settings.UNTIL_2025), ("2025-2026", inspection_settings.SINCE_2026)):
        write_cp1252(folder / year / name, inspection_settings.text(register, seed, name))


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


def _write_ks4(tables: Path, register: Register, on_roll: dict[int, Any], seed: int) -> dict[int, Published]:
    """Performance tables, and the destinations of leavers whose own tables may be older than the sample's."""
    entered = ks4.entrants(register.schools)
    done: dict[int, Published] = {}
    leavers = {}
    for year in sorted({*ks4.YEARS, *destinations.LEAVERS, ebacc_entries.YEAR, trusts.YEAR, trusts.YEAR_2018}):
        sat = ks4_pupils.draw(entered, seed, year)
        if year in destinations.LEAVERS:
            leavers[year] = destinations.draw(entered, sat, seed, year)
        if year == ebacc_entries.YEAR:
            entries = ebacc_entries.text(entered, register.authorities, sat)
            write_utf8_bom(tables / year_folder(year) / "england_ks4-ebacc-entries.csv", entries)
        if year == trusts.YEAR:
            of_trusts = trusts.ks4_text(register, entered, sat)
            write_cp1252(tables / year_folder(year) / "england_ks4-mats-performance.csv", of_trusts)
        if year == trusts.YEAR_2018:
            of_trusts = trusts.ks4_2018_text(register, entered, sat)
            write_cp1252(tables / year_folder(year) / "england_ks4-mats-performance.csv", of_trusts)
        if year in ks4.YEARS:
            finished = ks4.table(register.schools, register.authorities, on_roll[year], sat, year, done)
            write_utf8_bom(tables / year_folder(year) / "england_ks4final.csv", finished.text())
            done[year] = finished
    write_utf8_bom(
        tables / year_folder(destinations.FOLDER_YEAR) / "england_ks4-pupdest.csv",
        destinations.text(entered, register.schools, register.authorities, leavers),
    )
    return done


def _write_long_files(
    folder: Path,
    register: Register,
    ks2_tables: dict[int, Published],
    ks4_tables: dict[int, Published],
    cases: list[Case],
) -> None:
    """The performance tables' numbers in the other format, one of them another."""
    year, held = ks2.YEARS[-1], folder / "explore-education-statistics"
    changed, case = _case_of_two_sources(register, ks2_tables[year], cases)
    cases.append(case)
    again = long_tables.ks2_schools_text(ks2_tables[year], year, changed)
    write_utf8(held / year_folder(year) / long_tables.KS2_SCHOOLS, again)
    authorities = {authority.code: authority for authority in register.authorities}
    about = long_tables.ks4_information_text(ks4_tables[long_tables.KS4_YEAR], authorities, long_tables.KS4_YEAR)
    write_utf8(held / year_folder(long_tables.KS4_YEAR) / long_tables.KS4_INFORMATION, about)
    county = _county(register)
    for when, name, text in (
        (year, long_areas.KS2_AREAS, long_areas.ks2_areas_text(ks2_tables[year], register.authorities, year)),
        (
            year,
            long_areas.KS2_INFORMATION,
            long_areas.ks2_information_text(ks2_tables[year], register.authorities, year),
        ),
        (
            long_schools.KS4_SCHOOLS_YEAR,
            long_schools.KS4_SCHOOLS,
            long_schools.ks4_schools_text(ks4_tables[long_schools.KS4_SCHOOLS_YEAR], county),
        ),
        (
            long_schools.KS4_SCHOOLS_2023_YEAR,
            long_schools.KS4_SCHOOLS_2023,
            long_schools.ks4_schools_2023_text(ks4_tables[long_schools.KS4_SCHOOLS_2023_YEAR], county),
        ),
    ):
        write_utf8(held / year_folder(when) / name, text)


def _county(register: Register) -> Authority:
    return next(authority for authority in register.authorities if authority.is_county)


def _case_of_two_sources(register: Register, final: Published, cases: list[Case]) -> tuple[tuple[str, str], Case]:
    """One school whose result is two points higher in the long file than in the performance tables."""
    taken = {case.urn for case in cases}
    school = next(
        s
        for s in register.schools
        if s.la == COUNTY
        and s.kind == "primary"
        and not s.planted
        and s.urn not in taken
        and s.closed is None
        and s.opened is None
        and s.site.per_year >= 20
        and final.cell(_DISPUTED, str(s.urn)).rstrip("%").isdigit()
    )
    tables = final.cell(_DISPUTED, str(school.urn))
    text = str(int(tables.rstrip("%")) + 2)
    case = Case(
        school.urn,
        school.name,
        "sources_disagree",
        f"{_DISPUTED} of 2024/25 is {tables} in england_ks2final.csv and {text} in {long_tables.KS2_SCHOOLS}.",
        {
            "observations": [_observation(2025, tables, release="final")],
            "data_quality_disagreement": {"source_column": _DISPUTED, "england": tables, "county": text},
        },
    )
    return (str(school.urn), text), case


def _write_presence(
    folder: Path, register: Register, on_roll: dict[int, Rolls], absent: dict[int, absence.Absences], seed: int
) -> None:
    """Absence with counts, attendance in the year to date, suspensions."""
    by_code = {authority.code: authority for authority in register.authorities}
    of_year = absent[attendance.YEAR]
    held = folder / year_folder(attendance.YEAR)
    write_utf8(held / attendance.ABSENCE_SCHOOLS, attendance.absence_schools_text(of_year, by_code))
    write_utf8(held / attendance.ABSENCE_AREAS, attendance.absence_areas_text(of_year, register.authorities))
    pupils = on_roll[attendance.SUSPENSIONS_YEAR]
    suspended = attendance.suspensions_text(register.schools, pupils, by_code, seed)
    write_utf8(folder / year_folder(attendance.SUSPENSIONS_YEAR) / attendance.SUSPENSIONS, suspended)
    newest, now = absent[absence.YEARS[-1]], folder / year_folder(attendance.YTD_YEAR)
    write_utf8(now / attendance.YTD, attendance.year_to_date_text(newest, register.authorities))
    write_utf8(now / attendance.WEEKS, attendance.weeks_text(newest, register.authorities))


def _write_areas(
    folder: Path,
    register: Register,
    ks2_tables: dict[int, Published],
    ks4_tables: dict[int, Published],
    absent: dict[int, absence.Absences],
    seed: int,
) -> None:
    """What is published by area alone: early results, and the Interactive Tool's table of everything."""
    held = folder / "explore-education-statistics"
    for year, name, text in (
        (2022, early_results.EYFSP_2022, early_results.eyfsp_2022_text(register, seed)),
        (2022, early_results.MTC_2022, early_results.mtc_2022_text(register, seed)),
        (2025, early_results.EYFSP, early_results.eyfsp_text(register, seed)),
        (2025, early_results.PHONICS, early_results.phonics_text(register, seed)),
        (2023, early_results.KS1, early_results.ks1_text(register, seed)),
        (2025, early_results.MTC, early_results.mtc_text(register, seed)),
    ):
        write_utf8(held / year_folder(year) / name, text)
    gld = {year: early_results.gld_of(register, seed, year) for year in EARLY_RESULTS["gld"]}
    tool = folder / "lait" / lait.FILE_NAME
    tool.parent.mkdir(parents=True, exist_ok=True)
    tool.write_bytes(lait.content(register.authorities, ks2_tables, ks4_tables, absent, gld))


def _write_ks5(folder: Path, register: Register, seed: int) -> None:
    """Performance tables of each year, destinations and trusts, and the newest results as a long file."""
    tables = folder / "performance-tables"
    entered = ks5.entrants(register.schools)
    done: dict[int, Published] = {}
    for year in ks5.YEARS:
        sat = ks5_students.draw(entered, seed, year)
        finished = ks5.table(register.schools, register.authorities, register.consortia, sat, year, done)
        name = "england_ks5final.csv" if year == ks5.YEARS[-1] else f"{year_folder(year)}_england_ks5final.csv"
        write_utf8_bom(tables / year_folder(year) / name, finished.text())
        done[year] = finished
        newest = tables / year_folder(destinations_16.FOLDER_YEAR)
        who = (entered, register.authorities, sat, seed, register.consortia)
        if year == destinations_16.LEAVERS:
            write_utf8_bom(newest / "england_ks5-studest.csv", destinations_16.destinations_text(*who))
        if year == destinations_16.HE_LEAVERS:
            write_utf8_bom(newest / "england_ks5-studest-he.csv", destinations_16.he_text(*who))
        if year == trusts.YEAR:
            write_cp1252(newest / "england_ks5-mats-performance.csv", trusts.ks5_text(register, entered, sat))
    left = ks5_students.draw(entered, seed, destinations_16.LEAVERS_2018)
    write_utf8_bom(
        tables / year_folder(destinations_16.FOLDER_YEAR_2018) / f"{COUNTY}_ks5-studest.csv",
        destinations_16.county_2018_text(entered, register.authorities, left, seed),
    )
    write_utf8(
        folder / "explore-education-statistics" / year_folder(long_schools.KS5_YEAR) / long_schools.KS5_INSTITUTIONS,
        long_schools.ks5_institutions_text(done[long_schools.KS5_YEAR], _county(register)),
    )


def _write_workforce(folder: Path, register: Register, on_roll: dict[int, Rolls], seed: int) -> None:
    """The table of 2020/21 and its ratios as a long file; the county's own table of 2014/15, with that year's rolls."""
    tables, year, first = folder / "performance-tables", workforce.YEAR, workforce.FIRST_YEAR
    write_utf8_bom(
        tables / year_folder(year) / "england_swf.csv", workforce.text(register.schools, on_roll[year], seed)
    )
    then = workforce.county_2015_text(register.schools, rolls(register.schools, seed, first), seed)
    write_utf8_bom(tables / year_folder(first) / f"{COUNTY}_swf.csv", then)
    ratios = workforce.ratios_text(register.schools, on_roll[year], _county(register), seed)
    write_utf8(folder / "explore-education-statistics" / year_folder(year) / workforce.RATIOS, ratios)


def _write_census_again(folder: Path, register: Register, on_roll: dict[int, Rolls]) -> None:
    """The newest census by school, with counts."""
    year, county = census_long.YEAR, _county(register)
    held, who = folder / year_folder(year), (register.schools, on_roll[year], county)
    write_utf8(held / census_long.PUPILS, census_long.pupils_text(*who))
    write_utf8(held / census_long.SPECIAL_NEEDS, census_long.special_needs_text(*who))


def _write_finance(folder: Path, register: Register, on_roll: dict[int, Rolls], seed: int) -> None:
    """A financial year's accounts as schools' and authorities' figures, older shares, and pupil premium."""
    accounts = {
        year: finance.draw(register.schools, on_roll[year], seed, year) for year in (finance.SHARES_YEAR, finance.YEAR)
    }
    shares = folder / "performance-tables" / year_folder(finance.SHARES_YEAR) / "england_cfr.csv"
    write_utf8_bom(shares, finance.shares_text(register.schools, accounts[finance.SHARES_YEAR]))
    held = folder / "finance"
    write_utf8_bom(held / finance.RESERVES, finance.reserves_text(register, accounts))
    (held / finance.MAINTAINED).write_bytes(finance.maintained_workbook(register, accounts[finance.YEAR]))
    (held / finance.ACADEMIES).write_bytes(finance.academies_workbook(register, accounts[finance.YEAR]))
    premium = folder / "pupil-premium" / year_folder(finance.PREMIUM_YEAR) / finance.PREMIUM
    write_utf8_bom(premium, finance.premium_text(register, on_roll[finance.PREMIUM_YEAR]))


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
        expected = case.expected | local_lists.EXPECTED.get(case.kind, {})
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
