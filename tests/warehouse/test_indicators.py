"""Every indicator of the screen can be told: a school of the county triggers it or clears it, or it is known why not.

The same for real files is in tests/realdata/test_real_indicators.py.
"""

import duckdb

from pipelines.home import Home

# one year alone is held of these in the sample county; accounts come for one year
NEVER_TOLD = {
    "eyfs_fall",
    "eyfs_gld_below_pooled",
    "phonics_fall",
    "in_year_deficit_two_years",
    "reserve_negative_two_years",
}
UNTOLD = """
    select indicator from risk_indicators group by indicator
    having count(*) filter (where state in ('triggered', 'clear')) = 0
"""


def test_every_indicator_can_be_told(sample_home: Home) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"create view risk_indicators as from read_parquet('{sample_home.current / 'risk_indicators.parquet'}')"
        )
        untold = {indicator for (indicator,) in connection.execute(UNTOLD).fetchall()}
    assert untold == NEVER_TOLD
