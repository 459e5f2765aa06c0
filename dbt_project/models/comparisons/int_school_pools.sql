-- What every school of England reached in each measure that a rating is decided from, by itself and with the two years
-- before: a review sets its schools beside those most like them, wherever they are. Pooled as in benchmarks.
with scored as (

    select
        vals.urn, vals.basis, vals.academic_year, vals.measure, vals.value,
        case when vals.denominator > 0 and measures.interval_method != 'published' then vals.denominator end
            as poolable_n
    from {{ ref('int_school_values') }} as vals
    inner join {{ ref('measures') }} as measures using (measure)
    where vals.status = 'reported' and vals.pupil_group = 'all' and measures.is_scored

)

select
    urn,
    academic_year,
    measure,
    value,
    round({{ pooled('value', 'poolable_n', 'over three_years') }}, 2) as pooled_3y_value
from scored
window three_years as (
    partition by urn, basis, measure
    order by {{ year_end('academic_year') }} range between 2 preceding and current row
)
