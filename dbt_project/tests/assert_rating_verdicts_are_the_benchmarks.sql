-- Deciding values whose verdict, made again for the rating, is not the one that the benchmarks print.
select made.urn, made.measure, made.pupil_group, made.verdict as made_again, vals.verdict as printed
from {{ ref('int_rating_verdicts') }} as made
inner join {{ ref('int_review_measures') }} as vals using (urn, measure, pupil_group)
where
    made.moved_case = 'as published'
    and vals.status = 'reported'
    and coalesce(made.verdict, 'none') != case when vals.verdict like 'no_data%' then 'none' else vals.verdict end
