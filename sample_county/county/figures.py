"""A published column as one line of a table: what is counted, of whom, how it is printed; and the writer for all.

A publication lists its figures and says which marks stand in place of a number. Nothing here knows a publisher.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from sample_county.county.tables import Cells, Numbers, counts, decimals, half_up, ratio
from sample_county.county.tally import Tally

COUNT, SHARE, MEAN = "count", "share", "mean"
TOO_FEW = 5
Z = 1.96
"""Standard errors to either end of a 95 per cent interval."""


class Figure(NamedTuple):
    """One column. `of`: who is counted (a mask) or what is averaged (a value per pupil); `group`: whose.

    `among` narrows the group; `weight` is what a mean is taken over where that is not pupils; `margin` is added to a
    mean in units of 1 / sqrt(weight); `kept_back` columns are not printed, but long files tell them again.
    """

    name: str
    form: str
    of: Numbers | None = None
    group: str = ""
    places: int = 0
    among: Numbers | None = None
    weight: Numbers | None = None
    margin: float = 0.0
    kept_back: bool = False


class Sized(NamedTuple):
    """A figure with the pupils in each row: of its group, and of those whom it is about."""

    figure: Figure
    group_n: Numbers
    n: Numbers


Marks = Callable[[Sized], Iterable[tuple[Numbers, str]]]
Share = Callable[[Numbers, Numbers], Cells]


def interval(names: Sequence[str], spread: float, figure: Figure) -> list[Figure]:
    """A mean between the ends of its interval, by name in that order; `figure` says of what."""
    margins = (-Z * spread, 0.0, Z * spread)
    return [figure._replace(name=name, margin=margin) for name, margin in zip(names, margins, strict=True)]


class Adder(Protocol):
    """What adds pupils up into rows: `Tally`, or another with rows of its own."""

    @property
    def school_of(self) -> Numbers: ...

    def count(self, chosen: Numbers | None = None) -> Numbers: ...

    def total(self, values: Numbers, chosen: Numbers | None = None) -> Numbers: ...


def few(n: Numbers) -> Numbers:
    """Rows of so few pupils that figures about them are hidden: five or fewer, but not nobody."""
    found: Numbers = (n > 0) & (n <= TOO_FEW)
    return found


class Sheet:
    """The rows of one table with its groups of pupils (masks by name; "" is everyone)."""

    def __init__(
        self,
        tally: Adder,
        groups: dict[str, Numbers],
        share: Share,
        shown: Tally | None = None,
    ) -> None:
        """With `shown` an area's share or mean is that of the schools that show theirs, so that it can be made again.

        A real publisher counts hidden pupils too; here that would leave most areas of few schools a rounding apart.
        """
        self.tally, self.share, self.shown = tally, share, shown
        self.is_area = ~shown.is_place if shown else np.zeros(0, dtype=bool)
        self.groups = {"": np.ones(len(tally.school_of), dtype=bool), **groups}
        self.n = {name: tally.count(mask) for name, mask in self.groups.items()}

    def columns(self, figures: Iterable[Figure], marks: Marks) -> dict[str, Cells]:
        """Each figure printed; of its marks the last one stands."""
        out = {}
        for figure in figures:
            members = self.groups[figure.group]
            who = members if figure.among is None else members & figure.among
            n = self.n[figure.group] if figure.among is None else self.tally.count(who)
            put_in = list(marks(Sized(figure, self.n[figure.group], n)))
            cells = self._cells(figure, who, n, put_in)
            for where, token in put_in:
                cells[where] = token
            out[figure.name] = cells
        return out

    def _cells(self, figure: Figure, who: Numbers, n: Numbers, marks: Sequence[tuple[Numbers, str]]) -> Cells:
        """The number itself; blank where there is nobody to divide by."""
        tally, of = self.tally, figure.of
        if figure.form == COUNT:
            return counts(n if of is None else tally.total(of, who))
        hidden = np.logical_or.reduce([where for where, _ in marks]) if marks else np.zeros(len(n), dtype=bool)
        if figure.form == SHARE:
            part = n if of is None else tally.count(who & of)
            cells = self.share(part, n)
            if self.shown:
                n = self._of_areas(n, hidden)
                cells[self.is_area] = self.share(self._of_areas(part, hidden), n)[self.is_area]
            return _blank(cells, n)
        whole = n if figure.weight is None else tally.total(figure.weight, who)
        mean = ratio(n if of is None else tally.total(of, who), whole)
        if self.shown:
            weights = self.n[figure.group] if figure.weight is None else whole
            hidden = hidden | (whole == 0)
            printed = np.where(hidden, 0.0, half_up(mean, figure.places) / 10**figure.places)
            again = ratio(self._of_areas(printed * weights, hidden), self._of_areas(weights, hidden))
            mean = np.where(self.is_area, again, mean)
        cells = decimals(mean + figure.margin / np.sqrt(np.maximum(whole, 1)), figure.places)
        return _blank(cells, whole)

    def _of_areas(self, values: Numbers, hidden: Numbers) -> Numbers:
        """The same with the areas' rows added up from the schools that show theirs, where the sheet does so."""
        if not self.shown:
            return values
        return np.concatenate([values[~self.is_area], self.shown.areas(np.where(hidden, 0, values))])


def _blank(cells: Cells, whole: Numbers) -> Cells:
    out = cells.copy()
    out[whole == 0] = ""
    return out


def gap(ours: Cells, others: Cells, places: int) -> Cells:
    """A row's disadvantaged pupils less England's other pupils, both as printed; what is no number stays."""
    national = float(others[-1].rstrip("%"))
    cells = ours.copy()
    numeric = np.array([text.rstrip("%").lstrip("-").replace(".", "", 1).isdigit() for text in ours.tolist()])
    values = np.array([float(text.rstrip("%")) for text in ours[numeric].tolist()])
    cells[numeric] = decimals(values - national, places)
    return cells
