"""Whether two published builds hold the same marts, byte for byte: the proof of a change that should alter no result.

Run as `python -m benchmarks.identical BUILD_A BUILD_B [--columns]`: two folders of published builds (`marts/current`).
Compares the checksum of each mart's Parquet and CSV as the files stand now. Prints each mart that differs, with
`--columns` the columns that do, and exits 1; prints one line and exits 0 where none does.
"""

import hashlib
import sys
from pathlib import Path

import duckdb

MARTS = ("*.parquet", "*.csv")


def checksums(build: Path) -> dict[str, str]:
    """Every mart's file of a build, by name, with the sha256 of its bytes. Raises SystemExit where there is none."""
    files = sorted(path for pattern in MARTS for path in build.glob(pattern))
    if not files:
        sys.exit(f"{build} holds no marts: name the folder of a published build.")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def differences(one: Path, other: Path) -> list[str]:
    """Each mart's file that stands in one build alone or holds other bytes in the other."""
    first, second = checksums(one), checksums(other)
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def columns_that_differ(one: Path, other: Path, name: str) -> str:
    """What differs in a mart's Parquet of two builds, in words: its columns, its rows, or the values of columns."""
    tables = [f"read_parquet('{build / name}')" for build in (one, other)]
    columns = [[row[0] for row in duckdb.execute(f"describe from {table}").fetchall()] for table in tables]
    if columns[0] != columns[1]:
        return (
            f"columns of one alone: {', '.join(sorted(set(columns[0]) ^ set(columns[1]))) or 'none, in another order'}"
        )
    sums = ", ".join(f'sum(hash("{column}")::hugeint)' for column in columns[0])
    rows = [duckdb.execute(f"select count(*), {sums} from {table}").fetchall()[0] for table in tables]
    changed = [column for column, a, b in zip(columns[0], rows[0][1:], rows[1][1:], strict=True) if a != b]
    return f"{rows[0][0]} and {rows[1][0]} rows; values of: {', '.join(changed) or 'none, in another order'}"


def main(one: Path, other: Path, *, shows_columns: bool) -> int:
    """Prints what differs; the exit code."""
    different = differences(one, other)
    for name in different:
        both = (one / name).exists() and (other / name).exists()
        told = columns_that_differ(one, other, name) if shows_columns and both and name.endswith(".parquet") else ""
        print(f"differs: {name}{': ' if told else ''}{told}")
    if not different:
        print(f"All {len(checksums(one))} files of the marts are the same, byte for byte.")
    return 1 if different else 0


if __name__ == "__main__":
    folders = [Path(word) for word in sys.argv[1:] if not word.startswith("--")]
    if len(folders) != 2:
        sys.exit("Usage: python -m benchmarks.identical BUILD_A BUILD_B [--columns]")
    sys.exit(main(*folders, shows_columns="--columns" in sys.argv))
