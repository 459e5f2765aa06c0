-- The schools a review is about: open, state-funded, of the authority asked for.
select
    parameters.review_year,
    parameters.review_academic_year,
    parameters.reference_on,
    schools.*
from {{ ref('schools') }} as schools
cross join {{ ref('stg_parameters') }} as parameters
where
    schools.is_state_funded
    and schools.status = 'open'
    and (parameters.la_code = 'all' or schools.la_code = parameters.la_code)
