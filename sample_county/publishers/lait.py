"""The Local Authority Interactive Tool's table: series of authorities and England, read off the tables they come from.

Its England is its own (it leaves out hospital schools), so key stage 2 stands a point above the performance tables'.
"""

import io
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from sample_county.county.absences import YEARS as ABSENCE_YEARS
from sample_county.county.county import County
from sample_county.county.facts import EARLY_RESULTS
from sample_county.county.schools import Authority
from sample_county.county.tables import File
from sample_county.county.tally import STATE_FUNDED, Published
from sample_county.publishers.explore_education_statistics.early_results import good_level
from sample_county.publishers.explore_education_statistics.long_text import mark
from sample_county.publishers.performance_tables import ks2, ks4

ENGLAND = "970"
KS2 = {
    "KS2RWM_Expected_STD": "PTRWM_EXP",
    "KS2RWM_Higher_STD": "PTRWM_HIGH",
    "DAP_NEW_KS2_RWM": "PTRWM_EXP_FSM6CLA1A",
    "NonDAP_NEW_KS2_RWM": "PTRWM_EXP_NotFSM6CLA1A",
    "KS2R_Expected_STD": "PTREAD_EXP",
    "KS2W_Teacher_Assess": "PTWRITTA_EXP",
    "KS2M_Expected_STD": "PTMAT_EXP",
}
KS4 = {
    "AVG_Attain8_Score": "ATT8SCR",
    "DAP_KS4_ATT8": "ATT8SCR_FSM6CLA1A",
    "NonDAP_KS4_ATT8": "ATT8SCR_NFSM6CLA1A",
    "EngMaths9-5": "PTL2BASICS_95",
    "EngMaths9-4": "PTL2BASICS_94",
}
_ABSENCE = {"PriTotAbs": ("PRI", 0), "SecTotAbs": ("SEC", 0), "SFPriPerAbNew": ("PRI", 1), "SFSecPerAbNew": ("SEC", 1)}
_SAME_EVERYWHERE = (
    ("InfMort", "2024-26", "3.1"),
    ("APSE_Alevel", "2025 (Rev)", "35.125"),
    ("PriPermEx", "2023/24", "3.099E-2"),
)
Cell = tuple[str, str, Authority | None, str]


def files(county: County) -> Iterator[File]:
    """One table as a Parquet file; a year without the assessment holds a dash."""
    places = [*county.authorities, None]
    cells: list[Cell] = []
    for module, series, ahead in ((ks2, KS2, 1), (ks4, KS4, 0)):
        for year in module.YEARS:
            cells += _of_table(county, county.once(module.table, year), series, f"{year}", ahead)
    for year in ABSENCE_YEARS:
        for name, (phase, at) in _ABSENCE.items():
            for area in places:
                text = county.absences(year).total(phase, area.code if area else None)[at]
                cells.append((name, f"{year}", area, text or "-"))
    for year in EARLY_RESULTS["gld"]:
        cells += [("FSP_NEW_GOODDEV", f"{year}", area, text) for area, text in good_level(county, year)]
    same = [*_SAME_EVERYWHERE, *(("KS2RWM_Expected_STD", year, "-") for year in ("2020", "2021"))]
    cells += [(name, year, area, text) for name, year, text in same for area in places]
    yield File("lait/bds_long_0.parquet", _parquet(cells))


def _of_table(county: County, table: Published, series: Mapping[str, str], year: str, ahead: int) -> Iterator[Cell]:
    """Cells of authorities and of state-funded England; no number is a dash."""
    for name, column in series.items():
        for area in county.authorities:
            printed = mark(table.cell(column, f"LA{area.code}"))
            yield name, year, area, printed if printed.lstrip("-").replace(".", "", 1).isdigit() else "-"
        england = mark(table.cell(column, STATE_FUNDED))
        yield name, year, None, str(int(england) + ahead) if ahead else england


def _parquet(cells: list[Cell]) -> bytes:
    names, years, areas, texts = map(list, zip(*cells, strict=True))
    table = {
        "Short Desc": names,
        "Data item": [""] * len(cells),
        "Years": years,
        "LA and Regions": [area.name if area else "England" for area in areas],
        "Values": texts,
        "LA Number": [float(area.code if area else ENGLAND) for area in areas],
        "Region": [""] * len(cells),
    }
    out = io.BytesIO()
    pq.write_table(pa.table(table), out, compression="zstd")
    return out.getvalue()
