"""Get Information about Schools: daily extracts under dated names, tried from today backwards."""

from collections.abc import Iterator
from datetime import timedelta

from pipelines.fetching.routes.offer import Ask, Offer, Trouble
from pipelines.sources.delivery import GiasFetch

DAYS_BACK = 14


def offers(ask: Ask) -> Iterator[Offer | Trouble]:
    """The newest extract of each kind; days as old as the newest held are not tried."""
    for source in ask.sources:
        for item in source.fetch:
            assert isinstance(item, GiasFetch)
            names: list[str] = []
            held_name = None
            for days in range(DAYS_BACK + 1):
                name = f"{item.stem}{ask.today - timedelta(days):%Y%m%d}.csv"
                if name in ask.held_names:
                    held_name = name
                    break
                names.append(name)
            base = ask.route.bases["downloads"]
            yield Offer(
                title=item.stem,
                sources=(source,),
                urls=tuple(f"{base}/{name}" for name in names),
                held_name=held_name,
            )
