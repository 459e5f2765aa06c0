"""The `rayg` command. Every verb calls one function elsewhere and prints the result: no logic here.

Verbs import what they need when they run, so that a quick answer stays quick.
"""

import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.console_plain import Terminal, plain
from pipelines.home import Home, outside_homes
from pipelines.publication.views.handling import Audience

app = typer.Typer(
    help="School performance monitoring from published files: draft ratings that explain themselves.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
out = Terminal()
err = Terminal(stderr=True)
FIRST_REVIEW, LAST_REVIEW = 2000, 2100  # what can be a year of a review, whichever files are held
_chosen: Home | None = None  # by the verb that runs: the log of an unforeseen fault goes there


def _folder(text: str) -> Path:
    """Without a name the current folder would be meant, which nobody says that way."""
    if not text.strip():
        raise typer.BadParameter("name a folder")
    return Path(text)


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        parser=_folder,
        metavar="PATH",
        help="The data folder. Default: RAYG_HOME, else data/.",
        show_default=False,
    ),
]


def _la(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[0-9]{3}|all", value):
        raise typer.BadParameter("give an LA's three-digit code, or all")
    return value


def _provision(value: str | None) -> str | None:
    if value is None:
        return None
    from pipelines.publication.views.words import PROVISIONS

    if value not in PROVISIONS:
        raise typer.BadParameter(f"'{value}' is no provision: give one of {', '.join(PROVISIONS)}")
    return value


def _home(context: typer.Context, option: Path | None, otherwise: Path = Path("data")) -> Home:
    """The home that a verb works on, named before or after the verb."""
    global _chosen
    _chosen = Home.resolve(option or context.obj, otherwise)
    return _chosen


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


@app.callback()
def top(context: typer.Context, home: HomeOption = None) -> None:
    context.obj = home


@app.command()
def add(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(readable=False, help="Files, folders, or the zip as downloaded.")],
    year: Annotated[str | None, typer.Option(help="Academic year, such as 2024/25.")] = None,
    published: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of publication.")] = None,
    source: Annotated[str | None, typer.Option(help="The source, by its name in `rayg sources`.")] = None,
    release: Annotated[str | None, typer.Option(help="local_unvalidated, provisional, revised or final.")] = None,
    home: HomeOption = None,
) -> None:
    """Keep published files, and note where they came from."""
    _offer(context, paths, year, published, source, release, home, keeps=True)


def _offer(
    context: typer.Context,
    paths: list[Path],
    year: str | None,
    published: datetime | None,
    source: str | None,
    release: str | None,
    home: Path | None,
    *,
    keeps: bool,
) -> None:
    from pipelines.console import show_outcome
    from pipelines.landing import intake

    outcomes = intake.add(
        _home(context, home),
        paths,
        academic_year=year,
        published_on=_day(published),
        source=source,
        release=release,
        on_outcome=lambda outcome: show_outcome(out, outcome),
        keeps=keeps,
    )
    if any(outcome.status == "rejected" for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def check(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(readable=False, help="Files, folders, or the zip as downloaded.")],
    year: Annotated[str | None, typer.Option(help="Academic year, such as 2024/25.")] = None,
    published: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of publication.")] = None,
    source: Annotated[str | None, typer.Option(help="The source, by its name in `rayg sources`.")] = None,
    release: Annotated[str | None, typer.Option(help="local_unvalidated, provisional, revised or final.")] = None,
    home: HomeOption = None,
) -> None:
    """Say what `rayg add` would, and keep nothing. Exit 1 if any file would be rejected."""
    _offer(context, paths, year, published, source, release, home, keeps=False)


@app.command()
def fetch(
    context: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="Names from `rayg sources`. Default: all."),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="YEAR", help="The first academic year to ask for, such as 2022/23.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Download what is new from the publishers, and take in the drop folder (data/raw/inbox)."""
    from pipelines.console import show_fetched, show_tally
    from pipelines.fetching import fetch

    where = _home(context, home)
    tally = fetch.fetch(where, names or (), since, on_outcome=lambda outcome: show_fetched(out, where, outcome))
    show_tally(out, tally)
    if tally.is_in_vain:
        raise typer.Exit(1)


@app.command()
def sources(context: typer.Context, home: HomeOption = None) -> None:
    """List every source: what is held, what is next, and what is behind."""
    from pipelines.console_sources import show_sources

    show_sources(out, _home(context, home))


@app.command()
def build(
    context: typer.Context,
    la: Annotated[
        str | None,
        typer.Option(
            callback=_la, help="Three-digit LA code, or all. Default: 919, or the sample county in a sample home."
        ),
    ] = None,
    as_at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Build with only what was known that day.")
    ] = None,
    review: Annotated[
        int | None,
        typer.Option(
            min=FIRST_REVIEW, max=LAST_REVIEW, help="Review year: 2025 reviews 2024/25. Default: the newest results."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Build even if nothing has changed.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 on any warning or quarantined file.")] = False,
    home: HomeOption = None,
) -> None:
    """Land, check, transform and publish the files held."""
    from pipelines import build
    from pipelines.console import Progress, show_build

    where = _home(context, home)
    day = _day(as_at)
    with Progress(err) as progress:
        built = build.build(
            where,
            la_code=la,
            as_at=day.isoformat() if day else None,
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
    provision: Annotated[
        str | None, typer.Option(callback=_provision, help="whole_school, early_years or post_16. Default: all.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="A file to write, ending in .md or .html.")] = None,
    home: HomeOption = None,
) -> None:
    """Say why a school has its draft rating, or a KPI its value, down to the cells it rests on."""
    from pipelines.publication.documents import document, kpi, school

    where = _home(context, home)
    if to:
        outside_homes(to, where)
    made = kpi.explain(where, urn) if urn.startswith(kpi.PREFIX) else None
    if to is None:
        document.print_document(made or school.explain(where, urn, provision), out)
        return
    if to.suffix == ".html" and made is None:
        from pipelines.publication.site.writing import write_single

        write_single(where.current, urn, provision, to)
    else:
        document.write_markdown(made or school.explain(where, urn, provision), to)
    out.print(plain(str(to)))


@app.command()
def freeze(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="Such as `JAPR autumn 2026`. Without a name: list the frozen builds.")
    ] = None,
    build: Annotated[str, typer.Option("--build", help="A build's id. Default: the current build.")] = "current",
    home: HomeOption = None,
) -> None:
    """Keep a build for ever under a name. Without a name: list the builds kept."""
    from pipelines.publication import freeze
    from pipelines.publication.changes.diff_report import show_frozen

    where = _home(context, home)
    show_frozen(out, freeze.frozen(where) if name is None else {name: freeze.freeze(where, name, build)})


@app.command()
def diff(
    context: typer.Context,
    before: Annotated[str, typer.Argument(help="A build's id, a frozen build's name, or current.")],
    after: Annotated[str, typer.Argument(help="The build to compare it with.")],
    csv: Annotated[Path | None, typer.Option("--csv", help="Write every change into this file too.")] = None,
    home: HomeOption = None,
) -> None:
    """Say which KPIs, screen lines and ratings differ between two builds, and whether data or rules did it."""
    from pipelines.build import build
    from pipelines.console import Progress
    from pipelines.publication.changes import diff, diff_report

    where = _home(context, home)
    to = outside_homes(csv, where) if csv else None
    with Progress(err) as progress:
        difference = diff.diff(where, before, after, build, progress)
    diff_report.show_diff(out, difference)
    if to:
        diff_report.write_csv(difference, to)


@app.command()
def site(
    context: typer.Context,
    audience: Annotated[
        Audience, typer.Option(help="internal: all pages; school: one school's own page, fit to give to it.")
    ] = Audience.INTERNAL,
    urn: Annotated[str | None, typer.Option(help="One school's page alone; the school audience needs it.")] = None,
    la: Annotated[
        str | None,
        typer.Option(help="An authority of the build, three digits: its pages and workbooks. A build of all needs it."),
    ] = None,
    folder: Annotated[Path, typer.Option("--to", help="A new or empty folder to write into.")] = Path("site"),
    home: HomeOption = None,
) -> None:
    """Write pages of the current build into a folder, for the authority or for one school."""
    from pipelines.publication.authority import write_authority
    from pipelines.publication.site.writing import write_published

    if audience is Audience.SCHOOL and urn is None:
        raise typer.BadParameter("the school audience is one school's: name it with --urn")
    if la is not None and (urn is not None or audience is not Audience.INTERNAL):
        raise typer.BadParameter("--la is of all pages of an authority: leave out --urn and --audience")
    where = _home(context, home)
    if la is not None:
        write_authority(where.current, outside_homes(folder, where), la)
    else:
        write_published(where.current, outside_homes(folder, where), audience, urn)
    out.print(plain(str(folder / ("index.html" if urn is None else f"schools/{urn}.html"))))


@app.command()
def verify(context: typer.Context, home: HomeOption = None) -> None:
    """Compare every raw file, mart and frozen build of a home with its checksum."""
    from pipelines.publication import verify

    where = _home(context, home)
    found = verify.verify(where)
    for line in found.damaged:
        err.print(plain(line), style="red")
    out.print(found.summary)
    if found.damaged:
        raise typer.Exit(1)


@app.command()
def backtest(
    context: typer.Context,
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="First review day. Default: the oldest that can be replayed."
        ),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option(
            "--to",
            formats=["%Y-%m-%d"],
            help="Last review day. Default: the latest with a full year of later inspections.",
        ),
    ] = None,
    la: Annotated[
        str, typer.Option(callback=_la, help="The LA whose schools are followed: three digits, or all.")
    ] = "all",
    fit: Annotated[
        Path | None,
        typer.Option(
            help="Fit the points anew on every review but the last, and write the seeds into this new folder."
        ),
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the findings into this Markdown file too.")] = None,
    home: HomeOption = None,
) -> None:
    """Replay past reviews with what was published then, and score them against the inspections that followed."""
    from pipelines import build
    from pipelines.backtest import run
    from pipelines.console import Progress, show_build
    from pipelines.console_backtest import show_backtest

    where = _home(context, home)
    for asked in (fit, report):
        if asked:
            outside_homes(asked, where)
    if fit and fit.exists():
        raise typer.BadParameter("name a folder that does not exist yet", param_hint="--fit")
    with Progress(err) as progress:
        built = run.backtest(
            where,
            la,
            _day(first),
            _day(last),
            fit=fit,
            report=report,
            rebuild=lambda: build.build_again(where, progress),
            on_step=progress.open_step,
        )
    show_build(out, where, built)
    show_backtest(out, where)


@app.command()
def template(
    name: Annotated[str, typer.Argument(help="The return, such as local_eyfsp. An unknown name lists them all.")],
    folder: Annotated[Path, typer.Option("--to", help="The folder to write into.")] = Path(),
) -> None:
    """Write an empty local return with its header, and notes on what each column may hold."""
    from pipelines.returns.template import write_template

    for path in write_template(name, outside_homes(folder)):
        out.print(plain(str(path)))


@app.command()
def moderate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Decisions in the columns of `rayg template local_moderation`.")],
    home: HomeOption = None,
) -> None:
    """Check adviser decisions and keep those that fit in the ledger. Every other line is refused, with the reason."""
    from pipelines.landing import moderate

    result, refused = moderate.moderate(_home(context, home), file)
    for line in refused:
        err.print(plain(line), style="red")
    out.print(plain(result))
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
    from pipelines.landing import sample_files
    from sample_county import PLANTED_WARNINGS, write_sample

    options = {name: value for name, value in (("seed", seed), ("schools", schools)) if value is not None}
    with err.status("Writing the sample county"):
        outcomes = sample_files.add_sample(
            _home(context, home, Path("data/sample")),
            lambda folder: write_sample(folder, **options),
            on_outcome=lambda outcome: show_outcome(out, outcome),
        )
    if any(outcome.status == "rejected" for outcome in outcomes):
        raise typer.Exit(1)
    out.print(PLANTED_WARNINGS)


def main() -> None:
    """Runs the command. Exit code 0: done; 1: bad input; 2: wrong usage; 130: stopped. A fault is one line."""
    from pipelines import console_faults as faults

    faults.prepare_terminal()
    code = 0
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # what cannot be written is known now, while it can still be said
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
        if code == faults.STOPPED:
            err.print("Stopped.", style="red")
    except (Exception, KeyboardInterrupt) as error:
        code = faults.exit_code(error)
        err.print(plain(faults.line_on(error, _chosen)), style="red")
    faults.end(code)


if __name__ == "__main__":
    main()
