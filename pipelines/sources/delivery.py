"""How publications are delivered: the shape of `[route.*]` and of each source's `fetch` in the catalogue.

A connector's settings are typed here; the catalogue gives their values. Asking a publisher belongs in
`fetching/routes/`.
"""

from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, model_validator

MEGABYTE = 1_000_000


class Route(BaseModel):
    """One way of delivery: its addresses, and what may come from them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bases: dict[str, str] = {}  # the addresses a connector builds on, by what they are for; none: by hand only
    redirect_hosts: tuple[str, ...] = ()  # hosts that these addresses send on to, beside their own
    user_agent: str | None = None  # a browser's, where the publisher refuses plain programs
    megabytes_max: int = 500  # more than this from one address is refused

    @property
    def hosts(self) -> frozenset[str]:
        """The only hosts that are ever asked."""
        own = (urlsplit(base).hostname for base in self.bases.values())
        return frozenset({host for host in own if host} | set(self.redirect_hosts))


class PerformanceTablesFetch(BaseModel):
    """A token of the performance tables' download, as its query string spells it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ROUTE: ClassVar[str] = "performance_tables"

    filter: str
    release: str | None = None  # set where the token means one release only
    first_year: str  # academic year, 2014/15


class EesFetch(BaseModel):
    """A data set of Explore Education Statistics: by its API id, by its catalogue file, or found in a publication."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ROUTE: ClassVar[str] = "explore_education_statistics"

    data_set: str | None = None  # id in the API: every version is fetched
    file: str | None = None  # id in the data catalogue, where the API does not hold it
    publication: str | None = None  # slug (or id), with one of:
    title: str | None = None  # ... a regular expression over the titles of its data sets in the API
    files: str | None = None  # ... a regular expression over the names of its files in the data catalogue

    @model_validator(mode="after")
    def _one_way(self) -> "EesFetch":
        ways = [self.data_set, self.file, self.publication]
        narrowed = [self.title, self.files]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("give one of data_set, file, publication")
        if sum(way is not None for way in narrowed) != (1 if self.publication else 0):
            raise ValueError("a publication, and nothing else, is narrowed by one of title, files")
        return self


class GovUkFetch(BaseModel):
    """Attachments, by title, of a gov.uk page, or of the pages that a collection lists."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ROUTE: ClassVar[str] = "gov_uk"

    page: str  # content path, without a leading slash
    members: str | None = None  # a collection: regular expression over the whole content path of its pages
    title: str  # regular expression, found anywhere in an attachment's title
    suffix: str  # the end of the attachment's address: ".csv"


class GiasFetch(BaseModel):
    """A daily extract of Get Information about Schools, by the part of its name before the date."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ROUTE: ClassVar[str] = "gias"

    stem: str


class WorkbookFetch(BaseModel):
    """Workbooks that the Financial Benchmarking and Insights Tool's page of data sources links to."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ROUTE: ClassVar[str] = "financial_benchmarking"

    workbook: str  # regular expression over the whole file name; group `year`


Fetch = PerformanceTablesFetch | EesFetch | GovUkFetch | GiasFetch | WorkbookFetch
