"""Explore Education Statistics: every published version of a data set, found through the service's own indexes.

Its API says which versions there are, when they came out and which years they hold; the data catalogue gives the
whole file of a version as it was published. Data sets that the API does not hold are found in the catalogue alone.
"""

import re
from collections.abc import Iterator
from typing import Any

from pipelines.fetching.http_client import RefusedError
from pipelines.fetching.routes.offer import Ask, Offer, Trouble, day_of, release_in
from pipelines.sources.calendar import academic_year_of
from pipelines.sources.catalogue import Source
from pipelines.sources.delivery import EesFetch

PAGE_SIZE = 20
CATALOGUE_PAGE_SIZE = 40
USABLE = ("Published", "Deprecated")  # a deprecated version will end, and is still as it was published
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


def offers(ask: Ask) -> Iterator[Offer | Trouble]:
    """The versions of each source's data sets, oldest first."""
    for source in ask.sources:
        for item in source.fetch:
            assert isinstance(item, EesFetch)
            try:
                yield from _offers(ask, source, item)
            except RefusedError as fault:
                yield Trouble((source,), str(fault))
            except (KeyError, TypeError, AttributeError):
                yield Trouble((source,), "the service describes it in a way this version does not know")


def _offers(ask: Ask, source: Source, item: EesFetch) -> Iterator[Offer | Trouble]:
    api, content = ask.route.bases["api"], ask.route.bases["content"]
    if item.file:
        yield from _catalogue_file(ask, source, ask.client.json(ask.route, f"{content}/data-set-files/{item.file}"))
    elif item.data_set:
        yield from _versions(ask, source, ask.client.json(ask.route, f"{api}/data-sets/{item.data_set}"))
    elif item.title:
        publication = _publication_id(ask, item, f"{api}/publications?", PAGE_SIZE)
        data_sets = _paged(ask, f"{api}/publications/{publication}/data-sets?", PAGE_SIZE)
        yield from _offers_or_trouble(
            source,
            [
                offer
                for data_set in data_sets
                if re.search(item.title, data_set["title"], re.IGNORECASE)
                for offer in _versions(ask, source, data_set)
            ],
            f"no data set of {item.publication} is titled like that any more",
        )
    else:
        publication = _publication_id(ask, item, f"{content}/publications?", CATALOGUE_PAGE_SIZE)
        listed = f"{content}/data-set-files?publicationId={publication}&latestOnly=false&"
        files = [
            file
            for file in _paged(ask, listed, CATALOGUE_PAGE_SIZE)
            if re.fullmatch(str(item.files), file["filename"], re.IGNORECASE)
        ]
        yield from _offers_or_trouble(
            source,
            [offer for file in files for offer in _catalogue_file(ask, source, _as_file(file))],
            f"no file of {item.publication} is named like that any more",
        )


def _offers_or_trouble(source: Source, offers: list[Offer | Trouble], otherwise: str) -> Iterator[Offer | Trouble]:
    yield from offers or [Trouble((source,), otherwise)]


def _publication_id(ask: Ask, item: EesFetch, index: str, page_size: int) -> str:
    """The publication's id, by its slug, from an index of publications: the API's lists only what the API holds."""
    slug = str(item.publication)
    if _ID.fullmatch(slug):
        return slug
    for publication in _paged(ask, index, page_size):
        if publication["slug"] == slug:
            return str(publication["id"])
    raise RefusedError(f"the service lists no publication {slug} any more")


def _paged(ask: Ask, url: str, page_size: int) -> Iterator[Any]:
    """The results of every page of an index."""
    page, pages = 1, 1
    while page <= pages:
        answer = ask.client.json(ask.route, f"{url}page={page}&pageSize={page_size}")
        yield from answer["results"]
        pages = int(answer["paging"]["totalPages"])
        page += 1


def _versions(ask: Ask, source: Source, data_set: dict[str, Any]) -> Iterator[Offer | Trouble]:
    base = f"{ask.route.bases['api']}/data-sets/{data_set['id']}"
    if data_set.get("status") == "Withdrawn":
        yield Trouble((source,), f"{data_set['title']} has been withdrawn")
        return
    listed = _paged(ask, f"{base}/versions?", PAGE_SIZE)
    versions = [version for version in listed if version["status"] in USABLE]
    for version in sorted(versions, key=lambda one: str(one["published"])):
        number = version["version"]
        meta = ask.client.json(ask.route, f"{base}/meta?dataSetVersion={number}")
        years = [year for period in meta["timePeriods"] if (year := _year_of(period["period"]))]
        if years and not ask.wants(max(years)):
            continue
        file_id = (version.get("file") or {}).get("id")
        whole = [f"{ask.route.bases['catalogue']}/data-set/{file_id}/csv"] if file_id else []
        release = version.get("release") or {}
        yield Offer(
            title=f"{data_set['title']}, version {number}",
            sources=(source,),
            urls=(*whole, f"{base}/csv?dataSetVersion={number}"),
            file_name=f"{_NOT_IN_NAMES.sub('_', data_set['title'].lower()).strip('_')}_v{number}.csv",
            is_identified=True,
            is_fixed=True,
            academic_year=max(years, default=None) if source.period_column is None else None,
            release=release_in(f"{release.get('title')} {release.get('slug')}", source),
            published_on=day_of(version["published"]),
        )


def _catalogue_file(ask: Ask, source: Source, entry: dict[str, Any]) -> Iterator[Offer]:
    """The file of one release, unless its newest year is not asked for."""
    file, release = entry["file"], entry["release"]
    newest = _year_of(((file.get("meta") or {}).get("timePeriodRange") or {}).get("to") or "")
    if newest and not ask.wants(newest):
        return
    content, catalogue = ask.route.bases["content"], ask.route.bases["catalogue"]
    yield Offer(
        title=f"{entry['title']}, {release['title']}",
        sources=(source,),
        urls=(f"{catalogue}/data-set/{entry['id']}/csv", f"{content}/data-set-files/{entry['id']}/download"),
        file_name=file["name"],
        is_identified=True,
        academic_year=newest if source.period_column is None else None,
        release=release_in(f"{release['title']} {release.get('slug')}", source),
        published_on=day_of(release.get("published")),
    )


def _as_file(listed: dict[str, Any]) -> dict[str, Any]:
    """A line of the catalogue's list in the shape of the file's own page."""
    return {
        "id": listed["id"],
        "title": listed["title"],
        "file": {"name": listed["filename"], "meta": listed.get("meta")},
        "release": listed["release"] | {"published": listed.get("published")},
    }


def _year_of(period: str) -> str | None:
    """`2024/25` from `2024/2025` or `2024/25`; None for another kind of period (a week, a calendar year)."""
    return academic_year_of(period.strip())
