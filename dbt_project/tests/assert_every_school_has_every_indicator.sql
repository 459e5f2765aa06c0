-- Pairs of a school of the review and an indicator that do not stand exactly once in risk_indicators.
select schools.urn, indicators.indicator, count(found.urn) as rows_n
from {{ ref('int_review_schools') }} as schools
cross join {{ ref('indicators') }} as indicators
left join {{ ref('risk_indicators') }} as found
    on schools.urn = found.urn and indicators.indicator = found.indicator
group by schools.urn, indicators.indicator
having count(found.urn) != 1
