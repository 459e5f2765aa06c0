"""Verdicts as Dagster asset checks: one per source, and one that stops a build left without what it needs.

A thin adapter: what is checked is in `expectations/`, a verdict is `judge`'s.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.checks.judge import FAILED, Verdict
from pipelines.sources.catalogue import Source

USABLE = "usable_sources"


def check_specs(asset: dg.AssetKey, sources: tuple[Source, ...]) -> list[dg.AssetCheckSpec]:
    """The checks that stand on the verdicts: a warning per source, and the blocking one."""
    per_source = [
        dg.AssetCheckSpec(
            source.id,
            asset=asset,
            blocking=False,
            description=f"Every file of {source.title} passes its suite in expectations/. A file that "
            "fails is left out of the observations and listed in data_quality; the build goes on.",
        )
        for source in sources
    ]
    usable = dg.AssetCheckSpec(
        USABLE,
        asset=asset,
        blocking=True,
        description="Results, and a register or inspections, are left to build from. Else the build stops.",
    )
    return [*per_source, usable]


def check_results(
    asset: dg.AssetKey,
    sources: tuple[Source, ...],
    files: list[dict[str, Any]],
    verdicts: list[Verdict],
) -> Iterator[dg.AssetCheckResult]:
    """One result per spec. `files`: the visible landed files with file_id, file_name, source and
    academic_year.
    """
    by_file = {verdict.file_id: verdict for verdict in verdicts}
    held = defaultdict(list)
    for file in files:
        held[file["source"]].append(file)
    for source in sources:
        rows = [(file, by_file[file["file_id"]]) for file in held[source.id]]
        failed_n = sum(verdict.verdict == FAILED for _, verdict in rows)
        yield dg.AssetCheckResult(
            check_name=source.id,
            asset_key=asset,
            passed=failed_n == 0,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"files": len(rows), "quarantined": failed_n, "verdicts": _table(rows)},
        )
    lacking = missing_roles(sources, files, verdicts)
    yield dg.AssetCheckResult(
        check_name=USABLE,
        asset_key=asset,
        passed=not lacking,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"reason": lacking},
    )


def missing_roles(sources: tuple[Source, ...], files: list[dict[str, Any]], verdicts: list[Verdict]) -> str:
    """One line on what is left without a usable file; empty where the build can go on.

    Results are needed, and something that says which schools there are: a register or inspections. A kind
    that was held and of which every file failed its checks stops the build too, since its absence would pass
    for news.
    """
    roles = {source.id: source.role for source in sources if _is_needed(source)}
    failed = {verdict.file_id: verdict.reason for verdict in verdicts if verdict.verdict == FAILED}
    held, usable = defaultdict(list), set()
    for file in files:
        role = roles.get(file["source"])
        if role is not None:
            held[role].append(file)
            if file["file_id"] not in failed:
                usable.add(role)
    for role in sorted(held):
        if role not in usable:
            first = held[role][0]
            reason = failed[first["file_id"]]
            return f"No usable {role} file is left: {first['file_name']} failed its checks ({reason})."
    if "results" not in usable:
        return "No results file is held: add performance tables with `rayg add PATH`."
    if len(usable) == 1:
        return (
            "Neither school information nor an inspection file is held, so no school is known: add one with "
            "`rayg add PATH`."
        )
    return ""


def _is_needed(source: Source) -> bool:
    """Whether a source gives results, or names every school with one row each (links between
    schools do not).
    """
    return source.role == "results" or (source.role in ("register", "inspections") and source.grain == "school")


def _table(rows: list[tuple[dict[str, Any], Verdict]]) -> dg.MetadataValue:
    return dg.MetadataValue.table(
        [
            dg.TableRecord(
                {
                    "file": file["file_name"],
                    "year": file["academic_year"],
                    "verdict": verdict.verdict,
                    "reason": verdict.reason,
                }
            )
            for file, verdict in rows
        ],
        schema=dg.TableSchema([dg.TableColumn(name) for name in ("file", "year", "verdict", "reason")]),
    )
