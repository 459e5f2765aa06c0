"""Every indicator of the screen can be told in Hertfordshire, and its sentence says what its figures say."""

import re

from tests.realdata.conftest import Built

# held for Hertfordshire, and yet never told
WHY_NOT = {
    "ks2_bottom_quintile": "no file of all England's schools of 2024/25 is held: nothing to rank in",
    "ks4_bottom_quintile": "no file of all England's schools of 2024/25 is held: nothing to rank in",
}

PRINTED_PAIR = re.compile(r"(-?[0-9.]+) per cent.*?(?:England,?[^.0-9]*|against )(-?[0-9.]*[0-9]) per cent")


def test_every_indicator_of_a_held_measure_can_be_told(hertfordshire: Built) -> None:
    """Rising persistent absence could once be neither, since the tables print no number of pupils beside absence."""
    untold = {
        indicator
        for (indicator,) in hertfordshire.rows(
            """
            select indicator from risk_indicators group by indicator
            having count(*) filter (where state in ('triggered', 'clear')) = 0
            """
        )
    }
    held = {
        indicator
        for (indicator,) in hertfordshire.rows(
            """
            select distinct pairs.indicator
            from warehouse.int_indicator_pairs as pairs
            inner join warehouse.int_review_measures as vals using (urn, measure, pupil_group)
            where vals.status = 'reported' and vals.years_back <= pairs.years_back_allowed
            """
        )
    }
    assert untold & held == WHY_NOT.keys()
    assert "persistent_absence_rising" in held - untold


def test_two_figures_that_differ_are_never_printed_alike(hertfordshire: Built) -> None:
    """Of 177 pupils 61.02 per cent, England 61.01: not `61` beside `61`, nor `61.0` beside `61.0`."""
    compared, alike = 0, []
    for urn, indicator, value, benchmark, evidence in hertfordshire.rows(
        """
        select urn, indicator, value, benchmark_value, evidence from risk_indicators
        where state in ('triggered', 'clear') and value is not null and benchmark_value is not null
        """
    ):
        printed = PRINTED_PAIR.search(evidence)
        if printed and value != benchmark:
            compared += 1
            if float(printed[1]) == float(printed[2]):
                alike.append(f"{urn} {indicator}: {evidence}")
    assert alike == []
    assert compared > 5000
