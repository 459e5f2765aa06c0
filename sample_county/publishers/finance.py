"""What schools received, spent and kept in a financial year: one draw, four publications of it, and pupil premium.

The maintained schools' workbook has the labels of the published download where they are known, those of the master
list elsewhere. A federation's lead school returns for all its members, the others print DNS.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.county.county import County
from sample_county.county.schools import School, year_folder
from sample_county.county.streams import stream
from sample_county.county.tables import (
    File,
    Numbers,
    counts,
    csv_text,
    half_up,
    header,
    rows_text,
    texts,
    utf8_bom,
)
from sample_county.county.workbook import Cell, workbook
from sample_county.publishers.explore_education_statistics.long_text import areas, place

YEAR = 2024
"""The financial year 2023-24, which stands under the academic year of the same label."""
SHARES_YEAR = 2021
PREMIUM_YEAR = 2025
MAINTAINED = f"CFR_{year_folder(YEAR)[:5]}{YEAR % 100}_Full_Data_Workbook.xlsx"
ACADEMIES = f"AAR_{year_folder(YEAR)[:5]}{YEAR % 100}_download.xlsx"
RESERVES = "la_maintained_schools_revenue_reserve_final.csv"
PREMIUM = f"pupil-premium-{year_folder(PREMIUM_YEAR)}.csv"
_LABELS = {
    "Total Income   I01 to I18": "Total Income: I01:I18 - E30",
    "Total Expenditure  E01 to E32": "Total Expenditure: (E01:E29 + E31 + E32)",
    "Staff Total ": "Staff Total: (E01:E03) + E05 + (E07: E11) + E26",
    "In-year Balance   Total Income (I01 to I18) minus Total Expenditure (E01 to E32)": (
        "In-year Balance: Total Income (I01:I18 - E30) - Total Expenditure (E01:E29 + E31 + E32)"
    ),
    "Revenue Reserve   B01 plus B02 plus B06": "Revenue Reserve: B01 + B02 + B06",
}
_PER_PUPIL = {"PRI": 5300, "SEC": 6900, "SPE": 27000, "": 9000}
_PREMIUM_POUNDS = {"PRI": 1480, "SEC": 1050, "SPE": 1050}
_SHARES = {
    "TEACHINGSTAFF": 0.48,
    "SUPPLYTEACHERS": 0.03,
    "EDUCATIONSUPPORTSTAFF": 0.17,
    "PREMISES": 0.07,
    "BACKOFFICE": 0.07,
    "CATERING": 0.04,
    "OTHERSTAFF": 0.02,
    "ENERGY": 0.02,
    "LEARNINGRESOURCES": 0.04,
    "ICT": 0.01,
    "BOUGHTINPROFESSIONALSERVICES": 0.03,
    "OTHER": 0.02,
}
_ALL_PHASES = "All Local authority maintained schools"
_PHASES = ("Nursery", "Primary", "Secondary", "Special", "Pupil referral units")


@dataclass(frozen=True)
class Accounts:
    """Whole pounds per school, in the order of the schools given; `is_open` in that year."""

    is_open: Numbers
    pupils: Numbers
    income: Numbers
    spending: Numbers
    staff: Numbers
    reserve: Numbers

    @property
    def balance(self) -> Numbers:
        return self.income - self.spending


def files(county: County) -> Iterator[File]:
    shares = f"performance-tables/{year_folder(SHARES_YEAR)}/england_cfr.csv"
    yield utf8_bom(shares, _shares(county.schools, county.once(accounts, SHARES_YEAR)))
    yield utf8_bom(f"finance/{RESERVES}", rows_text(header("la_revenue_reserve"), _reserves(county)))
    yield File(f"finance/{MAINTAINED}", _maintained_workbook(county))
    yield File(f"finance/{ACADEMIES}", _academies_workbook(county))
    premium = rows_text(header("pupil-premium_2019-20"), _premium(county))
    yield utf8_bom(f"pupil-premium/{year_folder(PREMIUM_YEAR)}/{PREMIUM}", premium)


def accounts(county: County, year: int) -> Accounts:
    """Every school's accounts; a few end the year with a negative reserve."""
    schools, on_roll, seed = county.schools, county.rolls(year), county.seed
    rng = stream(seed, "finance", year)
    n = len(schools)
    rate = np.array([_PER_PUPIL[school.phase] for school in schools]) * rng.normal(1, 0.06, n)
    income = np.round(on_roll.pupils * rate + 90000).astype(np.int64)
    spending = np.round(income * (1 + rng.normal(0.004, 0.022, n))).astype(np.int64)
    staff = np.round(spending * np.clip(rng.normal(0.78, 0.03, n), 0.5, 0.92)).astype(np.int64)
    reserve = np.round(income * rng.normal(0.08, 0.06, n)).astype(np.int64)
    return Accounts(on_roll.is_open, on_roll.pupils, income, spending, staff, reserve)


def _maintained_workbook(county: County) -> bytes:
    """The CFR workbook: a title above the header, a row per maintained school."""
    names = [_LABELS.get(name, name) for name in header("cfr_master_list")]
    schools, held = county.schools, county.once(accounts, YEAR)
    federated = [n for n, school in enumerate(schools) if school.planted == "federation"]
    amounts = {
        "Total Income: I01:I18 - E30": held.income,
        "Total Expenditure: (E01:E29 + E31 + E32)": held.spending,
        "Staff Total: (E01:E03) + E05 + (E07: E11) + E26": held.staff,
        "In-year Balance: Total Income (I01:I18 - E30) - Total Expenditure (E01:E29 + E31 + E32)": held.balance,
        "Revenue Reserve: B01 + B02 + B06": held.reserve,
    }
    rows: list[list[Cell]] = [["Consistent financial reporting 2023-24"], list(names)]
    for at in _maintained(schools, held):
        school = schools[at]
        is_silent = at in federated[1:]
        returned_for = federated if at in federated[:1] else [at]
        cells: dict[str, Cell] = {
            name: "DNS" if is_silent else int(amount[returned_for].sum()) for name, amount in amounts.items()
        }
        cells |= {
            "LA": school.la,
            "Estab": school.estab,
            "LAEstab": school.la * 10000 + school.estab,
            "URN": school.urn,
            "School Name": school.name,
            "Did Not Supply flag": "Y" if is_silent else "N",
        }
        rows.append([cells.get(name, "") for name in names])
    return workbook([("Index", [["Contents"]]), ("CFR Data", rows)])


def _academies_workbook(county: County) -> bytes:
    """The AAR download: codes in the first row, headings in the second; trusts' own money in another sheet."""
    names, held = header("aar_download"), county.once(accounts, YEAR)
    rows: list[list[Cell]] = [[f"A{at:02d}" for at in range(1, len(names) + 1)], list(names)]
    for at, school in enumerate(county.schools):
        if not school.words.is_academy or not held.is_open[at]:
            continue
        cells: dict[str, Cell] = {
            "LA": school.la,
            "Estab": school.estab,
            "URN": school.urn,
            "School Name": school.name,
            "UID": county.register.trusts[school.trust][0] if school.trust is not None else school.urn - 800000,
            "Total Income": int(held.income[at]),
            "Total Staff Costs": int(held.staff[at]),
            "Total Expenditure": int(held.spending[at]),
            "Revenue Reserve": int(held.reserve[at]),
            "In year balance": int(held.balance[at]),
        }
        rows.append([cells.get(name, "") for name in names])
    central: list[list[Cell]] = [["UID", "Trust or Company Name"]]
    return workbook([("Index", [["Contents"]]), ("Academies", rows), ("Central Services", central)])


def _shares(schools: Sequence[School], held: Accounts) -> str:
    """The last performance table of spending, 2020-21: pounds per pupil and shares, no balance."""
    chosen = _maintained(schools, held)
    each = held.pupils[chosen]
    spent = half_up(held.spending[chosen] / each)
    columns = {
        "URN": texts([str(schools[n].urn) for n in chosen]),
        "TOTALINCOME": counts(half_up(held.income[chosen] / each)),
        "TOTALEXPENDITURE": counts(spent),
        "TEACHINGSTAFF": counts(half_up(_SHARES["TEACHINGSTAFF"] * spent)),
    }
    columns |= {f"P{name}": texts([f"{100 * share:.1f}%"] * len(chosen)) for name, share in _SHARES.items()}
    return csv_text(header("cfr_2020-21"), columns, is_cut=False)


def _reserves(county: County) -> Iterator[dict[str, str]]:
    """Reserves by financial year for England, its regions and authorities, all phases and each."""
    schools = county.schools
    for year in (SHARES_YEAR, YEAR):
        held = county.once(accounts, year)
        chosen = _maintained(schools, held)
        for level, authority, las in areas(county):
            for phase in (_ALL_PHASES, *_PHASES):
                mine = [n for n in chosen if schools[n].la in las and phase in (_ALL_PHASES, _phase(schools[n]))]
                if mine:
                    time = {"time_period": f"{year - 1}{year % 100}", "time_identifier": "Financial year"}
                    yield place(level, year, authority) | time | _sums(mine, phase, held)


def _premium(county: County) -> Iterator[dict[str, str]]:
    """Allocations per school; the numbers of notes stand in the headings."""
    on_roll = county.rolls(PREMIUM_YEAR)
    for n, school in enumerate(county.schools):
        if not on_roll.is_open[n] or not school.is_state_funded or not school.phase:
            continue
        eligible = int(on_roll.fsm6[n])
        yield {
            "URN": str(school.urn),
            "LA": str(school.la),
            "Estab": str(school.estab),
            "School Name": school.name,
            "Number of pupils on roll (7)": str(int(on_roll.fsm6_of[n])),
            "Total number of pupils eligible for the Deprivation Pupil Premium": str(eligible),
            "Total allocation for the Deprivation Pupil Premium": str(eligible * _PREMIUM_POUNDS[school.phase]),
        }


def _maintained(schools: Sequence[School], held: Accounts) -> list[int]:
    """Indices of the authority's schools that made a return."""
    return [
        n
        for n, school in enumerate(schools)
        if school.is_state_funded and not school.words.is_academy and school.kind != "fe" and held.is_open[n]
    ]


def _phase(school: School) -> str:
    named = {"nursery": "Nursery", "pru": "Pupil referral units"}
    return named.get(school.kind) or {"PRI": "Primary", "SEC": "Secondary"}.get(school.phase, "Special")


def _sums(mine: list[int], phase: str, held: Accounts) -> dict[str, str]:
    """The printed figures of some schools."""
    reserve, income = held.reserve[mine], held.income[mine]
    deficits = int((reserve < 0).sum())
    return {
        "school_phase": phase,
        "number_schools": str(len(mine)),
        "number_schools_with_deficit": str(deficits),
        "PC_schools_with_deficit": f"{100 * deficits / len(mine):.1f}",
        "total_revenue_balance_million": f"{reserve.sum() / 1e6:.2f}",
        "average_revenue_balance": f"{reserve.mean():.0f}",
        "revenue_balance_as_pc_total_income": f"{100 * reserve.sum() / income.sum():.1f}",
        "total_income_million": f"{income.sum() / 1e6:.2f}",
    }
