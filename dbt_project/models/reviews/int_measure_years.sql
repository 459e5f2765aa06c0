-- The newest academic year in which each measure was published for any school of a sector, up to the review's own year;
-- for what only the authority's own returns hold, the newest of those. By sector, because the accounts of maintained
-- schools and of academies come out a year apart.
select
    vals.measure,
    schools.sector,
    parameters.review_academic_year,
    coalesce(
        max(vals.academic_year) filter (where vals.release is distinct from 'local_unvalidated'),
        max(vals.academic_year)
    ) as latest_academic_year
from {{ ref('int_school_values') }} as vals
inner join {{ ref('schools') }} as schools using (urn)
cross join {{ ref('stg_parameters') }} as parameters
where
    vals.status = 'reported'
    and vals.academic_year <= parameters.review_academic_year
group by vals.measure, schools.sector, parameters.review_academic_year
