"""Bytes, layouts and identifiers of all files together."""

import ast
import csv
import hashlib
import io
from pathlib import Path

import pytest

import sample_county
from sample_county import write_sample
from sample_county.county.tables import header

TABLES = {
    "2020-2021/england_census.csv": "census_2020-21",
    "2021-2022/england_census.csv": "census_2021-22",
    "2021-2022/england_abs.csv": "abs",
    "2021-2022/england_ks4final.csv": "ks4_2021-22",
    "2021-2022/2021-2022_england_ks5final.csv": "ks5_2021-22",
    "2022-2023/england_ks2final.csv": "ks2_2022-23",
    "2022-2023/2022-2023_england_ks5final.csv": "ks5_2022-23",
    "2023-2024/2023-2024_england_ks5final.csv": "ks5_2023-24",
    "2023-2024/998_abs.csv": "abs",
    "2024-2025/england_ks2final.csv": "ks2_2024-25",
    "2024-2025/england_ks2revised.csv": "ks2_2024-25",
    "2024-2025/998_ks2final.csv": "ks2_2024-25",
    "2024-2025/england_ks4final.csv": "ks4_2024-25",
    "2024-2025/england_ks4-pupdest.csv": "ks4-pupdest_2024-25",
    "2024-2025/england_ks5final.csv": "ks5_2024-25",
    "2024-2025/england_ks5-studest.csv": "ks5-studest_2021-22",
    "2024-2025/england_ks5-studest-he.csv": "ks5-studest-he_2021-22",
    "2020-2021/england_ks4-ebacc-entries.csv": "ks4-ebacc-entries_2020-21",
    "2020-2021/england_swf.csv": "swf_2020-21",
    "2024-2025/england_census.csv": "census_2024-25",
    "2024-2025/998_census.csv": "census_2024-25",
    "2024-2025/england_school_information.csv": "school_information_2024-25",
}


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(sample: Path, tmp_path: Path) -> None:
    write_sample(tmp_path / "again")
    assert digests(tmp_path / "again") == digests(sample)
    write_sample(tmp_path / "other", seed=1, schools=120)
    other = digests(tmp_path / "other")
    assert other.keys() == digests(sample).keys()
    assert not set(other.values()) & set(digests(sample).values())


def test_a_county_too_small_for_the_planted_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 120"):
        write_sample(tmp_path, schools=50)
    assert not list(tmp_path.iterdir())


def test_only_what_publishers_published_is_there(sample: Path) -> None:
    names = {file.name for file in (sample / "performance-tables/2020-2021").iterdir()}
    assert names == {"england_census.csv", "england_swf.csv", "england_ks4-ebacc-entries.csv", "england_cfr.csv"}
    assert not list(sample.glob("performance-tables/2021-2022/*ks2*"))
    assert len(list(sample.rglob("*.csv"))) == 82
    assert sum(file.stat().st_size for file in sample.rglob("*.csv")) < 60_000_000


@pytest.mark.parametrize(("name", "layout"), TABLES.items())
def test_a_table_has_its_published_columns_bom_and_line_ends(sample: Path, name: str, layout: str) -> None:
    raw = (sample / "performance-tables" / name).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == header(layout)
    assert all(len(row) <= len(rows[0]) for row in rows)
    assert all(row[-1] != "" for row in rows)


def test_years_whose_names_are_not_known_take_the_nearest_layout(sample: Path) -> None:
    def names(table: str) -> list[str]:
        first = (sample / "performance-tables" / table).read_text(encoding="utf-8-sig").split("\n")[0]
        return first.strip().split(",")

    ks2 = names("2023-2024/england_ks2final.csv")
    assert "PTRWM_EXP_23" in ks2
    assert not [name for name in ks2 if name.endswith("_19")]
    for year in ("2022-2023", "2023-2024"):
        assert tuple(names(f"{year}/england_ks4final.csv")) == header("ks4_2024-25")
        assert tuple(names(f"{year}/england_census.csv")) == header("census_2021-22")


@pytest.mark.parametrize("name", [name for name in TABLES if "_ks2" in name])
def test_rows_without_results_are_shorter_than_the_header(sample: Path, name: str) -> None:
    text = (sample / "performance-tables" / name).read_text(encoding="utf-8-sig")
    lengths = {len(row) for row in csv.reader(io.StringIO(text, newline=""))}
    assert len(lengths) > 1


def test_inspections_are_cp1252_with_76_columns(sample: Path) -> None:
    file = sample / (
        "ofsted/2024-2025/Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_Aug_2025.csv"
    )
    raw = file.read_bytes()
    assert b"Z\xe9lie" in raw
    rows = list(csv.reader(io.StringIO(raw.decode("cp1252"), newline="")))
    assert tuple(rows[0]) == header("ofsted_2025-08")
    assert {len(row) for row in rows} == {76}


def test_links_are_quoted_cp1252_without_a_last_line_end(sample: Path) -> None:
    raw = (sample / "gias/links_edubasealldata20260821.csv").read_bytes()
    assert raw.startswith(b'"URN","LinkURN","LinkName","LinkType","LinkEstablishedDate"\r\n')
    assert raw.endswith(b'"')
    assert b"Z\xe9lie" in raw


def test_no_urn_postcode_or_authority_is_real(sample: Path) -> None:
    urns, authorities, postcodes = set(), set(), set()
    for file in sample.rglob("*.csv"):
        encoding = "utf-8-sig" if "performance-tables" in file.parts else "cp1252"
        for row in csv.DictReader(io.StringIO(file.read_bytes().decode(encoding), newline=""), restval=""):
            urns |= {row[name] for name in row if name.upper().startswith("URN") or name == "LinkURN"}
            authorities |= {row.get(name, "").strip() for name in ("LEA", "LA")}
            postcodes |= {row.get(name, "").strip() for name in ("PCODE", "POSTCODE", "Postcode")}
    assert not {urn for urn in urns if urn.isdigit() and not 900001 <= int(urn) <= 999999}
    assert {code for code in authorities if code.isdigit()} == {"998", *(str(500 + n) for n in range(60))}
    assert {code[:2] for code in postcodes if code not in ("", "NA")} == {"XA", "XB"}


def test_an_establishment_number_belongs_to_one_open_school(sample: Path) -> None:
    text = (sample / "performance-tables/2024-2025/england_school_information.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), restval=""))
    assert len({row["URN"] for row in rows}) == len(rows)
    open_now = [row["LAESTAB"] for row in rows if row["SCHSTATUS"] == "Open" and not row["OPENDATE"]]
    assert len(set(open_now)) == len(open_now)


def test_the_sample_imports_nothing_from_the_pipeline() -> None:
    for module in Path(next(iter(sample_county.__path__))).rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            foreign = [n for n in names if n.startswith("pipelines") and not n.startswith("sample_county")]
            assert not foreign, module.name
