"""What stands now: the authority a home builds for by default, and whether its current build is still up to date.

Light, since "nothing has changed" must be a quick answer. The build itself belongs in `build`, what a build says of
itself in `publication.builds`.
"""

from pipelines.digest import build_digest
from pipelines.home import Home
from pipelines.intact import damaged_raw
from pipelines.publication.builds import BuildFacts, current_facts, damaged_files
from pipelines.sources.catalogue import load_catalogue

DEFAULT_LA = "919"


def default_la_code(home: Home) -> str:
    """The LA to build for when nobody names one: Hertfordshire, or the sample county in a sample home."""
    return load_catalogue().sample_la_code if home.is_sample() else DEFAULT_LA


def unchanged_build(home: Home, la_code: str, as_at: str | None, review_year: int | None) -> BuildFacts | None:
    """The current build where building again would publish the same; else None.

    A raw file or a published one that looks damaged (by size, a raw one by time too) calls for a build, which then says
    so or mends it.
    """
    facts = current_facts(home)
    if facts is None or damaged_raw(home) or any(damaged_files(home.current, by_size=True)):
        return None
    return facts if facts.digest == build_digest(home, la_code, as_at, review_year) else None
