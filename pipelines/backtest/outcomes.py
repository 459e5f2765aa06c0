"""The outcome of each school after a review: its state on the day, the first graded inspection that followed, and how
sure either is. Pure: data frames in, data frames out.

Inspection files keep one or two inspections of each school, so a later inspection can push an earlier one out. What a
row of such a file vouches for (`int_inspection_lists`) says where nothing can have been lost. A school
whose first inspection may have been lost is `unsure`: left out of the figures, and counted both ways in their bounds.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from pipelines.seeds import policy, seed

# what a school's window can end with
ADVERSE, GOOD, NOT_INSPECTED, UNSURE, CLOSED = "adverse", "good", "not_inspected", "unsure", "closed"
UNDER_WAY = "under_way"  # inspected before the review, and the report was not out yet

FOLLOWED = (ADVERSE, GOOD, NOT_INSPECTED)  # what figures are of: the others are counted beside them
DAYS_IN_MONTH = 30.4375


@dataclass(frozen=True)
class Known:
    """The inspections in the held files, whenever they were published.

    `verdicts`: one row per graded inspection of a school's own URN (urn, inspected_on, is_below_good, judged_by).
    `lists`: one row per row of an inspection file (urn, previous_on, latest_on, complete_to): no graded inspection lies
    between `previous_on` and `latest_on`, nor between `latest_on` and `complete_to`. `closed`: urn, close_on.
    """

    verdicts: pd.DataFrame
    lists: pd.DataFrame
    closed: pd.DataFrame

    @property
    def complete_to(self) -> date:
        """The day up to which the lists cover half the schools: one authority's newer list opens no later window."""
        newest = self.lists.groupby("urn")["complete_to"].max().sort_values()
        half: pd.Timestamp = newest.iloc[len(newest) // 2]
        return half.date()


def states(schools: pd.DataFrame, known: Known, review_on: date) -> pd.DataFrame:
    """`schools` (urn, inspection_standing and graded_on as the review saw them) with `state` and `is_state_sure`.

    `state`: `good` (good or outstanding), `below_good`, `none` (never graded, or not judged). It is sure where lists
    vouch for the time from the grade to the review's day.
    """
    day = pd.Timestamp(review_on)
    graded_on = schools["graded_on"].fillna(day)
    since = longest_gap(known.lists, schools["urn"], graded_on, pd.Series(day, index=schools.index))
    state_of = {row["inspection_standing"]: row["school_state"] for row in seed("standing_states")}
    state = schools["inspection_standing"].map(state_of).fillna("none")
    return schools.assign(state=state, is_state_sure=schools["graded_on"].notna() & (since <= _least_days()))


def outcomes(schools: pd.DataFrame, known: Known, review_on: date, months: int) -> pd.DataFrame:
    """One row per school of `schools` (urn, graded_on as the review saw it): `outcome`, `is_sure`, `judged_by`,
    `months_to` (months from the review to the deciding inspection; null without one).

    The window opens on the day of the review and closes `months` later. A pass, or no inspection, counts only where no
    earlier inspection can be lost: a lost failure is what a later pass follows. A failure counts even so, since what
    could be lost before it is a failure too, or a pass overturned within the window; `is_sure` tells the two apart.
    """
    opens = pd.Timestamp(review_on)
    closes = opens + pd.DateOffset(months=months)
    verdicts = known.verdicts[known.verdicts["urn"].isin(schools["urn"])].sort_values(["urn", "inspected_on"])
    later = verdicts[verdicts["inspected_on"] >= opens].drop_duplicates("urn").set_index("urn")
    before = verdicts[verdicts["inspected_on"] < opens].groupby("urn")["inspected_on"].max()
    followed = schools[["urn", "graded_on"]].join(later[["inspected_on", "is_below_good", "judged_by"]], on="urn")
    followed = followed.join(known.closed.set_index("urn")["close_on"], on="urn").join(
        before.rename("before"), on="urn"
    )
    in_window = followed["inspected_on"] <= closes
    ends = followed["inspected_on"].where(in_window, closes)
    is_sure = longest_gap(known.lists, followed["urn"], pd.Series(opens, index=followed.index), ends) <= _least_days()
    is_closed = (followed["close_on"] > opens) & (followed["close_on"] <= closes) & ~in_window
    seen_till = followed["graded_on"].fillna(pd.Timestamp.min) + pd.Timedelta(days=policy("longest_inspection_days"))
    outcome = pd.Series(NOT_INSPECTED, index=followed.index)
    outcome[in_window] = GOOD
    outcome[~is_sure] = UNSURE
    outcome[is_closed] = CLOSED
    outcome[in_window & followed["is_below_good"].eq(True)] = ADVERSE
    outcome[followed["before"] > seen_till] = UNDER_WAY
    is_decided = outcome.isin([ADVERSE, GOOD])
    return pd.DataFrame(
        {
            "urn": followed["urn"],
            "outcome": outcome,
            "is_sure": is_sure,
            "judged_by": followed["judged_by"].where(is_decided),
            "months_to": ((followed["inspected_on"] - opens).dt.days / DAYS_IN_MONTH).where(is_decided),
        }
    )


def longest_gap(lists: pd.DataFrame, urns: pd.Series, opens: pd.Series, ends: pd.Series) -> pd.Series:
    """Days of the longest stretch, begun between each school's two days, that no row of a list vouches for: up to where
    a list vouches again, or for ever where none does.

    `urns`, `opens` and `ends` share an index; so does the result.
    """
    spans = pd.DataFrame(
        {
            "urn": lists["urn"],
            "start": lists["previous_on"].fillna(lists["latest_on"]),
            "stop": lists["complete_to"],
        }
    )
    asked = pd.DataFrame({"urn": urns, "opens": opens, "ends": ends})
    spans = spans.merge(asked.reset_index(names="row"), on="urn")
    spans = spans[spans["stop"] > spans["opens"]].sort_values(["row", "start", "stop"])
    # how far the rows before this one reach, whichever of them reaches furthest
    reached = spans.groupby("row")["stop"].cummax().groupby(spans["row"]).shift().fillna(spans["opens"])
    stretch = (spans["start"] - reached).dt.days.clip(lower=0).where(reached < spans["ends"], 0)
    furthest = spans.groupby("row")["stop"].max().reindex(asked.index)
    is_open_ended = furthest.isna() | (furthest < asked["ends"])
    longest = stretch.groupby(spans["row"]).max().reindex(asked.index).fillna(0)
    return longest.where(~is_open_ended, np.inf)


def _least_days() -> int:
    return int(policy("least_days_between_inspections"))
