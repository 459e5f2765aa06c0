-- Pupils on roll of each school and year as the school census publishes them: one row per school and year. Read before
-- the observations, because the pupil-weighted inspection shares become observations.
select
    entity_code as urn,
    academic_year,
    value as pupils_n
from {{ ref('int_candidates') }}
where entity_type = 'school' and measure = 'pupils_n' and pupil_group = 'all' and status = 'reported' and value > 0
qualify row_number() over (
    partition by entity_code, academic_year
    order by release_rank desc, preference, published_on desc, file_id, line, source_column
) = 1
