-- Every school, open or closed, of the authority asked for: by the register, or because a file counts it there. Where
-- all authorities are asked for, every school with a value. Marts of one authority show these schools and no others.
select observations.urn
from {{ ref('observations') }} as observations
cross join {{ ref('stg_parameters') }} as parameters
where
    observations.entity_type = 'school'
    and observations.urn is not null
    and (parameters.la_code = 'all' or observations.la_code = parameters.la_code)
union
select schools.urn
from {{ ref('schools') }} as schools
cross join {{ ref('stg_parameters') }} as parameters
where schools.la_code = parameters.la_code
