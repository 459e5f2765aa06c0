"""The shapes of the sample's register: places, schools (one per URN), what is fixed for a planted case.

Shapes and the publishers' words for them; who exists is drawn in population.py.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

COUNTY = 998
COUNTY_NAME = "Exampleshire"
FIRST_URN = 900001
YEARS = (2021, 2022, 2023, 2024, 2025)
"""Academic years by the calendar year in which they end."""


def label(year: int) -> str:
    """2025 -> 2024/25."""
    return f"{year - 1}/{year % 100:02d}"


def year_folder(year: int) -> str:
    """2025 -> 2024-2025, the folder inside a publisher's download."""
    return f"{year - 1}-{year}"


def results_day(year: int) -> date:
    """A year's results belong to the school that was open on this day, even if it converts before the tests."""
    return date(year - 1, 10, 1)


def publication_day(year: int) -> date:
    """Conversions up to this day are named in the year's tables."""
    return date(year, 12, 1)


class Words(NamedTuple):
    """One kind of establishment in the words of each publisher (None: not in that publication)."""

    information: str
    minor_group: str
    ofsted: str | None
    is_state_funded: bool
    is_academy: bool


WORDS = {
    "CY": Words("Community school", "Maintained school", "Community School", True, False),
    "VA": Words("Voluntary aided school", "Maintained school", "Voluntary Aided School", True, False),
    "VC": Words("Voluntary controlled school", "Maintained school", "Voluntary Controlled School", True, False),
    "FD": Words("Foundation school", "Maintained school", "Foundation School", True, False),
    "ACC": Words("Academy converter", "Academy", "Academy Converter", True, True),
    "AC": Words("Academy sponsor led", "Academy", "Academy Sponsor Led", True, True),
    "F": Words("Free schools", "Academy", "Free School", True, True),
    "UTC": Words("University technical college", "Academy", "University Technical College", True, True),
    "CYS": Words("Community special school", "Special school", "Community Special School", True, False),
    "ACCS": Words("Academy special converter", "Special school", "Academy Special Converter", True, True),
    "NUR": Words("Local authority nursery school", "Maintained school", "LA Nursery School", True, False),
    "PRU": Words("Pupil referral unit", "Maintained school", "Pupil Referral Unit", True, False),
    "APC": Words(
        "Academy alternative provision converter",
        "Academy",
        "Academy Alternative Provision Converter",
        True,
        True,
    ),
    "IND": Words("Other independent school", "Independent school", None, False, False),
    "INDSS": Words("Other independent special school", "Special school", None, False, False),
    "FE": Words("Further education", "College", None, True, False),
    "": Words("", "", None, True, False),
}


@dataclass
class Fixed:
    """What a planted case settles instead of leaving it to chance. Years are keys; shares are 0-1.

    ks2: pupils, disadvantaged pupils, pupils at the expected standard in reading, writing and maths.
    ks4: pupils, disadvantaged pupils, mean Attainment 8.
    ks5: points per A level entry, share retained. absence: overall %, persistent %.
    gap: how far disadvantaged pupils stand below the others, in standard deviations.
    """

    ks2: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    ks4: dict[int, tuple[int, int, float]] = field(default_factory=dict)
    ks5: dict[int, tuple[float, float]] = field(default_factory=dict)
    absence: tuple[float, float] | None = None
    gap: float | None = None


@dataclass
class Site:
    """A school as a place: what stays when its name, number or governance changes.

    Shares are 0-1; effects are in standard deviations of pupils (attainment) or of schools (absence).
    """

    per_year: float
    disadvantaged: float
    eal: float
    sen_support: float
    ehcp: float
    mobile: float
    intake: float
    effect: float
    sixth_form_effect: float
    absence_effect: float
    sixth_form_share: float
    ebacc: float
    fixed: Fixed = field(default_factory=Fixed)


@dataclass
class Inspection:
    """The latest graded inspection as the management information prints it, and one ungraded since."""

    inspected_on: date
    overall: str
    judgements: tuple[str, str, str, str]
    urn: int
    category: str = ""
    safeguarding: str = "Yes"
    early_years: str = "9"
    sixth_form: str = "9"
    grouping: str = "S5 Inspection"
    previous_on: date | None = None
    previous_overall: str = ""
    previous_urn: int = 0
    ungraded_on: date | None = None
    ungraded_outcome: str = ""


@dataclass
class School:
    """One URN. `predecessors` and `links` hold other URNs with the register's own link types."""

    urn: int
    la: int
    estab: int
    name: str
    kind: str
    nf_type: str
    low: int
    high: int
    site: Site
    religion: str = "Does not apply"
    gender: str = "Mixed"
    town: str = ""
    postcode: str = ""
    constituency: int = 0
    trust: int | None = None
    opened: date | None = None
    closed: date | None = None
    converts_to: int = 0
    predecessor: int = 0
    carries_history: bool = False
    first_results: int = 0
    inspection: Inspection | None = None
    planted: str = ""

    @property
    def words(self) -> Words:
        return WORDS[self.nf_type]

    @property
    def is_state_funded(self) -> bool:
        return self.words.is_state_funded

    @property
    def is_special(self) -> bool:
        return self.kind in ("special", "independent_special")

    @property
    def phase(self) -> str:
        """PRI, SEC or SPE as the absence and census tables group schools; '' for the others."""
        return PHASE.get(self.kind, "")

    @property
    def has_early_years(self) -> bool:
        return self.phase == "PRI" and self.low <= 4

    @property
    def has_sixth_form(self) -> bool:
        return self.site.sixth_form_share > 0

    @property
    def sixth_form_words(self) -> str:
        """As the register and the inspectorate say it."""
        if self.kind in ("nursery", "pru", "infant") or (self.kind == "special" and self.high < 16):
            return "Not applicable"
        return "Has a sixth form" if self.high >= 18 else "Does not have a sixth form"

    @property
    def has_ks2(self) -> bool:
        return self.kind in KS2_KINDS or (self.kind in ("special", "independent") and self.low <= 7)

    @property
    def has_ks4(self) -> bool:
        return self.kind in KS4_KINDS or (self.kind == "special" and self.high >= 16)

    def is_open(self, day: date) -> bool:
        return (self.opened is None or self.opened <= day) and (self.closed is None or day <= self.closed)


KS2_KINDS = ("junior", "primary", "middle", "all_through")
KS4_KINDS = ("secondary", "upper", "all_through", "utc", "independent", "independent_special")
PHASE = {
    "infant": "PRI",
    "first": "PRI",
    "junior": "PRI",
    "primary": "PRI",
    "middle": "PRI",
    "secondary": "SEC",
    "upper": "SEC",
    "utc": "SEC",
    "all_through": "SEC",
    "special": "SPE",
}


@dataclass(frozen=True)
class Authority:
    """One local authority of the sample."""

    code: int
    name: str
    region: str
    region_number: int
    is_county: bool


class Link(NamedTuple):
    """One row of the register's links: `urn` has a link of this type to `link_urn`."""

    urn: int
    link_urn: int
    link_name: str
    link_type: str
    on: date | None


@dataclass
class Register:
    """Everything that exists: authorities, schools, trusts (uid, name), links, shared sixth forms."""

    authorities: list[Authority]
    schools: list[School]
    trusts: list[tuple[int, str]]
    links: list["Link"] = field(default_factory=list)
    consortia: list[tuple[School, list[int]]] = field(default_factory=list)

    def by_urn(self) -> dict[int, School]:
        return {school.urn: school for school in self.schools}
