"""gov.uk: attachments of a page, picked by title from the content API. Their addresses cannot be guessed."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

from pipelines.fetching.http_client import RefusedError
from pipelines.fetching.routes.offer import Ask, Offer, Trouble, date_in, day_of
from pipelines.sources.calendar import academic_year_at, academic_year_of
from pipelines.sources.catalogue import Source
from pipelines.sources.delivery import GovUkFetch

_YEARS = re.compile(r"([0-9]{4})-to-([0-9]{4})")
_NOT_IN_NAMES = re.compile(r"[^\w\-. ]+")


def offers(ask: Ask) -> Iterator[Offer | Trouble]:
    """The attachments of every page the sources name, in the page's order."""
    for source in ask.sources:
        for item in source.fetch:
            assert isinstance(item, GovUkFetch)
            path = item.page
            try:
                for path in _pages(ask, item):
                    yield from _attachments(ask, source, item, path)
            except RefusedError as fault:
                yield Trouble((source,), str(fault))
            except (KeyError, TypeError, AttributeError):
                yield Trouble((source,), f"the content API describes {path} in a way this version does not know")


def _pages(ask: Ask, item: GovUkFetch) -> list[str]:
    """The page itself, or the pages of the years asked for that a collection lists."""
    if item.members is None:
        return [item.page]
    listed = _content(ask, item.page)["links"]["documents"]
    paths = [str(document["base_path"]).strip("/") for document in listed]
    paths = [path for path in paths if re.fullmatch(item.members, path)]
    if not paths:
        raise RefusedError(f"{item.page} lists no such page any more")
    return [path for path in paths if (year := _year_in(path)) is None or ask.wants(year)]


def _content(ask: Ask, path: str) -> dict[str, Any]:
    content: dict[str, Any] = ask.client.json(ask.route, f"{ask.route.bases['content']}/{path}")
    return content


def _year_in(path: str) -> str | None:
    """`2024/25` from a path that says `2024-to-2025`."""
    match = _YEARS.search(path)
    return academic_year_of(f"{match[1]}-{match[2]}") if match else None


def _attachments(ask: Ask, source: Source, item: GovUkFetch, path: str) -> Iterator[Offer | Trouble]:
    """An offer for each attachment with the title, unless its year is not asked for."""
    page = _content(ask, path)
    attachments = [
        attachment
        for attachment in page["details"]["attachments"]
        if str(attachment.get("url")).lower().endswith(item.suffix)
        and re.search(item.title, str(attachment.get("title")), re.IGNORECASE)
    ]
    if not attachments:
        yield Trouble((source,), f"no attachment of {path} is titled like that any more")
    year = _year_in(path)
    for attachment in attachments:
        title, url = attachment["title"], attachment["url"]
        as_at = date_in(title)
        if as_at and not ask.wants(academic_year_at(as_at)):
            continue
        file_name = _file_name(url, title, item, source)
        yield Offer(
            title=title,
            sources=(source,),
            urls=(url,),
            kind=item.suffix,
            file_name=file_name,
            folders=(year.replace("/", "-"),) if year else (),
            is_identified=source.match_name(file_name) is None,
            published_on=_published_on(page, as_at),
        )


def _file_name(url: str, title: str, item: GovUkFetch, source: Source) -> str:
    """The name in the address; where the source does not know it, the title, which says the date."""
    name = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    return name if source.match_name(name) else f"{_NOT_IN_NAMES.sub('', title).strip()}{item.suffix}"


def _published_on(page: dict[str, Any], as_at: date | None) -> date | None:
    """The day of the change note that names the attachment's date. The page's own date may be another's."""
    notes = page["details"].get("change_history") or []
    days = [
        day_of(note.get("public_timestamp")) for note in notes if as_at and date_in(note.get("note") or "") == as_at
    ]
    return min((day for day in days if day), default=None)
