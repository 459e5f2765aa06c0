"""School census tables as published: England files for five years and a county file for the newest.

Percentages change their spelling from year to year; in England's rows the phase stands in the ESTAB column, and
in the county file the authority's own rows are shifted by one column more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sample_county.rolls import Rolls
from sample_county.schools import School
from sample_county.tables import Cells, Numbers, counts, csv_text, decimals, half_up, header, put, ratio, texts

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


def _one_place_plain(part: Numbers, whole: Numbers) -> Cells:
    return decimals(100 * ratio(part, whole), 1)


def _one_place_padded(part: Numbers, whole: Numbers) -> Cells:
    return texts([text + "0" for text in decimals(100 * ratio(part, whole), 1, keep_zeros=True).tolist()])


def _signed(spell: Spelling) -> Spelling:
    def spelled(part: Numbers, whole: Numbers) -> Cells:
        return texts([text + "%" for text in spell(part, whole).tolist()])

    return spelled


def _trimmed(part: Numbers, whole: Numbers) -> Cells:
    return decimals(100 * ratio(part, whole), 2)


def _as_ratio(part: Numbers, whole: Numbers) -> Cells:
    return decimals(ratio(part, whole), 3)


@dataclass(frozen=True)
class Spellings:
    """How one year prints the percentages of people, EAL, English, unclassified, ever-6 meals, and total rows."""

    people: Spelling
    eal: Spelling
    english: Spelling
    unknown: Spelling
    meals: Spelling
    totals: Spelling


@dataclass(frozen=True)
class Layout:
    """One year's columns and words."""

    header: str
    estab: str
    unclassified: str
    spell: Spellings
    independents: dict[str, str]
    alternative: str
    special_total: str


_LANGUAGES = ("NUMEAL", "NUMENGFL", "NUMUNCFL", "PNUMEAL", "PNUMENGFL", "PNUMUNCFL", "NUMFSM")
_EVER = ("NUMFSMEVER", "NORFSMEVER", "PNUMFSMEVER")
_REFERRAL, _SPECIAL = "Pupil referral unit", "Special school"
_PLAIN = Layout(
    "census_2021-22",
    "Estab",
    "PNUMUNCFL",
    Spellings(_two_places, _one_place_padded, _one_place_plain, _one_place_plain, _two_places, _trimmed),
    dict(zip(_LANGUAGES, ("0", "0", "0", "0.00", "0", "0", "0"), strict=True)) | dict.fromkeys(_EVER, ""),
    _REFERRAL,
    _SPECIAL,
)
_LAYOUTS = {
    2021: Layout(
        "census_2020-21",
        "ESTAB",
        "PNUMUNCFL",
        Spellings(_one_place, _one_place, _one_place, _one_place, _one_place, _one_place),
        dict(zip(_LANGUAGES, ("0", "0", "0", "0%", "0%", "0%", "0"), strict=True)) | dict.fromkeys(_EVER, ""),
        _REFERRAL,
        "State-funded special school",
    ),
    2022: _PLAIN,
    2023: _PLAIN,
    2024: _PLAIN,
    2025: Layout(
        "census_2024-25",
        "Estab",
        "PNUMUNCLF",
        Spellings(
            _signed(_two_places),
            _signed(_one_place_padded),
            _signed(_one_place_padded),
            _as_ratio,
            _signed(_two_places),
            _signed(_trimmed),
        ),
        dict.fromkeys(_LANGUAGES, "") | dict(zip(_EVER, ("NA", "NA", "0.00%"), strict=True)),
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


def text(schools: Sequence[School], on_roll: Rolls, year: int, la: int | None = None) -> str:
    """The England file of a year, or the download for one authority (with its own shifted total rows)."""
    layout = _LAYOUTS[year]
    listed = [n for n, s in enumerate(schools) if s.kind not in ("fe",) and on_roll.is_open[n]]
    chosen = np.array([n for n in listed if la in (None, schools[n].la)])
    kept = [schools[n] for n in chosen.tolist()]
    independent = np.array([not school.is_state_funded for school in kept])
    nursery = np.array([school.kind == "nursery" for school in kept])
    blocks = [
        {
            "URN": texts([str(school.urn) for school in kept]),
            "LA": texts([str(school.la) for school in kept]),
            layout.estab: texts([str(school.estab) for school in kept]),
            "SCHOOLTYPE": texts([_type(school, layout) for school in kept]),
            **_figures(on_roll, [np.array([n]) for n in chosen.tolist()], layout, (independent, nursery)),
        }
    ]
    if la is not None:
        blocks.append(_totals(schools, on_roll, listed, layout, la))
    blocks.append(_totals(schools, on_roll, listed, layout, None))
    columns = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    return csv_text(header(layout.header), columns)


def _type(school: School, layout: Layout) -> str:
    if school.kind == "pru":
        return layout.alternative
    return _TYPES.get(school.kind) or _PHASE_TYPES[school.phase]


def _totals(
    schools: Sequence[School], on_roll: Rolls, listed: Sequence[int], layout: Layout, la: int | None
) -> dict[str, Cells]:
    """One row per phase, for an authority or for England."""
    groups = [
        np.array(
            [
                n
                for n in listed
                if schools[n].phase == phase and schools[n].is_state_funded and la in (None, schools[n].la)
            ],
            dtype=np.int64,
        )
        for phase in _PHASES
    ]
    names = [*_PHASE_TYPES.values(), layout.special_total]
    if la is None:
        cells = {"URN": ["NAT"] * 3, "LA": [""] * 3, "SCHOOLTYPE": names}
    else:
        cells = {"URN": ["LA"] * 3, "LA": names, "SCHOOLTYPE": [str(la)] * 3}
    out = {name: texts(values) for name, values in cells.items()}
    out[layout.estab] = texts(_PHASES)
    return out | _figures(on_roll, groups, layout, None, is_total=la is None)


def _figures(
    on_roll: Rolls,
    groups: Sequence[Numbers],
    layout: Layout,
    hidden: tuple[Numbers, Numbers] | None,
    *,
    is_total: bool = False,
) -> dict[str, Cells]:
    """Counts and percentages; `hidden` marks independent and nursery rows."""

    def total(values: Numbers) -> Numbers:
        if hidden is not None:
            picked: Numbers = values[np.concatenate(groups)]
            return picked
        return np.array([values[group].sum() for group in groups])

    pupils, girls, eal, unknown = map(total, (on_roll.pupils, on_roll.girls, on_roll.eal, on_roll.unclassified))
    meals, meals_of = total(on_roll.fsm6), total(on_roll.fsm6_of)
    spell = layout.spell
    if is_total:
        spell = Spellings(*[layout.spell.totals] * 6)
    unknown_as = spell.unknown if hidden is not None else spell.people
    columns = {
        "NOR": counts(pupils),
        "NORG": counts(girls),
        "NORB": counts(pupils - girls),
        "PNORG": spell.people(girls, pupils),
        "PNORB": spell.people(pupils - girls, pupils),
        "TSENELSE": counts(total(on_roll.ehcp)),
        "PSENELSE": spell.people(total(on_roll.ehcp), pupils),
        "TSENELK": counts(total(on_roll.sen_support)),
        "PSENELK": spell.people(total(on_roll.sen_support), pupils),
        "NUMEAL": counts(eal),
        "NUMENGFL": counts(pupils - eal - unknown),
        "NUMUNCFL": counts(unknown),
        "PNUMEAL": spell.eal(eal, pupils),
        "PNUMENGFL": spell.english(pupils - eal - unknown, pupils),
        layout.unclassified: unknown_as(unknown, pupils),
        "NUMFSM": counts(total(on_roll.fsm)),
        "NUMFSMEVER": counts(meals),
        "NORFSMEVER": counts(meals_of),
        "PNUMFSMEVER": spell.meals(meals, meals_of),
    }
    if hidden is None:
        return columns
    independent, nursery = hidden
    for name, token in layout.independents.items():
        column = layout.unclassified if name == "PNUMUNCFL" else name
        where = independent | nursery if name in _EVER else independent
        columns[column] = put(columns[column], where, token)
    return columns
