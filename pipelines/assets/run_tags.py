"""The tags on runs, by which sensors and people find them again, and the states of a run under way.

Every build carries its review, its day and its authority.
"""

import dagster as dg

KIND = "rayg/kind"  # fetch, freshness, review
REVIEW = "rayg/review"  # the name under which a review's build is frozen
AS_AT = "rayg/as_at"  # the day, or NEWEST
REVIEW_YEAR = "rayg/review_year"
LA = "rayg/la"
TRIGGER = "rayg/trigger"  # what asked for a build: inbox, fetch

FETCH = "fetch"
FRESHNESS = "freshness"
REVIEWED = "review"
NEWEST = "newest files held"

UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]
