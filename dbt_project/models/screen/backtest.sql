-- How well past screens foresaw inspections, review by review: the figures of the newest `rayg backtest`, with whether
-- the points were fitted on the review.
select
    figures.review_on,
    figures.review_year,
    fitted.review_on is not null as is_in_fit,
    figures.phase,
    figures.sector,
    figures.school_state,
    figures.subset,
    figures.months,
    figures.score,
    figures.measure,
    figures.part,
    figures.value,
    figures.lower,
    figures.upper,
    figures.note
from {{ ref('stg_backtest') }} as figures
left join {{ ref('screen_fit_reviews') }} as fitted on figures.review_on = fitted.review_on
