-- One value per entity, basis, year, measure and group, of all that are held: before intervals, which need to know how
-- far the nation's values move from year to year.
-- Order of preference: release, own year before carried, the catalogue's preferred source, newest publication, England
-- file before LA file;
-- a reported value is never replaced by a blank of the same standing. A year that no publication covers has a row too.
with candidates as (

    select * from {{ ref('int_candidates') }}
    union all by name
    select * from {{ ref('int_published_series') }}
    union all by name
    select * exclude (coverage, left_out) from {{ ref('int_inspection_shares') }}
    union all by name
    select * from {{ ref('int_unpublished_observations') }}

)

select *
from candidates
qualify row_number() over (
    partition by entity_type, entity_code, basis, academic_year, measure, pupil_group
    order by
        release_rank desc,
        (status != 'blank') desc,
        is_carried,
        preference,
        published_on desc,
        (scope = 'england') desc,
        file_id,
        line,
        source_column
) = 1
