"""The tags on runs, by which sensors and people find them again. Review, day and authority are on every build."""

KIND = "rayg/kind"  # fetch, freshness, review
REVIEW = "rayg/review"  # the name a review's build is frozen under
AS_AT = "rayg/as_at"  # the day, or NEWEST
REVIEW_YEAR = "rayg/review_year"
LA = "rayg/la"
TRIGGER = "rayg/trigger"  # what asked for a build: inbox, fetch

FETCH = "fetch"
FRESHNESS = "freshness"
REVIEWED = "review"
NEWEST = "newest files held"
