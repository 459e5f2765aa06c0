"""A generated England: landed Parquet of every school and year, written straight from DuckDB, and dbt over it.

Run as `python -m benchmarks.england FOLDER [SIZE…]`, each size a multiple of 24,000 schools × 10 years (default 1).
Each gets a home of its own in the folder; it is made once and measured again as it stands. The figures are drawn by the
hash of a seed, the school, the year and the column: they mean nothing and are the same every time. Files: one list of
schools, one of inspections, and per year key stages 2 and 4, absence and census with every column of the column map,
LA and England rows among them. Prints observations, seconds, seconds for each million of them, and peak memory of
dbt (models alone, every authority asked for).
"""

import csv
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks.measured import measured
from pipelines.assets.dbt_project import DBT, dbt_environment
from pipelines.home import Home, project_root
from pipelines.landing.backtest import land_backtest
from pipelines.landing.land import CATALOGUE, FILES, PARAMETERS
from pipelines.landing.write import BY_FILE, SET_ASIDE, VERDICTS, write_schemas, write_table
from pipelines.sources.catalogue import load_catalogue

SEED = 919
SCHOOLS = 24_000
YEARS = range(2016, 2026)
SEEDS = project_root() / "dbt_project" / "seeds" / "cells"
# of every 24 schools: 17 primary, 4 secondary, 2 special and a nursery; of 152 authorities one is Hertfordshire
ENTITIES = """
create table entities as
select
    'school' as level,
    cast(100000 + i as varchar) as urn,
    case when i % 152 = 0 then '919' else cast(201 + i % 152 as varchar) end as la_code,
    case
        when i % 24 < 17 then 'primary' when i % 24 < 21 then 'secondary' when i % 24 < 23 then 'special' else 'nursery'
    end as kind,
    printf('%04d', 2000 + i // 152 % 7000) as estab
from range(?) as made (i)
union all
select 'la', '', case when i = 0 then '919' else cast(201 + i as varchar) end, kind, ''
from range(152) as made (i) cross join (values ('primary'), ('secondary'), ('special')) as kinds (kind)
union all
select 'country', '', '', kind, '' from (values ('primary'), ('secondary'), ('special')) as kinds (kind)
"""
PHASE = "case kind when 'primary' then 'PRI' when 'secondary' then 'SEC' else 'SPE' end"
AGES = {"low": (5, 11, 2, 2), "high": (11, 16, 19, 5)}


def by_kind(values: tuple[object, ...]) -> str:
    """SQL: the value of a school's kind, of four."""
    kinds = ("primary", "secondary", "special", "nursery")
    return "case kind " + " ".join(f"when '{k}' then '{v}'" for k, v in zip(kinds, values, strict=True)) + " end"


@dataclass(frozen=True)
class File:
    """One landed file: which rows it has, and by column what a cell holds, as SQL over `entities`."""

    source: str
    year_end: int
    rows: str
    cells: dict[str, str]

    @property
    def file_id(self) -> str:
        return f"{self.source[:8]}{self.year_end:04}".ljust(12, "0")


SHARES, NUMBERS = "{draw} % 101", "5 + {draw} % 116"
PROGRESS, SCORES = "round(({draw} % 101 - 50) / 10, 1)", "20 + {draw} % 91"


def drawn(kind: str, column: str, year_end: int) -> str:
    """SQL of a figure: nothing shown for one school in twenty; an area's own are always shown."""
    draw = f"cast(hash({SEED}, level, urn, la_code, kind, {year_end}, '{column}') % 1000003 as integer)"
    figure = kind.format(draw=draw)
    return f"case when level = 'school' and {draw} % 20 = 0 then 'SUPP' else cast({figure} as varchar) end"


def result_cells(source: str, year_end: int) -> dict[str, str]:
    """Every column that the column map knows of a source, once for each measure and group, with its companions."""
    units = {row["measure"]: row for row in csv.DictReader((SEEDS.parent / "observations" / "measures.csv").open())}
    cells, known = {}, set()
    for row in csv.DictReader((SEEDS / "column_map.csv").open(encoding="utf-8-sig")):
        what = (row["measure"], row["pupil_group"])
        if row["source"] != source or what in known or row["row_variant"]:
            continue
        known.add(what)
        measure = units[row["measure"]]
        spread = PROGRESS if measure["interval_method"] == "published" else SCORES
        kind = {"pct": SHARES, "count": NUMBERS}.get(measure["unit"], spread)
        value = drawn(kind, row["column_name"], year_end)
        cells[row["column_name"]] = value
        for companion, column in row.items():
            if not companion.endswith("_column") or not column or column in cells:
                continue
            bound = {"lower_ci_column": "- 2", "upper_ci_column": "+ 2"}.get(companion)
            if bound is None:
                cells[column] = drawn(NUMBERS, column, year_end)
            else:
                cells[column] = f"coalesce(cast(try_cast({value} as double) {bound} as varchar), 'SUPP')"
    return cells


def files() -> Iterator[File]:
    """Every file of the generated England."""
    schools = "level = 'school'"
    name, age_low, age_high = "'School ' || urn", by_kind(AGES["low"]), by_kind(AGES["high"])
    establishment = by_kind(("Community school", "Academy converter", "Community special school", "LA nursery school"))
    yield File(
        "school_information", YEARS[-1], schools,
        {
            "URN": "urn", "LA": "la_code", "LANAME": "'Authority ' || la_code", "ESTAB": "estab",
            "LAESTAB": "la_code || estab", "SCHNAME": name, "SCHSTATUS": "'Open'", "OPENDATE": "'01/09/2001'",
            "SCHOOLTYPE": establishment, "AGELOW": age_low, "AGEHIGH": age_high,
        },
    )  # fmt: skip
    grade = f"cast(1 + hash({SEED}, urn, 'grade') % 4 as varchar)"
    day = f"strftime(date '2019-09-10' + cast(hash({SEED}, urn, 'day') % 1700 as integer), '%d/%m/%Y')"
    judgements = (
        "OVERALL EFFECTIVENESS", "QUALITY OF EDUCATION", "BEHAVIOUR AND ATTITUDES", "PERSONAL DEVELOPMENT",
        "EFFECTIVENESS OF LEADERSHIP AND MANAGEMENT",
    )  # fmt: skip
    yield File(
        "ofsted_schools", YEARS[-1], schools,
        {
            "URN": "urn", "LAESTAB": "la_code || estab", "SCHOOL NAME": name, "TYPE OF EDUCATION": establishment,
            "LOCAL AUTHORITY": "'Authority ' || la_code",
            "STATUTORY LOWEST AGE": age_low, "STATUTORY HIGHEST AGE": age_high,
            "INSPECTION NUMBER OF LATEST GRADED INSPECTION": "'1' || urn",
            "INSPECTION START DATE": day, "PUBLICATION DATE": day,
            "URN AT TIME OF LATEST GRADED INSPECTION": "urn", "CATEGORY OF CONCERN": "''",
            "SAFEGUARDING IS EFFECTIVE?": "'Yes'",
        } | dict.fromkeys(judgements, grade),
    )  # fmt: skip
    for year_end in YEARS:
        for source, kind, la, england in (("ks2", "primary", 3, 5), ("ks4", "secondary", 4, 7)):
            level = f"case level when 'school' then '1' when 'la' then '{la}' else '{england}' end"
            keys = {
                "RECTYPE": level,
                "LEA": "la_code",
                "ESTAB": "estab",
                "URN": "urn",
                "SCHNAME": name,
                "ICLOSE": "'0'",
            }
            yield File(source, year_end, f"kind = '{kind}'", keys | result_cells(source, year_end))
        place = f"case level when 'school' then estab else {PHASE} end"
        keys = {"URN": "urn", "LA": "case level when 'country' then 'NAT' else la_code end", "ESTAB": place}
        yield File("absence", year_end, "true", keys | result_cells("absence", year_end))
        keys = {
            "URN": "case level when 'school' then urn when 'la' then 'LA' else 'NAT' end",
            "LA": "la_code", "ESTAB": place, "SCHOOLTYPE": "case level when 'la' then la_code else '' end",
        }  # fmt: skip
        yield File("census", year_end, "true", keys | result_cells("census", year_end))


def write(connection: duckdb.DuckDBPyConnection, file: File, landing: Path) -> tuple[int, int]:
    """Writes a file's cells and columns, column by column as landing does; gives its rows and cells."""
    connection.execute(
        "create or replace temp table lines as"
        f" select row_number() over (order by level, urn, la_code, kind) + 1 as line, * from entities where {file.rows}"
    )
    count = connection.execute("select count(*) from lines").fetchone()
    assert count is not None
    columns = [
        f"select '{file.file_id}' as file_id, cast(line as integer) as line, cast({at} as integer) as column_position,"
        f" '{name}' as column_name, '{name}' as column_key, {sql} as raw_value from lines"
        for at, (name, sql) in enumerate(file.cells.items(), 1)
    ]
    path = landing / "cells" / f"{file.file_id}.parquet"
    connection.execute(f"copy ({' union all '.join(columns)}) to '{path}' (format parquet, compression zstd)")
    header = [
        {"file_id": file.file_id, "column_position": at, "column_name": name, "column_key": name}
        for at, name in enumerate(file.cells, 1)
    ]
    table = pa.Table.from_pylist(header, schema=BY_FILE["columns"])
    write_table(table, landing / "columns" / f"{file.file_id}.parquet")
    return int(count[0]), int(count[0]) * len(file.cells)


def make(home: Home, schools: int) -> None:
    """Writes the landing folder of a home: what `rayg build --la all` would have landed, without its raw files."""
    landing = home.landing
    for folder in BY_FILE:
        (landing / folder).mkdir(parents=True, exist_ok=True)
    write_schemas(landing)
    connection = duckdb.connect()
    connection.execute(ENTITIES, [schools])
    rows = []
    for file in files():
        rows_n, cells_n = write(connection, file, landing)
        known = {"file_id": file.file_id, "sha256": file.file_id, "size_bytes": 0, "file_name": f"{file.file_id}.csv"}
        known |= {"source": file.source, "academic_year": f"{file.year_end - 1}/{file.year_end % 100:02}"}
        known |= {
            "release": "final",
            "scope": "england",
            "publisher": "nobody",
            "title": "generated",
            "licence": "none",
        }
        known |= {"landing_page": "", "published_on": date(file.year_end + 1, 1, 31), "published_on_is_assumed": False}
        known |= {"is_sample": True, "rows_n": rows_n, "cells_n": cells_n, "rejected_rows_n": 0, "is_visible": True}
        rows.append(known)
    write_table(pa.Table.from_pylist(rows, schema=FILES), landing / "files.parquet")
    write_table(VERDICTS.empty_table(), landing / "verdicts.parquet")
    write_table(SET_ASIDE.empty_table(), landing / "set_aside.parquet")
    catalogue = [
        {name: getattr(source, name) for name in CATALOGUE.names if name not in ("source", "release_months")}
        | {"source": source.id}
        for source in load_catalogue().sources
    ]
    write_table(pa.Table.from_pylist(catalogue, schema=CATALOGUE), landing / "catalogue.parquet")
    asked = {"la_code": "all", "review_year": YEARS[-1], "reference_on": date(YEARS[-1] + 1, 1, 31), "is_sample": True}
    write_table(pa.Table.from_pylist([asked], schema=PARAMETERS), landing / "parameters.parquet")
    land_backtest(home)


def main(folder: Path, sizes: list[float]) -> None:
    """Makes what is missing, runs dbt over each size and prints one line for each."""
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    folder = folder.resolve()
    os.chdir(project_root() / "dbt_project")
    for size in sizes:
        home = Home(folder / f"england-{size:g}")
        if not (home.landing / "parameters.parquet").exists():
            make(home, round(SCHOOLS * size))
        home.building_file.unlink(missing_ok=True)
        os.environ.update(dbt_environment(home, home.building_file))
        target = str(home.warehouse / "dbt")
        options = ["--profiles-dir", ".", "--target-path", target, "--log-path", target]
        took = measured(
            [str(DBT), "--no-use-colors", "build", "--exclude-resource-type", "test", "unit_test", *options]
        )
        with duckdb.connect(str(home.building_file), read_only=True) as connection:
            ((rows_n,),) = connection.execute("select count(*) from observations").fetchall()
        millions = rows_n / 1e6
        print(
            f"England x{size:<5g} {SCHOOLS * size:9,.0f} schools {millions:7.2f} M observations"
            f" {took.seconds:8.1f} s {took.cpu_seconds:8.1f} s of processor"
            f" ({took.cpu_seconds / millions:.1f} s a million) {took.memory_mib:7.0f} MiB",
            flush=True,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), [float(size) for size in sys.argv[2:]] or [1.0])
