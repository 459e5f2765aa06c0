"""The accounts that a build gives of a school, a trust, the county and a KPI: which rows of the marts each takes, and
the view that makes plain data of them. Pages, terminal and Markdown lay the same accounts out.

Queries only: what the rows mean stands in the views.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from pipelines.errors import RaygError
from pipelines.publication.views import backtest, quality, school_list
from pipelines.publication.views.county import CountyPage, county_page, neighbours_of
from pipelines.publication.views.county_sheet import CountySheet, county_sheet
from pipelines.publication.views.decomposition import Decomposition, decompositions
from pipelines.publication.views.handling import Audience
from pipelines.publication.views.kpi import GAP_SIDES, KpiAccount, SchoolCells, YearCells, kpi_account
from pipelines.publication.views.reading import Marts, Row
from pipelines.publication.views.school import SCHOOL_MARTS, SchoolPage, school_page
from pipelines.publication.views.school_sheet import SchoolSheet, school_sheet
from pipelines.publication.views.trusts import TrustPage, trust_page
from pipelines.publication.views.words import PROVISIONS
from pipelines.seeds import seed

BATCH = 200  # schools read from the marts at a time, so that memory does not grow with the country
GAP_GROUP = "disadvantaged"
SHOWN_GROUPS = ("all", "disadvantaged", "fsm")
# A school may have rows for each provision in these.
BY_PROVISION = ("rayg_drafts", "rayg_alternatives", "rayg_criteria", "risk_indicators")
KPI_MARTS = ("gaps", "held_files", "japr_district_kpis", "japr_kpis", "observations")


class Accounts:
    """What one build says to one audience."""

    def __init__(self, marts: Marts, audience: Audience = Audience.INTERNAL) -> None:
        self._marts, self._audience = marts, audience

    @cached_property
    def files(self) -> dict[str, Row]:
        """The files the build rests on, by `file_id`."""
        return {row["file_id"]: row for row in self._marts.rows("held_files")}

    @cached_property
    def newest_on(self) -> date | None:
        """When the newest file was published."""
        return max((row["published_on"] for row in self.files.values()), default=None)

    @cached_property
    def schools(self) -> dict[str, Row]:
        """Every school by URN."""
        return {row["urn"]: row for row in self._marts.rows("schools")}

    @cached_property
    def reviewed(self) -> list[Row]:
        """The lines of the risk screen: one for each school of the review."""
        return self._marts.rows("risk_screen")

    @cached_property
    def _drafts(self) -> list[Row]:
        return self._marts.rows("rayg_drafts")

    @cached_property
    def _intake(self) -> dict[str, float | None]:
        """Each school's share of pupils with free meals in six years."""
        return {row["urn"]: row["fsm6"] for row in self._marts.rows("desktop_exercise", columns="urn, fsm6")}

    def la_name(self, la_code: str) -> str:
        """The authority's name; empty for a build of all authorities."""
        names = [row["la_name"] for row in self.schools.values() if row["la_code"] == la_code]
        return next((str(name) for name in names if name), "" if la_code == "all" else "the authority")

    def school(self, urn: str, provision: str | None = None) -> SchoolPage:
        """One school's account, of one provision or of all it has.

        Raises RaygError where the build has no such school, or where there is no provision of that name.
        """
        if provision is not None and provision not in PROVISIONS:
            raise RaygError(f"No provision {provision}: name one of {', '.join(PROVISIONS)}.")
        rows = self._marts.rows("schools", "urn = ?", [urn])
        if not rows:
            raise RaygError(
                f"No school with URN {urn} in the current build: check the number, or build its authority with --la."
            )
        ((page, _),) = self._pages(rows, frozenset(), provision, [])
        return page

    def school_pages(
        self, urns: Sequence[str], trust_ids: frozenset[str], scatters: list[school_list.Scatter]
    ) -> Iterator[tuple[SchoolPage, SchoolSheet]]:
        """The account of each school, whole and on one page. `trust_ids`: the trusts that have a page to link to;
        `scatters`: the list's pictures.
        """
        for start in range(0, len(urns), BATCH):
            schools = [self.schools[urn] for urn in urns[start : start + BATCH]]
            yield from self._pages(schools, trust_ids, None, scatters)

    def _pages(
        self,
        schools: list[Row],
        trust_ids: frozenset[str],
        provision: str | None,
        scatters: list[school_list.Scatter],
    ) -> Iterator[tuple[SchoolPage, SchoolSheet]]:
        urns = [school["urn"] for school in schools]
        rows = {mart: self._marts.by_school(mart, urns) for mart in SCHOOL_MARTS if mart not in BY_PROVISION}
        of_provision = ("true", []) if provision is None else ("provision = ?", [provision])
        rows |= {mart: self._marts.by_school(mart, urns, *of_provision) for mart in BY_PROVISION}
        if provision not in (None, "whole_school"):
            rows["risk_screen"].clear()  # the screen is of whole schools
        rows["benchmarks"] = self._marts.by_school(
            "benchmarks", urns, "entity_type = 'school' and list_contains(?, pupil_group)", [list(SHOWN_GROUPS)]
        )
        rows["gaps"] = self._marts.by_school(
            "gaps",
            urns,
            "entity_type = 'school' and pupil_group = ?"
            " and measure in (select measure from benchmarks where is_headline)",
            [GAP_GROUP],
        )
        rows["school_headlines"] = self._marts.by_school("school_headlines", urns)
        for school in schools:
            own = {mart: by_urn[school["urn"]] for mart, by_urn in rows.items()}
            page = school_page(
                school,
                own,
                self.files,
                self._audience,
                links_trust=str(school["trust_id"]) in trust_ids,
                provision=provision,
            )
            yield page, school_sheet(school, own, scatters, self._intake.get(school["urn"]))

    def county(self, la_code: str, on: date | None) -> CountyPage:
        """The county's account. `on`: the build's day, which decides who its neighbours are."""
        kpis = self._marts.rows("japr_kpis", "la_code = ?", [la_code])
        standings = self._marts.rows(
            "benchmarks",
            "entity_type = 'la' and pupil_group = 'all' and value is not null and list_contains(?, measure)",
            [sorted({row["measure"] for row in kpis})],
            "measure, pupil_group, basis, academic_year, entity_code, value",
        )
        neighbours = neighbours_of(la_code, on)
        parts = self._decompositions(la_code)
        return county_page(kpis, standings, neighbours, self._drafts, parts, self.files, self.la_name(la_code))

    def county_sheet(self, la_code: str, review: str) -> CountySheet:
        """The county on one page. `review`: the academic year the review is of."""
        kpis = self._marts.rows("japr_kpis", "la_code = ?", [la_code])
        return county_sheet(kpis, self._drafts, self._decompositions(la_code), review)

    def _decompositions(self, la_code: str) -> list[Decomposition]:
        return decompositions(self._marts.rows("gap_decomposition", "la_code = ?", [la_code]), self.schools)

    def trusts(self, urns: Sequence[str]) -> Iterator[TrustPage]:
        """The account of each trust that has one of these schools."""
        members: dict[str, list[Row]] = {}
        for urn in urns:
            school = self.schools.get(urn)
            if school and str(school["trust_id"] or "").isalnum():  # it becomes a file's name
                members.setdefault(str(school["trust_id"]), []).append(school)
        all_urns = [school["urn"] for schools in members.values() for school in schools]
        results = self._marts.by_school(
            "benchmarks", all_urns, "entity_type = 'school' and is_headline and pupil_group = 'all'"
        )
        own = self._marts.rows(
            "benchmarks", "entity_type = 'trust' and list_contains(?, entity_code)", [sorted(members)]
        )
        drafts, lines = _by_school(self._drafts), _by_school(self.reviewed)
        for trust_id in sorted(members):
            trust_urns = [school["urn"] for school in members[trust_id]]
            yield trust_page(
                members[trust_id],
                [row for urn in trust_urns for row in lines.get(urn, [])],
                [row for urn in trust_urns for row in drafts.get(urn, [])],
                [row for urn in trust_urns for row in results[urn]],
                [row for row in own if row["entity_code"] == trust_id],
                self.files,
            )

    def school_list(self, trust_ids: frozenset[str]) -> school_list.SchoolList:
        """The list of all schools of the review. `trust_ids`: the trusts that have a page to link to."""
        newest = self._marts.query(
            """
            select * from benchmarks
            where entity_type = 'school' and pupil_group = 'all' and list_contains(?, measure)
                and coalesce(pooled_3y_value, value) is not null
            qualify row_number() over (partition by urn, measure order by academic_year desc) = 1
            """,
            [sorted({row["measure"] for row in seed("list_results")})],
        )
        results = _by_school(newest)
        return school_list.school_list(self.reviewed, self._drafts, self.schools, results, self._intake, trust_ids)

    def quality(self, on: date) -> quality.QualityPage:
        """What is held, missing and reconciled on the build's day."""
        return quality.quality_page(list(self.files.values()), self._marts.rows("data_quality"), on)

    def backtest(self) -> backtest.View:
        """What the build publishes of its back-test."""
        return backtest.view(self._marts.rows("backtest"))

    def kpi(self, name: str) -> list[KpiAccount]:
        """One KPI's account for each authority of the build. Raises RaygError where the build has no such KPI."""
        rows = self._marts.rows("japr_kpis", "kpi = ?", [name], order="la_code, academic_year")
        if not rows:
            known = sorted({row["kpi"] for row in self._marts.rows("japr_kpis", columns="kpi")})
            raise RaygError(f"No KPI {name} in the current build: it has {', '.join(known)}.")
        return [
            self._kpi(name, [row for row in rows if row["la_code"] == la_code])
            for la_code in dict.fromkeys(row["la_code"] for row in rows)
        ]

    def _kpi(self, name: str, years: list[Row]) -> KpiAccount:
        la_code = years[0]["la_code"]
        areas = self._marts.rows(
            "japr_district_kpis",
            "kpi = ? and la_code = ?",
            [name, la_code],
            order="academic_year desc, area_type, area, basis",
        )
        newest = [row for row in areas if row["academic_year"] == areas[0]["academic_year"]]
        return kpi_account(
            years,
            [self._year_cells(row) for row in years],
            newest,
            self._school_cells(years, newest[0]["academic_year"]) if newest else [],
            self.files,
        )

    def _year_cells(self, row: Row) -> YearCells:
        """The cells behind one year's value and behind what it is set beside."""
        wanted = [("la", row["la_code"], row["pupil_group"], "its value")]
        if row["gap_type"] is None:
            wanted.append(("country", "ENG", row["pupil_group"], "England"))
        else:
            level, group_column = GAP_SIDES[row["gap_type"]]
            gaps = self._marts.rows(
                "gaps",
                "entity_type = 'la' and entity_code = ? and basis = ? and academic_year = ? and measure = ?"
                " and pupil_group = ? and gap_type = ?",
                [row[key] for key in ("la_code", "basis", "academic_year", "measure", "pupil_group", "gap_type")],
            )
            group = gaps[0][group_column] if gaps else None
            wanted.append((level, row["la_code"] if level == "la" else "ENG", group, "set against"))
        return [
            (what, group, cell)
            for entity_type, code, group, what in wanted
            for cell in self._marts.rows(
                "observations",
                "entity_type = ? and entity_code = ? and basis = ? and academic_year = ? and measure = ?"
                " and pupil_group = ?",
                [entity_type, code, row["basis"], row["academic_year"], row["measure"], group],
            )
        ]

    def _school_cells(self, years: list[Row], academic_year: str) -> SchoolCells:
        """The schools' own values of the year that areas have figures for, by file and column."""
        rows = [row for row in years if row["academic_year"] == academic_year]
        if not rows:
            return []
        return self._marts.query(
            """
            select file_id, source, source_column, min(line) as first_line, max(line) as last_line,
                count(*) as schools_n
            from observations
            where entity_type = 'school' and la_code = ? and academic_year = ? and measure = ? and pupil_group = ?
                and status = 'reported' and not is_carried
            group by all order by all
            """,
            [rows[0][key] for key in ("la_code", "academic_year", "measure", "pupil_group")],
        )


def _by_school(rows: list[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["urn"], []).append(row)
    return grouped
