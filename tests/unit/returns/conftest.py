"""Returns filled in from nothing: one line that stands for each."""

import csv
import io
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.landing.intake import Outcome, add
from pipelines.returns.schema import returns

RESULTS = {"la_code": "919", "academic_year": "2025/26", "urn": "100001", "pupil_group": "all"}
LINES = {
    "local_eyfsp": RESULTS | {"cohort_n": "30", "gld_n": "21"},
    "local_phonics": RESULTS | {"cohort_n": "30", "expected_n": "25", "expected_pct": "83%"},
    "local_mtc": RESULTS | {"cohort_n": "30", "mean_score": "20.5", "full_marks_n": "9"},
    "local_ks2": RESULTS | {"cohort_n": "30", "rwm_expected_n": "18", "rwm_higher_n": "0"},
    "local_ks4": RESULTS | {"cohort_n": "180", "attainment8": "47.1", "engmaths_95_n": "80", "ebacc_points": "4.2"},
    "local_alevel": RESULTS | {"students_n": "90", "entries_n": "250", "points_per_entry": "35.1"},
    "local_attendance": RESULTS | {"up_to": "2025-12-19", "enrolments_n": "210", "persistent_n": "30"},
    "local_targets": {
        "kpi": "ks2_rwm",
        "academic_year": "2025/26",
        "target": "66",
        "agreed_by": "Board",
        "agreed_on": "14/10/2025",
    },
    "local_moderation": {
        "urn": "100001",
        "review_year": "2025",
        "provision": "whole_school",
        "from_rating": "amber",
        "to_rating": "yellow",
        "decided_by": "A. Adviser",
        "role": "HIP",
        "decided_on": "2025-10-06",
        "reason": "Seen in autumn",
    },
    "local_registers": {"register": "keys_to_success", "urn": "100001", "entered_on": "2025-09-15", "reason": "Small"},
    "local_interventions": {"urn": "100001", "intervention": "Mathematics hub", "started_on": "2025-09-15"},
    "local_intelligence": {
        "urn": "100001",
        "kind": "headteacher_change",
        "noted_on": "2025-09-01",
        "source": "Human resources",
    },
}


class Made:
    """Makers of returns' contents."""

    lines = LINES

    @staticmethod
    def text(name: str, *changes: dict[str, str], header: tuple[str, ...] | None = None) -> bytes:
        """A return with one line for each set of changes to the line that stands; without any, that line."""
        columns = header or returns()[name].header
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(columns)
        for change in changes or ({},):
            line = LINES[name] | change
            writer.writerow(line.get(column, "") for column in columns)
        return text.getvalue().encode("utf-8-sig")


@pytest.fixture
def made() -> Made:
    return Made()


@pytest.fixture
def offer(home: Home, tmp_path: Path):
    """Adds one file of these bytes, as `rayg add` would."""

    def one(file_name: str, content: bytes) -> Outcome:
        folder = tmp_path / "offered"
        folder.mkdir(exist_ok=True)
        path = folder / file_name
        path.write_bytes(content)
        [outcome] = add(home, [path])
        return outcome

    return one
