"""The memory of past downloads: for each address, what proves the file unchanged and which held files it gave.

One small file in the home. Losing it costs downloads, never data.
"""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from pipelines.fetching.http_client import Validators
from pipelines.files import write_text_whole


class Fetched(BaseModel):
    """The last download from one address."""

    model_config = ConfigDict(frozen=True)

    etag: str | None
    last_modified: str | None
    file_ids: tuple[str, ...]  # the held files it gave
    file_name: str
    retrieved_at: str


class FetchState:
    """The addresses fetched from so far."""

    _shape = TypeAdapter(dict[str, Fetched])

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._fetched = self._shape.validate_json(path.read_bytes())
        except (OSError, ValidationError):
            self._fetched = {}

    def known(self, url: str, held: set[str]) -> Validators:
        """The validators to send to an address: none, unless every file it gave before is still held."""
        if not self.has_given(url, held):
            return Validators()
        return Validators(self._fetched[url].etag, self._fetched[url].last_modified)

    def has_given(self, url: str, held: set[str]) -> bool:
        """Whether an address gave files that are all still held."""
        fetched = self._fetched.get(url)
        return fetched is not None and bool(fetched.file_ids) and set(fetched.file_ids) <= held

    def file_name(self, url: str) -> str:
        return self._fetched[url].file_name

    def remember(self, url: str, fetched: Fetched) -> None:
        self._fetched[url] = fetched
        text = json.dumps({at: item.model_dump() for at, item in sorted(self._fetched.items())}, indent=1) + "\n"
        write_text_whole(self._path, text)
