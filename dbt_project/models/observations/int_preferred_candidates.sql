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

),

keyed as (

    select
        *,
        {{ small_key(['entity_type', 'entity_code', 'basis']) }} as who,
        {{ small_key(['measure', 'pupil_group', 'academic_year']) }} as topic
    from candidates

),

-- most values are held once: only where several may be meant are the candidates set in order
rivals as (

    select who, topic
    from keyed
    group by who, topic
    having count(*) > 1

)

select * exclude (who, topic)
from keyed
anti join rivals using (who, topic)
union all
select * exclude (who, topic)
from keyed
semi join rivals using (who, topic)
qualify row_number() over (
    partition by who, topic
    order by
        release_rank desc,
        (status not in ('blank', 'unrecognised')) desc,
        is_carried,
        preference,
        published_on desc,
        (scope = 'england') desc,
        file_id,
        line,
        source_column
) = 1
