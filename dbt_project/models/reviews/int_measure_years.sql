-- The newest academic year in which each measure was published for any school of a sector, up to the review's own year;
-- for what only the authority's own returns hold, the newest of those. By sector, because the accounts of maintained
-- schools and of academies come out a year apart.
select
    benchmarks.measure,
    schools.sector,
    parameters.review_academic_year,
    coalesce(
        max(benchmarks.academic_year) filter (where benchmarks.release is distinct from 'local_unvalidated'),
        max(benchmarks.academic_year)
    ) as latest_academic_year
from {{ ref('benchmarks') }} as benchmarks
inner join {{ ref('schools') }} as schools using (urn)
cross join {{ ref('stg_parameters') }} as parameters
where
    benchmarks.entity_type = 'school'
    and benchmarks.status = 'reported'
    and benchmarks.academic_year <= parameters.review_academic_year
group by benchmarks.measure, schools.sector, parameters.review_academic_year
