"""The performance tables' "Download data": one request a year, by its documented query string.

One token gives a bare CSV, several a zip with the year as its folder. Which tokens a year has is read from the
service's own form; where the form cannot be read, all of them are asked for.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlencode

from pipelines.fetching.http_client import RefusedError, SilentError
from pipelines.fetching.routes.offer import Ask, Offer, Trouble
from pipelines.sources.catalogue import Source
from pipelines.sources.delivery import PerformanceTablesFetch

PATH = "download-data"
_INPUT = re.compile(r"<input\b[^>]*>", re.IGNORECASE)
_NAME = re.compile(r'\bname\s*=\s*["\']datatypes["\']', re.IGNORECASE)
_VALUE = re.compile(r'\bvalue\s*=\s*["\']([^"\']+)["\']', re.IGNORECASE)


def offers(ask: Ask) -> Iterator[Offer | Trouble]:
    """One download for each year in which anything is still to come, oldest first."""
    wanted: dict[str, dict[str, Source]] = defaultdict(dict)
    for source in ask.sources:
        for item in source.fetch:
            assert isinstance(item, PerformanceTablesFetch)
            for year in ask.years(source, item.first_year):
                if not ask.is_settled(source, year, item.release):
                    wanted[year][item.filter] = source
    for year, source_of in sorted(wanted.items()):
        folder = f"{year[:4]}-{int(year[:4]) + 1}"
        there = _tokens(ask, folder)
        tokens = sorted(token for token in source_of if there is None or token in there)
        if not tokens:
            continue
        query = {"download": "true", "regions": "0", "filters": ",".join(tokens)}
        query |= {"fileformat": "csv", "year": folder, "meta": "false"}
        yield Offer(
            title=f"performance tables {year} ({', '.join(tokens)})",
            sources=tuple({source_of[token].id: source_of[token] for token in tokens}.values()),
            urls=tuple(f"{base}/{PATH}?{urlencode(query, safe=',')}" for base in ask.route.bases.values()),
            folders=(folder,),
        )


def _tokens(ask: Ask, folder: str) -> set[str] | None:
    """The tokens that the form of a year shows; None where there is no reading it."""
    query = {"currentstep": "region", "downloadYear": folder, "regiontype": "all", "la": "0"}
    try:
        page = ask.client.page(ask.route, f"{ask.route.bases['site']}/{PATH}?{urlencode(query)}")
    except (RefusedError, SilentError):
        return None
    inputs = (tag for tag in _INPUT.findall(page) if _NAME.search(tag))
    values = {html.unescape(value[1]).upper() for tag in inputs if (value := _VALUE.search(tag))}
    return values or None
