"""What every asset of a run shares: the home, the parameters, and the lock on the home while the run lasts.

The in-process executor makes one session per run, so the lock taken here is held from the first asset to the
last, for a run of the command line and of the web page alike.
"""

import logging
from datetime import date
from pathlib import Path

import dagster as dg
from pydantic import PrivateAttr

from pipelines.digest import digest_parts
from pipelines.files import is_shared, make_private
from pipelines.home import Home
from pipelines.instance import prune_runs, report_killed_runs
from pipelines.intact import require_raw
from pipelines.lock import BuildLock
from pipelines.publication.builds import clear_leftovers

# Progress for people. Each step opens with a line that the command line prints and the web page shows with the run.
# Progress within a step goes to the command line alone, since Dagster takes 20 ms to store a line.
steps = logging.getLogger("rayg.steps")
detail = logging.getLogger("rayg.detail")


class BuildSession(dg.ConfigurableResource):
    """The home that a run builds, and its parameters. `la_code` is three digits or `all`; `as_at`
    an ISO date.
    """

    root: str
    la_code: str
    as_at: str | None = None
    review_year: int | None = None

    _lock: BuildLock = PrivateAttr()
    _digest_parts: dict[str, str] = PrivateAttr()
    _run_id: str = PrivateAttr()

    @property
    def home(self) -> Home:
        return Home(Path(self.root))

    @property
    def as_at_date(self) -> date | None:
        return date.fromisoformat(self.as_at) if self.as_at else None

    @property
    def digest_parts(self) -> dict[str, str]:
        """The parts of the build digest as they were when the run began."""
        return self._digest_parts

    @property
    def log_folder(self) -> Path:
        """Where this run's logs go."""
        return self.home.logs / self._run_id

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Take the lock, then clear up what a killed build left."""
        assert context.run_id is not None and context.instance is not None
        self._lock = BuildLock(self.home)
        self._lock.acquire()
        try:
            clear_leftovers(self.home)
            _close_to_others(self.home)
            require_raw(self.home)
            report_killed_runs(context.instance, context.run_id)
            prune_runs(context.instance, self.home)
            self._run_id = context.run_id
            self._digest_parts = digest_parts(self.home, self.la_code, self.as_at, self.review_year)
        except BaseException:
            self._lock.release()
            raise

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        self._lock.release()


def _close_to_others(home: Home) -> None:
    """A home of an earlier version, or one that was copied, may be open to every user of the machine: said once, since
    the next build finds nothing to change.
    """
    if changed := make_private(home.root, [*home.own_folders, home.root]):
        whom = "you and the home's group" if is_shared(home.root) else "you"
        steps.info(f"Closed {changed} files and folders of the home to all but {whom}")
