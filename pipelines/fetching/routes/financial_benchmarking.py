"""Financial Benchmarking and Insights Tool: the workbooks that its page of data sources links to."""

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from pipelines.fetching.http_client import RefusedError
from pipelines.fetching.routes.offer import Ask, Offer, Trouble
from pipelines.sources.delivery import WorkbookFetch

PAGE = "data-sources"
_LINK = re.compile(r'href\s*=\s*["\']([^"\']+)["\']', re.IGNORECASE)


def offers(ask: Ask) -> Iterator[Offer | Trouble]:
    """One workbook per year and source, oldest first."""
    page = f"{ask.route.bases['site']}/{PAGE}"
    try:
        links = [urljoin(page, html.unescape(link)) for link in _LINK.findall(ask.client.page(ask.route, page))]
    except RefusedError as fault:
        yield Trouble(ask.sources, str(fault))
        return
    for source in ask.sources:
        for item in source.fetch:
            assert isinstance(item, WorkbookFetch)
            workbooks = {}
            for url in links:
                name = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
                if match := re.fullmatch(item.workbook, name):
                    workbooks[match["year"].replace("-", "/")] = (name, url)
            if not workbooks:
                yield Trouble((source,), f"{page} links to no such workbook any more")
            for year, (name, url) in sorted(workbooks.items()):
                if ask.wants(year):
                    folders = (year.replace("/", "-"),)
                    yield Offer(name, (source,), (url,), ".xlsx", file_name=name, folders=folders, is_identified=True)
