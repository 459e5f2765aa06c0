-- Schools with published results in the review's own year and authority that no register or inspection file names.
select distinct observations.urn, observations.source
from {{ ref('observations') }} as observations
cross join {{ ref('stg_parameters') }} as parameters
left join {{ ref('schools') }} as schools on observations.urn = schools.urn
where
    observations.entity_type = 'school'
    and observations.academic_year = parameters.review_academic_year
    and (parameters.la_code = 'all' or observations.la_code = parameters.la_code)
    and schools.urn is null
