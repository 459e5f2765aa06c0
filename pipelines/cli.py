"""The `rayg` command. Every verb calls one function elsewhere and prints what came of it: no logic here.

Verbs import what they need when they run, so that a quick answer stays quick.
"""

import re
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines.errors import RaygError
from pipelines.home import Home
from pipelines.publication.views.handling import Audience

app = typer.Typer(
    help="School performance monitoring from published files: draft ratings that explain themselves.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Folder of data to work in; else RAYG_HOME, else data/.", show_default=False),
]


def _la(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"\d{3}|all", value):
        raise typer.BadParameter("give an LA's three-digit code, or all")
    return value


@app.callback()
def top(context: typer.Context, home: HomeOption = None) -> None:
    context.obj = home


@app.command()
def add(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, or the zip as downloaded.")],
    year: Annotated[str | None, typer.Option(help="Academic year, such as 2024/25.")] = None,
    published: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day it was published.")] = None,
    source: Annotated[str | None, typer.Option(help="Source, as `rayg sources` names it.")] = None,
    release: Annotated[str | None, typer.Option(help="local_unvalidated, provisional, revised or final.")] = None,
    home: HomeOption = None,
) -> None:
    """Keep published files, with where they came from."""
    from pipelines.console import show_outcome
    from pipelines.landing.intake import add as take

    outcomes = take(
        Home.resolve(home or context.obj),
        paths,
        academic_year=year,
        published_on=published.date() if published else None,
        source=source,
        release=release,
        on_outcome=lambda outcome: show_outcome(out, outcome),
    )
    if any(outcome.status == "rejected" for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def fetch(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="As `rayg sources` names them. Default: all.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="YEAR", help="From this academic year on, such as 2022/23.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Download what is new from the publishers, and take in the drop folder (data/raw/inbox)."""
    from pipelines.console import show_fetched, show_tally
    from pipelines.fetching.fetch import fetch as bring

    where = Home.resolve(home or context.obj)
    tally = bring(where, names or (), since, tell=lambda told: show_fetched(out, where, told))
    show_tally(out, tally)
    if tally.is_in_vain:
        raise typer.Exit(1)


@app.command()
def sources(context: typer.Context, home: HomeOption = None) -> None:
    """Show what can be read, and what is held of it."""
    from pipelines.console_sources import show_sources

    show_sources(out, Home.resolve(home or context.obj))


@app.command()
def build(
    context: typer.Context,
    la: Annotated[
        str | None,
        typer.Option(
            callback=_la, help="Three-digit LA code, or all. Default 919; in a sample home the sample county."
        ),
    ] = None,
    as_at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Build what could be known that day.")
    ] = None,
    review: Annotated[
        int | None, typer.Option(help="Review year: 2025 reviews 2024/25. Default: the newest results.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Build even where nothing has changed.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 on warnings or quarantined files.")] = False,
    home: HomeOption = None,
) -> None:
    """Land, check, transform and publish what is held."""
    from pipelines.build import build as run
    from pipelines.console import Progress, show_build

    where = Home.resolve(home or context.obj)
    with Progress(err) as progress:
        built = run(
            where,
            la_code=la,
            as_at=as_at.date().isoformat() if as_at else None,
            review_year=review,
            is_forced=force,
            progress=progress,
        )
    show_build(out, where, built)
    if strict and (built.facts.warnings or built.facts.quarantined):
        raise typer.Exit(1)


@app.command()
def explain(
    context: typer.Context,
    urn: Annotated[str, typer.Argument(help="The school's six-digit URN, or kpi:NAME.")],
    provision: Annotated[str | None, typer.Option(help="whole_school, early_years or post_16. Default: all.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="A file to write, ending in .md or .html.")] = None,
    home: HomeOption = None,
) -> None:
    """Say why a school has its draft rating, or a KPI its value, down to the cells it rests on."""
    from pipelines.publication.documents.document import print_document, write_document
    from pipelines.publication.documents.kpi import PREFIX, explain_kpi
    from pipelines.publication.documents.school import explain as tell

    where = Home.resolve(home or context.obj)
    if urn.startswith(PREFIX):
        explain_kpi(where, urn, out)
    elif to:
        write_document(tell(where, urn, provision), to)
        out.print(str(to), markup=False)
    else:
        print_document(tell(where, urn, provision), out)


@app.command()
def freeze(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="Such as `JAPR autumn 2026`. Without one: list what is frozen.")
    ] = None,
    build: Annotated[str, typer.Option("--build", help="A build's id; else the current build.")] = "current",
    home: HomeOption = None,
) -> None:
    """Keep a build for ever under a name; without a name, list the builds kept."""
    from pipelines.publication.changes.diff_report import show_frozen
    from pipelines.publication.freeze import freeze as keep
    from pipelines.publication.freeze import frozen

    where = Home.resolve(home or context.obj)
    show_frozen(out, frozen(where) if name is None else {name: keep(where, name, build)})


@app.command()
def diff(
    context: typer.Context,
    before: Annotated[str, typer.Argument(help="A build's id, a frozen build's name, or current.")],
    after: Annotated[str, typer.Argument(help="The build to compare it with.")],
    csv: Annotated[Path | None, typer.Option("--csv", help="Write every change into this file too.")] = None,
    home: HomeOption = None,
) -> None:
    """Say which KPIs, screen lines and ratings differ between two builds, and whether data or rules did it."""
    from pipelines.console import Progress
    from pipelines.publication.changes.diff import diff as compare
    from pipelines.publication.changes.diff_report import show_diff, write_csv

    with Progress(err) as progress:
        found = compare(Home.resolve(home or context.obj), before, after, progress)
    show_diff(out, found)
    if csv:
        write_csv(found, csv)


@app.command()
def site(
    context: typer.Context,
    audience: Annotated[
        Audience, typer.Option(help="internal: all pages; school: one school's own page, fit to give to it.")
    ] = Audience.INTERNAL,
    urn: Annotated[str | None, typer.Option(help="One school's page alone; the school audience needs it.")] = None,
    folder: Annotated[Path, typer.Option("--to", help="A new or empty folder to write into.")] = Path("site"),
    home: HomeOption = None,
) -> None:
    """Write pages of the current build into a folder, for the authority or for one school."""
    from pipelines.publication.site.writing import write_published

    if audience is Audience.SCHOOL and urn is None:
        raise typer.BadParameter("the school audience is one school's: name it with --urn")
    write_published(Home.resolve(home or context.obj).current, folder, audience, urn)
    out.print(str(folder / ("index.html" if urn is None else f"schools/{urn}.html")), markup=False)


@app.command()
def backtest(
    context: typer.Context,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first review day. Default: the oldest.")
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="The last. Default: the newest of which a year is known."),
    ] = None,
    la: Annotated[
        str, typer.Option(callback=_la, help="Three-digit LA code, or all: whose schools are followed.")
    ] = "all",
    fit: Annotated[
        Path | None,
        typer.Option(
            help="A new folder for the seeds with points fitted on every review but the last, to be read first."
        ),
    ] = None,
    report: Annotated[Path | None, typer.Option(help="A Markdown file to write the findings into too.")] = None,
    home: HomeOption = None,
) -> None:
    """Replay past reviews with what was published then, and score them against the inspections that followed."""
    from pipelines.backtest.report import write_report
    from pipelines.backtest.run import backtest as run
    from pipelines.build import build as build_again
    from pipelines.console import Progress, show_build
    from pipelines.console_backtest import show_backtest
    from pipelines.publication.builds import current_facts

    where = Home.resolve(home or context.obj)
    if fit and fit.exists():
        raise typer.BadParameter("name a folder that is not there yet", param_hint="--fit")
    with Progress(err) as progress:
        tell = progress.tell
        run(where, la, first.date() if first else None, last.date() if last else None, tell)
        if fit:
            from pipelines.backtest.refit import refit

            tell("Fitting points on the earlier reviews")
            refit(where, fit)
        standing = current_facts(where)
        built = build_again(
            where,
            la_code=standing.la_code if standing else None,
            as_at=standing.as_at if standing else None,
            review_year=standing.review_year if standing else None,
            is_forced=False,
            progress=progress,
        )
    show_build(out, where, built)
    show_backtest(out, where)
    if report:
        write_report(where, report)


@app.command()
def template(
    name: Annotated[str, typer.Argument(help="The return, such as local_eyfsp; an unknown name lists them.")],
    folder: Annotated[Path, typer.Option("--to", help="The folder to write into.")] = Path(),
) -> None:
    """Write an empty local return with its header, and notes on what each column may hold."""
    from pipelines.returns.template import write_template

    for path in write_template(name, folder):
        out.print(str(path), markup=False)


@app.command()
def moderate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Decisions in the columns of `rayg template local_moderation`.")],
    home: HomeOption = None,
) -> None:
    """Check adviser decisions and keep in the ledger those that fit; each other line is refused, with the reason."""
    from pipelines.returns.moderate import moderate as decide

    what, refused = decide(Home.resolve(home or context.obj), file)
    for line in refused:
        err.print(line, style="red", markup=False)
    out.print(what, markup=False)
    if refused:
        raise typer.Exit(1)


@app.command()
def sample(
    context: typer.Context,
    seed: Annotated[int | None, typer.Option(help="Another seed gives another county.")] = None,
    schools: Annotated[int | None, typer.Option(help="How many schools the county has.")] = None,
    home: HomeOption = None,
) -> None:
    """Write the sample county's published files into a home of their own (default data/sample)."""
    from pipelines.console import show_outcome
    from pipelines.landing.intake import add as take
    from sample_county import PLANTED_WARNINGS, write_sample

    asked = {name: value for name, value in (("seed", seed), ("schools", schools)) if value is not None}
    with tempfile.TemporaryDirectory() as folder:
        with err.status("Writing the sample county"):
            try:
                write_sample(Path(folder), **asked)
            except ValueError as error:
                raise RaygError(f"No such county can be made: {error}.") from error
        outcomes = take(
            Home.resolve(home or context.obj or Path("data/sample")),
            [Path(folder)],
            is_sample=True,
            on_outcome=lambda outcome: show_outcome(out, outcome),
        )
    if any(outcome.status == "rejected" for outcome in outcomes):
        raise typer.Exit(1)
    out.print(PLANTED_WARNINGS, markup=False)


def main() -> None:
    """The command's entry. Exit 0 done, 1 bad input, 2 wrong usage; a fault is one line, never a
    traceback.
    """
    try:
        app()
    except RaygError as error:
        err.print(str(error), style="red", markup=False)
        sys.exit(1)
    except OSError as error:
        err.print(f"{error.strerror}: {error.filename}", style="red", markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
