"""Every indicator of the screen can be told in Hertfordshire, wherever a file of its measure is held."""

from tests.realdata.conftest import Built

# held for Hertfordshire, and yet never told
WHY_NOT = {
    "ks2_bottom_quintile": "no file of all England's schools of 2024/25 is held: nothing to rank in",
    "ks4_bottom_quintile": "no file of all England's schools of 2024/25 is held: nothing to rank in",
}


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
