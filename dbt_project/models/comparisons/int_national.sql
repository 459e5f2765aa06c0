-- National values on the basis each school or LA is compared with.
select
    academic_year,
    measure,
    pupil_group,
    basis,
    value,
    denominator,
    release,
    source,
    file_id,
    source_column,
    doubt
from {{ ref('observations') }}
where entity_type = 'country' and status = 'reported'
