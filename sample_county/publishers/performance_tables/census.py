"""School census tables as published: England files for five years and a county file for the newest.

Percentages change their spelling from year to year; in England's rows the phase stands in the ESTAB column, and
in the county file the authority's own rows are shifted by one column more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.county.county import County
from sample_county.county.rolls import Rolls
from sample_county.county.schools import COUNTY, School, year_folder
from sample_county.county.tables import (
    Cells,
    File,
    Numbers,
    counts,
    csv_text,
    decimals,
    half_up,
    header,
    put,
    ratio,
    texts,
    utf8_bom,
)

Spelling = Callable[[Numbers, Numbers], Cells]
_PHASES = ("PRI", "SEC", "SPE")


def _one_place(part: Numbers, whole: Numbers) -> Cells:
    """50.7%, and 0% or 100% at the ends."""
    out = []
    for units in half_up(100 * ratio(part, whole), 1).tolist():
        out.append(f"{units // 10}%" if units in (0, 1000) else f"{units / 10:.1f}%")
    return np.array(out, dtype=object)


def _two_places(part: Numbers, whole: Numbers) -> Cells:
    return decimals(100 * ratio(part, whole), 2, keep_zeros=True)


def _one_place_padded(part: Numbers, whole: Numbers) -> Cells:
    return texts([text + "0" for text in decimals(100 * ratio(part, whole), 1, keep_zeros=True).tolist()])


def _signed(spell: Spelling) -> Spelling:
    def spelled(part: Numbers, whole: Numbers) -> Cells:
        return texts([text + "%" for text in spell(part, whole).tolist()])

    return spelled


def _trimmed(part: Numbers, whole: Numbers) -> Cells:
    return decimals(100 * ratio(part, whole), 2)


@dataclass(frozen=True)
class Layout:
    """One year's columns and words. Percentages of people, of EAL and of ever-6 meals, and those in total rows."""

    header: str
    estab: str
    people: Spelling
    eal: Spelling
    meals: Spelling
    totals: Spelling
    independents: dict[str, str]
    alternative: str
    special_total: str


_EVER = ("NUMFSMEVER", "NORFSMEVER", "PNUMFSMEVER")
_REFERRAL, _SPECIAL = "Pupil referral unit", "Special school"
_PLAIN = Layout(
    "census_2021-22",
    "Estab",
    _two_places,
    _one_place_padded,
    _two_places,
    _trimmed,
    {"NUMEAL": "0", "PNUMEAL": "0.00", **dict.fromkeys(_EVER, "")},
    _REFERRAL,
    _SPECIAL,
)
_LAYOUTS = {
    2021: Layout(
        "census_2020-21",
        "ESTAB",
        _one_place,
        _one_place,
        _one_place,
        _one_place,
        {"NUMEAL": "0", "PNUMEAL": "0%", **dict.fromkeys(_EVER, "")},
        _REFERRAL,
        "State-funded special school",
    ),
    2022: _PLAIN,
    2023: _PLAIN,
    2024: _PLAIN,
    2025: Layout(
        "census_2024-25",
        "Estab",
        _signed(_two_places),
        _signed(_one_place_padded),
        _signed(_two_places),
        _signed(_trimmed),
        {"NUMEAL": "", "PNUMEAL": "", **dict(zip(_EVER, ("NA", "NA", "0.00%"), strict=True))},
        "State-funded AP school",
        _SPECIAL,
    ),
}
YEARS = tuple(_LAYOUTS)

_TYPES = {
    "nursery": "State-funded nursery",
    "special": "State-funded special school",
    "independent": "Independent school",
    "independent_special": "Independent school",
}
_PHASE_TYPES = {"PRI": "State-funded primary", "SEC": "State-funded secondary"}


def files(county: County) -> Iterator[File]:
    for year in YEARS:
        yield utf8_bom(f"performance-tables/{year_folder(year)}/england_census.csv", _text(county, year))
    own = _text(county, YEARS[-1], COUNTY)
    yield utf8_bom(f"performance-tables/{year_folder(YEARS[-1])}/{COUNTY}_census.csv", own)


def _text(county: County, year: int, la: int | None = None) -> str:
    """The England file of a year, or the download for one authority (with its own shifted total rows)."""
    layout, schools, on_roll = _LAYOUTS[year], county.schools, county.rolls(year)
    listed = [n for n, s in enumerate(schools) if s.kind != "fe" and on_roll.is_open[n]]
    chosen = [n for n in listed if la in (None, schools[n].la)]
    kept = [schools[n] for n in chosen]
    figures = _figures(lambda values: values[chosen], on_roll, layout, is_total=False)
    independent = np.array([not school.is_state_funded for school in kept])
    nursery = np.array([school.kind == "nursery" for school in kept])
    for name, token in layout.independents.items():
        figures[name] = put(figures[name], independent | nursery if name in _EVER else independent, token)
    blocks = [
        {
            "URN": texts([str(school.urn) for school in kept]),
            "LA": texts([str(school.la) for school in kept]),
            layout.estab: texts([str(school.estab) for school in kept]),
            "SCHOOLTYPE": texts([_type(school, layout) for school in kept]),
            **figures,
        }
    ]
    state = [n for n in listed if schools[n].is_state_funded]
    names = [*_PHASE_TYPES.values(), layout.special_total]
    if la is not None:
        own = [n for n in state if schools[n].la == la]
        cells = {"URN": ["LA"] * 3, "LA": names, layout.estab: _PHASES, "SCHOOLTYPE": [str(la)] * 3}
        blocks.append(_totals(schools, own, on_roll, layout, cells, is_total=False))
    cells = {"URN": ["NAT"] * 3, "LA": [""] * 3, layout.estab: _PHASES, "SCHOOLTYPE": names}
    blocks.append(_totals(schools, state, on_roll, layout, cells, is_total=True))
    columns = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    return csv_text(header(layout.header), columns)


def _type(school: School, layout: Layout) -> str:
    if school.kind == "pru":
        return layout.alternative
    return _TYPES.get(school.kind) or _PHASE_TYPES[school.phase]


def _totals(
    schools: Sequence[School],
    among: Sequence[int],
    on_roll: Rolls,
    layout: Layout,
    cells: Mapping[str, Sequence[str]],
    *,
    is_total: bool,
) -> dict[str, Cells]:
    """One row per phase, for an authority or for England."""
    groups = [[n for n in among if schools[n].phase == phase] for phase in _PHASES]

    def total(values: Numbers) -> Numbers:
        return np.array([values[group].sum() for group in groups])

    return {name: texts(values) for name, values in cells.items()} | _figures(total, on_roll, layout, is_total=is_total)


def _figures(
    total: Callable[[Numbers], Numbers], on_roll: Rolls, layout: Layout, *, is_total: bool
) -> dict[str, Cells]:
    """Counts and percentages of the rows that `total` makes of the schools' counts."""
    people, eal, meals = [layout.totals] * 3 if is_total else (layout.people, layout.eal, layout.meals)
    pupils, ever, ever_of = total(on_roll.pupils), total(on_roll.fsm6), total(on_roll.fsm6_of)
    columns = {"NOR": counts(pupils)}
    for name, number, spell in (
        ("TSENELSE", on_roll.ehcp, people),
        ("TSENELK", on_roll.sen_support, people),
        ("NUMEAL", on_roll.eal, eal),
    ):
        share = f"P{name[1:]}" if name.startswith("T") else f"P{name}"
        columns |= {name: counts(total(number)), share: spell(total(number), pupils)}
    shown = {"NUMFSMEVER": counts(ever), "NORFSMEVER": counts(ever_of), "PNUMFSMEVER": meals(ever, ever_of)}
    return columns | shown
