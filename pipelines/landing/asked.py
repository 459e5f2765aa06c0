"""What the last landing of a home was asked for, as it stands beside the landed files."""

from typing import Any

import pyarrow.parquet as pq

from pipelines.home import Home


def asked(home: Home) -> dict[str, Any]:
    """The one row of parameters.parquet. Raises FileNotFoundError where nothing has been landed."""
    (row,) = pq.read_table(home.landing / "parameters.parquet").to_pylist()
    return dict(row)


def is_every_authority(home: Home) -> bool:
    """Whether the schools of every authority were asked for; not so where nothing has been landed."""
    try:
        return bool(asked(home)["la_code"] == "all")
    except FileNotFoundError:
        return False
