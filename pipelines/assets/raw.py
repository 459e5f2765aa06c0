"""The raw layer: the published files held in a home, as assets that link to their publishers. It changes none."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.assets.groups import RAW
from pipelines.assets.session import BuildSession
from pipelines.provenance import HeldFile, held_files
from pipelines.sources.catalogue import Source


def raw_key(source: Source) -> dg.AssetKey:
    return dg.AssetKey(["raw", source.id])


def raw_assets(sources: tuple[Source, ...]) -> dg.AssetsDefinition:
    """One asset per source: its held files."""
    specs = [
        dg.AssetSpec(
            raw_key(source),
            group_name=RAW,
            description=f"{source.title}: files as published, never changed. One row is: {source.grain}.",
            metadata={
                "landing_page": dg.MetadataValue.url(source.landing_page),
                "publisher": source.publisher,
                "licence": source.licence,
            },
            kinds={"file"},
        )
        for source in sources
    ]

    @dg.multi_asset(name="raw", specs=specs)
    def raw(session: BuildSession) -> Iterator[dg.MaterializeResult]:
        held = held_files(session.home)
        for source in sources:
            files = [file for file in held if file.provenance.source == source.id]
            yield dg.MaterializeResult(asset_key=raw_key(source), metadata=_metadata(source, files))

    return raw


def _metadata(source: Source, files: list[HeldFile]) -> dict[str, Any]:
    columns = ("file_name", "academic_year", "release", "published_on", "size_bytes", "sha256")
    records = [dg.TableRecord({name: str(getattr(file.provenance, name)) for name in columns}) for file in files]
    return {
        "files": len(files),
        "bytes": sum(file.provenance.size_bytes for file in files),
        "landing_page": dg.MetadataValue.url(source.landing_page),
        "held": dg.MetadataValue.table(records, schema=dg.TableSchema([dg.TableColumn(name) for name in columns])),
    }
