"""One small connector per delivery route: each turns catalogue keys into offers, by the publisher's own index.

A connector never downloads the files themselves; `fetch` does.
"""

from pipelines.fetching.routes import (
    explore_education_statistics,
    financial_benchmarking,
    gias,
    gov_uk,
    performance_tables,
)
from pipelines.fetching.routes.offer import Connector

CONNECTORS: dict[str, Connector] = {
    "performance_tables": performance_tables.offers,
    "explore_education_statistics": explore_education_statistics.offers,
    "gov_uk": gov_uk.offers,
    "gias": gias.offers,
    "financial_benchmarking": financial_benchmarking.offers,
}
