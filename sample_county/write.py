"""Writes the sample county's published files and the list of planted cases: a loop over those who publish.

Folders are as a person would keep the downloads: performance-tables/<year>/, explore-education-statistics/<year>/,
ofsted/<year>/, gias/, lait/, local/.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sample_county.county.county import County
from sample_county.county.planted import Case, observation
from sample_county.county.tables import File
from sample_county.publishers import finance, lait, workforce
from sample_county.publishers.explore_education_statistics import census as census_again
from sample_county.publishers.explore_education_statistics import early_results, presence, tables_again
from sample_county.publishers.gias import register
from sample_county.publishers.local import lists, returns
from sample_county.publishers.ofsted import eras, inspections, settings
from sample_county.publishers.performance_tables import (
    absence,
    census,
    destinations,
    destinations_16,
    ebacc_entries,
    information,
    ks2,
    ks4,
    ks5,
    trusts,
)

PUBLISHERS: tuple[Callable[[County], Iterator[File]], ...] = (
    absence.files,
    census.files,
    census_again.files,
    destinations.files,
    destinations_16.files,
    early_results.files,
    ebacc_entries.files,
    eras.files,
    finance.files,
    information.files,
    inspections.files,
    ks2.files,
    ks4.files,
    ks5.files,
    lait.files,
    presence.files,
    register.files,
    returns.files,
    settings.files,
    tables_again.files,
    trusts.files,
    workforce.files,
)


def write_sample(folder: Path, *, seed: int = 998, schools: int = 420) -> None:
    """Writes every file under the folder, byte for byte the same for the same seed and number of schools.

    Raises ValueError for a county too small to hold the planted cases.
    """
    county = County(seed, schools)
    for files in PUBLISHERS:
        for file in files(county):
            path = folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
    cases = [_told(county, case) for case in (*county.cases, *ks2.cases(county), *tables_again.cases(county))]
    text = json.dumps(cases, indent=2, ensure_ascii=False) + "\n"
    (folder / "planted-cases.json").write_bytes(text.encode("utf-8"))


def _told(county: County, case: Case) -> dict[str, Any]:
    """Plain facts only: figures that a case leaves open are read back from the tables as printed."""
    expected = case.expected | lists.EXPECTED.get(case.kind, {})
    for urn, year in sorted(expected.pop("_ks2_values", []), key=lambda pair: pair[1]):
        row = observation(year, county.once(ks2.table, year).cell("PTRWM_EXP", str(urn)), urn=urn)
        # an amalgamated school keeps its results under its own number: nobody inherits them
        row["is_predecessor"] = urn != case.urn and case.kind != "amalgamation"
        expected.setdefault("observations", []).append(row)
    return {
        "urn": case.urn,
        "name": case.name,
        "kind": case.kind,
        "what_is_planted": case.what_is_planted,
        "expected": expected,
    }
