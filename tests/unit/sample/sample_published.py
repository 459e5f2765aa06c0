"""Reading published cells in tests: numbers, percentages, and which counts could lie behind a percentage."""

from collections.abc import Callable

KS2 = {2023: "2022-2023/england_ks2final.csv", 2024: "2023-2024/england_ks2final.csv"}
KS2[2025] = "2024-2025/england_ks2final.csv"
KS4 = {year: f"{year - 1}-{year}/england_ks4final.csv" for year in (2022, 2023, 2024, 2025)}
KS5 = {year: f"{year - 1}-{year}/{year - 1}-{year}_england_ks5final.csv" for year in (2022, 2023, 2024)}
KS5[2025] = "2024-2025/england_ks5final.csv"

Row = dict[str, str]
Read = Callable[[str], list[Row]]


def is_number(text: str) -> bool:
    return text.strip().rstrip("%").lstrip("-").replace(".", "", 1).isdigit()


def number(text: str) -> float:
    return float(text.strip().rstrip("%"))


def possible_counts(text: str, whole: int, places: int = 0) -> tuple[int, int]:
    """The least and the greatest count of `whole` that is printed as this percentage (least > greatest: none).

    A count n is printed as p when (2p - 1) * whole <= 200 * n < (2p + 1) * whole. A hidden cell may be any count.
    """
    if not is_number(text):
        return 0, whole
    scale = 10**places
    printed = round(number(text) * scale)
    least = -((1 - 2 * printed) * whole // (200 * scale))
    return max(0, least), min(whole, ((2 * printed + 1) * whole - 1) // (200 * scale))


def key(row: Row) -> str:
    """What a row is about, the same in every year: a URN, an authority, or one of England's two rows."""
    return row["URN"].strip() or (f"LA{row['LEA']}" if row["LEA"].strip() else f"England {row['RECTYPE']}")
