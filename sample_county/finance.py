"""What schools received, spent and kept in a financial year: one draw, four publications of it, and pupil premium.

The maintained schools' workbook has the labels of the published download where they are known, those of the master
list elsewhere. A federation's lead school returns for all its members, the others print DNS.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.rolls import Rolls
from sample_county.schools import Register, School, year_folder
from sample_county.streams import stream
from sample_county.tables import Numbers, csv_text, half_up, header, texts
from sample_county.workbook import Cell, workbook

YEAR = 2024
"""The financial year 2023-24, which stands under the academic year of the same label."""
SHARES_YEAR = 2021
PREMIUM_YEAR = 2025
MAINTAINED = f"CFR_{year_folder(YEAR)[:5]}{YEAR % 100}_Full_Data_Workbook.xlsx"
ACADEMIES = f"AAR_{year_folder(YEAR)[:5]}{YEAR % 100}_download.xlsx"
RESERVES = "la_maintained_schools_revenue_reserve_final.csv"
PREMIUM = f"pupil-premium-{year_folder(PREMIUM_YEAR)}.csv"
_LABELS = {
    "No Pupils": "No pupils (including dual registrations)",
    "Federation": "Federated submission",
    "Total Income   I01 to I18": "Total Income: I01:I18 - E30",
    "Total Expenditure  E01 to E32": "Total Expenditure: (E01:E29 + E31 + E32)",
    "Staff Total ": "Staff Total: (E01:E03) + E05 + (E07: E11) + E26",
    "In-year Balance   Total Income (I01 to I18) minus Total Expenditure (E01 to E32)": (
        "In-year Balance: Total Income (I01:I18 - E30) - Total Expenditure (E01:E29 + E31 + E32)"
    ),
    "Revenue Reserve   B01 plus B02 plus B06": "Revenue Reserve: B01 + B02 + B06",
}
_PER_PUPIL = {"PRI": 5300, "SEC": 6900, "SPE": 27000, "": 9000}
_PREMIUM_POUNDS = {"PRI": 1480, "SEC": 1050}
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


def draw(schools: Sequence[School], on_roll: Rolls, seed: int, year: int) -> Accounts:
    """Every school's accounts; a few end the year with a negative reserve."""
    rng = stream(seed, "finance", year)
    n = len(schools)
    rate = np.array([_PER_PUPIL[school.phase] for school in schools]) * rng.normal(1, 0.06, n)
    income = np.round(on_roll.pupils * rate + 90000).astype(np.int64)
    spending = np.round(income * (1 + rng.normal(0.004, 0.022, n))).astype(np.int64)
    staff = np.round(spending * np.clip(rng.normal(0.78, 0.03, n), 0.5, 0.92)).astype(np.int64)
    reserve = np.round(income * rng.normal(0.08, 0.06, n)).astype(np.int64)
    return Accounts(on_roll.is_open, on_roll.pupils, income, spending, staff, reserve)


def maintained_workbook(register: Register, accounts: Accounts) -> bytes:
    """The CFR workbook: a title above the header, a row per maintained school."""
    names = [_LABELS.get(name, name) for name in header("cfr_master_list")]
    leads = _leads(register.schools)
    laestabs = {school.urn: school.la * 10000 + school.estab for school in register.schools}
    rows: list[list[Cell]] = [["Consistent financial reporting 2023-24"], list(names)]
    for at in _maintained(register.schools, accounts):
        school = register.schools[at]
        lead = leads.get(school.urn)
        returns = [n for n, other in enumerate(register.schools) if leads.get(other.urn) == school.urn] or [at]
        amounts = {
            "Total Income: I01:I18 - E30": accounts.income,
            "Total Expenditure: (E01:E29 + E31 + E32)": accounts.spending,
            "Staff Total: (E01:E03) + E05 + (E07: E11) + E26": accounts.staff,
            _LABELS[
                "In-year Balance   Total Income (I01 to I18) minus Total Expenditure (E01 to E32)"
            ]: accounts.balance,
            "Revenue Reserve: B01 + B02 + B06": accounts.reserve,
            "No pupils (including dual registrations)": accounts.pupils,
        }
        is_silent = lead is not None and lead != school.urn
        cells: dict[str, Cell] = {
            name: "DNS" if is_silent else int(held[returns].sum()) for name, held in amounts.items()
        }
        cells |= {
            "LA": school.la,
            "Estab": school.estab,
            "LAEstab": laestabs[school.urn],
            "URN": school.urn,
            "School Name": school.name,
            "Did Not Supply flag": "Y" if is_silent else "N",
            "Federated submission": "No" if lead is None else "Non returning school" if is_silent else "Lead school",
            "Lead school in federation": "" if lead is None else laestabs[lead],
        }
        rows.append([cells.get(name, "") for name in names])
    return workbook([("Index", [["Contents"]]), ("CFR Data", rows)])


def academies_workbook(register: Register, accounts: Accounts) -> bytes:
    """The AAR download: codes in the first row, headings in the second; trusts' own money in another sheet."""
    names = header("aar_download")
    rows: list[list[Cell]] = [[f"A{at:02d}" for at in range(1, len(names) + 1)], list(names)]
    for at, school in enumerate(register.schools):
        if not school.words.is_academy or not accounts.is_open[at]:
            continue
        uid, trust = register.trusts[school.trust] if school.trust is not None else (school.urn - 800000, school.name)
        cells: dict[str, Cell] = {
            "LAEstab": f"{school.la}/{school.estab}",
            "LA": school.la,
            "Estab": school.estab,
            "URN": school.urn,
            "School Name": school.name,
            "MAT/SAT": "SAT" if school.trust is None else "MAT",
            "UID": uid,
            "Trust or Company Name": trust,
            "Number of pupils in academy (FTE)": int(accounts.pupils[at]),
            "Total Income": int(accounts.income[at]),
            "Total Staff Costs": int(accounts.staff[at]),
            "Total Expenditure": int(accounts.spending[at]),
            "Revenue Reserve": int(accounts.reserve[at]),
            "In year balance": int(accounts.balance[at]),
        }
        rows.append([cells.get(name, "") for name in names])
    central: list[list[Cell]] = [["UID", "Trust or Company Name"]]
    return workbook([("Index", [["Contents"]]), ("Academies", rows), ("Central Services", central)])


def shares_text(schools: Sequence[School], accounts: Accounts) -> str:
    """The last performance table of spending, 2020-21: pounds per pupil and shares, no balance."""
    chosen = _maintained(schools, accounts)
    each = accounts.pupils[chosen]
    spent = half_up(accounts.spending[chosen] / each)
    columns = {
        "URN": texts([str(schools[n].urn) for n in chosen]),
        "LONDON/NON-LONDON": texts(["Non-London"] * len(chosen)),
        "PUPILS": texts([f"{n:.1f}" for n in each.tolist()]),
        "TOTALINCOME": texts([str(n) for n in half_up(accounts.income[chosen] / each).tolist()]),
        "TOTALEXPENDITURE": texts([str(n) for n in spent.tolist()]),
    }
    for name, share in _SHARES.items():
        columns[name] = texts([str(n) for n in half_up(share * spent).tolist()])
        columns[f"P{name}"] = texts([f"{100 * share:.1f}%"] * len(chosen))
    return csv_text(header("cfr_2020-21"), columns, is_cut=False)


def reserves_text(register: Register, by_year: dict[int, Accounts]) -> str:
    """Reserves by financial year for England, its regions and authorities, all phases and each."""
    lines: list[dict[str, str]] = []
    for year, accounts in sorted(by_year.items()):
        chosen = _maintained(register.schools, accounts)
        for place, las in _places(register):
            for phase in (_ALL_PHASES, *_PHASES):
                mine = [
                    n
                    for n in chosen
                    if register.schools[n].la in las and phase in (_ALL_PHASES, _phase(register.schools[n]))
                ]
                if mine:
                    lines.append({"time_period": f"{year - 1}{year % 100}", **place, **_sums(mine, phase, accounts)})
    names = header("la_revenue_reserve")
    columns = {name: texts([line.get(name, "0") for line in lines]) for name in names}
    return csv_text(names, columns, is_cut=False)


def premium_text(register: Register, on_roll: Rolls) -> str:
    """Allocations per school; shares are fractions, and the numbers of notes stand in the headings."""
    las = {authority.code: authority.name for authority in register.authorities}
    names = header("pupil-premium_2019-20")
    lines = []
    for n, school in enumerate(register.schools):
        if not on_roll.is_open[n] or not school.is_state_funded or school.phase not in ("PRI", "SEC", "SPE"):
            continue
        phase = "PRI" if school.phase == "PRI" else "SEC"
        roll, eligible = int(on_roll.fsm6_of[n]), int(on_roll.fsm6[n])
        pounds = eligible * _PREMIUM_POUNDS[phase]
        share = f"{half_up(np.array([eligible / max(roll, 1)]), 3)[0] / 1000:g}"
        counted = [str(roll), str(eligible), share, str(pounds)]
        halves = [*counted, *["0"] * 4] if phase == "PRI" else [*["0"] * 4, *counted]
        identity = [str(school.urn), f"{school.la}{school.estab}", str(school.la), las[school.la], str(school.estab)]
        named = [school.name, school.words.information, "Sample constituency", str(roll)]
        lines.append([*identity, *named, *halves, str(eligible), str(pounds)])
    columns = {name: texts([line[at] for line in lines]) for at, name in enumerate(names)}
    return csv_text(names, columns, is_cut=False)


def _maintained(schools: Sequence[School], accounts: Accounts) -> list[int]:
    """Indices of the authority's schools that made a return."""
    return [
        n
        for n, school in enumerate(schools)
        if school.is_state_funded and not school.words.is_academy and school.kind != "fe" and accounts.is_open[n]
    ]


def _leads(schools: Sequence[School]) -> dict[int, int]:
    """The lead school of every member of the planted federation: its first."""
    members = [school.urn for school in schools if school.planted == "federation"]
    return dict.fromkeys(members, members[0]) if members else {}


def _phase(school: School) -> str:
    named = {"nursery": "Nursery", "pru": "Pupil referral units"}
    return named.get(school.kind) or {"PRI": "Primary", "SEC": "Secondary"}.get(school.phase, "Special")


def _places(register: Register) -> list[tuple[dict[str, str], set[int]]]:
    """England, each region, each authority: identifying cells, and the authorities whose schools count."""
    england = {"time_identifier": "Financial year", "country_name": "England", "country_code": "E92000001"}
    blank = dict.fromkeys(("region_name", "region_code", "la_name", "old_la_code", "new_la_code"), "")
    las = register.authorities
    places = [(england | blank | {"geographic_level": "National"}, {a.code for a in las})]
    for number, name in sorted({(a.region_number, a.region) for a in las}):
        region = {"region_name": name, "region_code": f"E12{number:06d}", "geographic_level": "Regional"}
        places.append((england | blank | region, {a.code for a in las if a.region_number == number}))
    for a in las:
        area = {"region_name": a.region, "region_code": f"E12{a.region_number:06d}", "la_name": a.name}
        codes = {"old_la_code": str(a.code), "new_la_code": f"E10{a.code:06d}", "geographic_level": "Local authority"}
        places.append((england | area | codes, {a.code}))
    return places


def _sums(mine: list[int], phase: str, accounts: Accounts) -> dict[str, str]:
    """The printed figures of some schools."""
    reserve, income = accounts.reserve[mine], accounts.income[mine]
    deficits = int((reserve < 0).sum())
    percent = {
        name: f"{100 * n / len(mine):.1f}" for name, n in (("surplus", len(mine) - deficits), ("deficit", deficits))
    }
    return {
        "school_phase": phase,
        "number_schools": str(len(mine)),
        "number_schools_with_surplus": str(len(mine) - deficits),
        "number_schools_with_deficit": str(deficits),
        "PC_schools_with_surplus": percent["surplus"],
        "PC_schools_with_deficit": percent["deficit"],
        "total_revenue_balance_million": f"{reserve.sum() / 1e6:.2f}",
        "average_revenue_balance": f"{reserve.mean():.0f}",
        "revenue_balance_as_pc_total_income": f"{100 * reserve.sum() / income.sum():.1f}",
        "total_income_million": f"{income.sum() / 1e6:.2f}",
    }
