"""The Local Authority Interactive Tool's table: series of authorities and England, read off the tables they come from.

Its England is its own (it leaves out hospital schools), so key stage 2 stands a point above the performance tables'.
"""

import io
from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from sample_county.absence import Absences
from sample_county.long_tables import numbers_of
from sample_county.schools import Authority
from sample_county.tally import STATE_FUNDED, Published

FILE_NAME = "bds_long_0.parquet"
ENGLAND = "970"
_COLUMNS = ("Short Desc", "Data item", "Years", "LA and Regions", "Values", "LA Number", "Region")
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
Cell = tuple[str, str, Authority | None, str]


def content(
    authorities: Iterable[Authority],
    ks2: Mapping[int, Published],
    ks4: Mapping[int, Published],
    absent: Mapping[int, Absences],
    gld: Mapping[int, list[tuple[Authority | None, str]]],
) -> bytes:
    """The table as a Parquet file; a year without the assessment holds a dash."""
    places = list(authorities)
    cells: list[Cell] = []
    for year, table in ks2.items():
        cells += _of_table(table, KS2, f"{year}", places, ahead=1)
    for year, table in ks4.items():
        cells += _of_table(table, KS4, f"{year}", places, ahead=0)
    for year, absences in absent.items():
        for name, (phase, at) in _ABSENCE.items():
            for area in (*places, None):
                text = absences.total(phase, area.code if area else None)[at]
                cells.append((name, f"{year}", area, text or "-"))
    for year, printed in gld.items():
        cells += [("FSP_NEW_GOODDEV", f"{year}", area, text) for area, text in printed]
    for year in (2020, 2021):
        cells += [("KS2RWM_Expected_STD", f"{year}", area, "-") for area in (*places, None)]
    cells += [("InfMort", "2024-26", area, "3.1") for area in (*places, None)]
    cells += [("APSE_Alevel", "2025 (Rev)", area, "35.125") for area in (*places, None)]
    cells += [("PriPermEx", "2023/24", area, "3.099E-2") for area in (*places, None)]
    return _parquet(cells)


def _of_table(
    table: Published, series: Mapping[str, str], year: str, places: list[Authority], *, ahead: int
) -> list[Cell]:
    cells: list[Cell] = []
    for name, column in series.items():
        printed = numbers_of(table, column)
        for area in places:
            cells.append((name, year, area, printed.get(f"LA{area.code}", "-")))
        england = printed[STATE_FUNDED]
        cells.append((name, year, None, str(int(england) + ahead) if ahead else england))
    return cells


def _parquet(cells: list[Cell]) -> bytes:
    rows = [
        (
            name,
            name,
            year,
            area.name if area else "England",
            text,
            float(area.code if area else ENGLAND),
            area.region if area else "England",
        )
        for name, year, area, text in cells
    ]
    columns = dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="zstd")
    return out.getvalue()
