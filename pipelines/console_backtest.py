"""What people see of a back-test on the command line. Nothing is decided or computed here."""

import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from pipelines.home import Home
from pipelines.publication.backtest_view import view


def show_backtest(console: Console, home: Home) -> None:
    """The headline of the back-test that the current build publishes, and where the rest is."""
    shown = view(pq.read_table(home.current / "backtest.parquet").to_pylist())
    for headline in shown.tables[:1]:
        table = Table(*headline.columns, title=headline.title, title_justify="left")
        for cells in headline.rows:
            table.add_row(*cells)
        console.print(table)
    console.print(f"All of it: {home.current / 'site' / 'backtest.html'}", markup=False)
