"""The figures of the newest back-test, for a build to publish: the table's columns, its copy beside the landed files.

`pipelines.backtest` runs the back-test. A home that never had one has the table without rows.
"""

from pathlib import Path

import pyarrow as pa

from pipelines.files import write_whole
from pipelines.home import Home
from pipelines.landing.write import write_table

SKILL = pa.schema(
    [
        ("review_on", pa.date32()),
        ("review_year", pa.int32()),
        ("phase", pa.string()),
        ("sector", pa.string()),
        ("school_state", pa.string()),
        ("subset", pa.string()),
        ("months", pa.int32()),
        ("score", pa.string()),
        ("measure", pa.string()),
        ("part", pa.int32()),
        ("value", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("note", pa.string()),
    ]
)


def skill_file(home: Home) -> Path:
    """Where the newest back-test's figures lie, if there has been one."""
    return home.backtest / "skill.parquet"


def land_backtest(home: Home) -> None:
    """Put the newest back-test's figures, or none, where dbt reads them."""
    landed = home.landing / "backtest.parquet"
    if skill_file(home).exists():
        write_whole(landed, lambda part: part.write_bytes(skill_file(home).read_bytes()), lasts=False)
    else:
        write_table(SKILL.empty_table(), landed)
