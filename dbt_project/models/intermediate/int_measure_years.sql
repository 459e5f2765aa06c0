-- The newest academic year in which each measure was published for any school, up to the review's own year.
select
    benchmarks.measure,
    max(benchmarks.academic_year) as latest_academic_year
from {{ ref('benchmarks') }} as benchmarks
cross join {{ ref('stg_parameters') }} as parameters
where
    benchmarks.entity_type = 'school'
    and benchmarks.status = 'reported'
    and benchmarks.academic_year <= parameters.review_academic_year
group by benchmarks.measure
