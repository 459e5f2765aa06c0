"""The moderation ledger: which decision stands, and whether a new one may follow it.

Pure. The ledger is the union of all held files; it only grows. The decisions for a school, review and provision form
one chain. The day of a decision identifies it: a new decision names the day of the one it supersedes, and starts from
the rating that stands.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from pipelines.returns.check import read_day
from pipelines.sources.calendar import FIRST_MONTH, academic_year, year_begins

LEDGER = "local_moderation"
KEY_COLUMNS = ("urn", "review_year", "provision")
NO_SUCH_SCHOOL = (
    "the current build knows no school of that number: look the number up; for a school newer than the register held,"
    " add a newer register and build first"
)

Key = tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """One line of the ledger; `where` says which. The cells are stripped texts by column name."""

    cells: dict[str, str]
    line: int
    where: str

    @property
    def key(self) -> Key:
        return tuple(self.cells[name] for name in KEY_COLUMNS)

    @property
    def decided_on(self) -> date:
        day = read_day(self.cells["decided_on"])
        assert day is not None  # the line has passed its checks
        return day

    @property
    def supersedes(self) -> date | None:
        return read_day(self.cells["supersedes"])

    @property
    def content(self) -> tuple[object, ...]:
        """What it decides, however its dates are written."""
        rest = sorted((name, text) for name, text in self.cells.items() if name not in ("decided_on", "supersedes"))
        return (*rest, self.decided_on, self.supersedes)


@dataclass(frozen=True)
class Known:
    """What a decision is checked against beside the ledger: today, and the current build if there is one.

    `drafts` are its draft ratings by key, of one review; `urns` the schools it knows, open or not. `rated_since` is the
    day of the first strategy, before which nobody rated.
    """

    today: date
    urns: frozenset[str] = frozenset()
    drafts: dict[Key, str] = field(default_factory=dict)
    rated_since: date = date.min

    def provisions(self, urn: str) -> list[str]:
        return sorted({provision for of, _, provision in self.drafts if of == urn})

    @property
    def reviews(self) -> set[str]:
        return {review for _, review, _ in self.drafts}


def refusals(held: list[Decision], offered: list[Decision], known: Known) -> dict[int, str]:
    """Why offered decisions, taken in their order, cannot join the held ones: a phrase for each line that cannot. The
    others can, whatever was refused between them.
    """
    chains: dict[Key, list[Decision]] = defaultdict(list)
    for decision in sorted(held, key=lambda one: one.decided_on):
        chains[decision.key].append(decision)
    refused = {}
    for decision in offered:
        chain = chains[decision.key]
        fault = _unknown(decision, known) or _fault(chain, decision, known)
        if fault:
            refused[decision.line] = fault
        else:
            chain.append(decision)
    return refused


def _unknown(new: Decision, known: Known) -> str | None:
    """What no ledger could take: a day that cannot be, or something that the school or the review does not have."""
    urn, review, provision = new.key
    if new.decided_on > known.today:
        return f"{_holds(new, 'decided_on')}: that day has not come: today is {known.today}"
    reviewed = academic_year(int(review) - 1)
    begins = year_begins(reviewed)
    if begins > known.today:
        return f"{_holds(new, 'review_year')}: it reviews {reviewed}, which has not begun: put the year right"
    if date(int(review), FIRST_MONTH, 1) < known.rated_since:
        return f"{_holds(new, 'review_year')}: schools are rated since {known.rated_since}: put the year right"
    if new.decided_on < begins:
        return (
            f"{_holds(new, 'decided_on')}: earlier than {begins}, when the year that the review of {review} is about"
            " began: put one of them right"
        )
    if known.urns and urn not in known.urns:
        return f"{_holds(new, 'urn')}: {NO_SUCH_SCHOOL}"
    has = known.provisions(urn)
    if has and provision not in has:
        return f"{_holds(new, 'provision')}: the school has no such provision: it has {', '.join(has)}"
    if known.urns and not has and review in known.reviews:
        return f"{_holds(new, 'urn')}: the review of {review} does not cover it: it is no open state-funded school"
    return None


def _fault(chain: list[Decision], new: Decision, known: Known) -> str | None:
    if again := next((one for one in chain if one.content == new.content), None):
        return f"{_holds(new, 'decided_on')}: the same decision stands at {again.where}: take this line out"
    if not chain:
        if new.supersedes:
            return f"{_holds(new, 'supersedes')}: nothing has been decided on it yet: leave it blank"
        return _fault_of_first(new, known)
    last = chain[-1]
    stands = f"the decision of {last.decided_on} stands ({last.where})"
    if new.supersedes is None:
        return f"column supersedes is blank: {stands}: write its day"
    if new.supersedes != last.decided_on:
        was = any(one.decided_on == new.supersedes for one in chain)
        why = "that decision has been superseded" if was else "no decision of that day is held"
        return f"{_holds(new, 'supersedes')}: {why}: {stands}"
    if new.decided_on < last.decided_on:
        return f"{_holds(new, 'decided_on')}: earlier than what it supersedes: {stands}"
    if new.decided_on == last.decided_on:
        return f"{_holds(new, 'decided_on')}: a decision of that day is held ({last.where}): one a day, the last word"
    if new.cells["from_rating"] != last.cells["to_rating"]:
        return f"{_holds(new, 'from_rating')}: {last.cells['to_rating']} stands since {last.decided_on} ({last.where})"
    return None


def _fault_of_first(new: Decision, known: Known) -> str | None:
    """A first decision starts from the draft of the current build, which is of one review. A decision of an earlier
    review may come late, and no draft is at hand to compare; a later review has no drafts to decide on.
    """
    review = new.cells["review_year"]
    if known.reviews and review > max(known.reviews):
        return (
            f"{_holds(new, 'review_year')}: the current build is the review of {max(known.reviews)}: put the year"
            f" right, or run `rayg build --review {review}` first"
        )
    draft = known.drafts.get(new.key)
    if draft and new.cells["from_rating"] != draft:
        return f"{_holds(new, 'from_rating')}: the draft rating that stands is {draft}"
    return None


def _holds(decision: Decision, column: str) -> str:
    return f"column {column} holds '{decision.cells[column]}'"
