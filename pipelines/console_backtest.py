"""What people see of a back-test on the command line. Nothing is decided or computed here."""

from rich.console import Console

from pipelines.home import Home
from pipelines.publication.views.backtest import view
from pipelines.publication.views.reading import Marts


def show_backtest(console: Console, home: Home) -> None:
    """The headline of the back-test that the current build publishes, a line for each review, and where the rest is."""
    shown = view(Marts(home.current, needs=["backtest"]).rows("backtest"))
    for headline in shown.tables[:1]:
        console.print(headline.title)
        for review, schools, _, failed, screen, attainment, gain, _ in headline.rows:
            line = f"{review}: {failed} of {schools} failed; AUC {screen}, attainment alone {attainment}, gain {gain}"
            console.print(line)
    page = home.current / "site" / "backtest.html"
    console.print(f"All of it: {page if page.exists() else home.current / 'backtest.csv'}")
