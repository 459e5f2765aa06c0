"""The tags on scheduled runs, by which sensors and people find them again."""

KIND = "rayg/kind"  # fetch, freshness, review
REVIEW = "rayg/review"  # the name a review's build is frozen under
AS_AT = "rayg/as_at"
REVIEW_YEAR = "rayg/review_year"
TRIGGER = "rayg/trigger"  # what asked for a build: inbox, fetch

FETCH = "fetch"
FRESHNESS = "freshness"
REVIEWED = "review"
