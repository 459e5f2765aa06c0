"""The catalogue holds together, and says so where it does not."""

import re

import pytest
from pydantic import ValidationError

from pipelines.sources.catalogue import CATALOGUE_FOLDER, Catalogue, Source, load_catalogue, read_folder


def entry(source_id: str) -> dict[str, object]:
    entries = read_folder(CATALOGUE_FOLDER)["source"]
    return next(entry for entry in entries if entry["id"] == source_id)


def test_every_pattern_compiles():
    catalogue = load_catalogue()
    for publication in (*catalogue.sources, *catalogue.unread):
        assert publication.names and all(re.compile(name) for name in publication.names)


def test_no_name_is_both_documentation_and_a_source():
    assert not load_catalogue().is_documentation("919_ks2final.csv")
    assert load_catalogue().is_documentation("KS2_meta.csv")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"la_column": "REGION"}, "key columns must be required"),
        ({"row_key": ["SCHNAME"]}, "key columns must be required"),
        ({"release_months": {"revised": 12}}, "lacks the default release"),
        ({"rol": "results"}, "Extra inputs"),
        ({"required": []}, "at least 1 item"),
    ],
)
def test_a_broken_entry_is_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        Source.model_validate(entry("ks2") | change)


def test_ids_are_unique():
    fields = read_folder(CATALOGUE_FOLDER)
    with pytest.raises(ValidationError, match="two sources share an id"):
        Catalogue.model_validate(fields | {"source": [entry("ks2"), entry("ks2")]})
