-- The share of schools and of early-years settings at or above the line of each inspection series, for every authority and
-- for England, as candidates for observations: one row per snapshot file. England is the sum of an England file.
with counted as (

    select 'schools' as inspected, la_code, academic_year, snapshot_on, series, area, judged_n, at_or_above_n, file_id
    from {{ ref('int_schools_inspected') }}

    union all

    select 'settings', la_code, academic_year, snapshot_on, series, area, judged_n, at_or_above_n, file_id
    from {{ ref('int_settings_inspected') }}
    where provider_type = 'all'

),

files as (

    select files.*, releases.release_rank
    from {{ ref('stg_files') }} as files
    inner join {{ ref('releases') }} as releases using (release)

),

areas as (

    select 'la' as entity_type, la_code as entity_code, la_code, inspected, academic_year, series, area, judged_n, at_or_above_n, file_id
    from counted
    where la_code is not null

    union all

    select 'country', 'ENG', null, counted.inspected, counted.academic_year, counted.series, counted.area, sum(counted.judged_n), sum(counted.at_or_above_n), counted.file_id
    from counted
    inner join files using (file_id)
    where files.scope = 'england'
    group by all

)

select
    areas.entity_type,
    areas.entity_code,
    'state_funded' as basis,
    areas.la_code,
    areas.academic_year,
    series.measure,
    'all' as pupil_group,
    round(100.0 * areas.at_or_above_n / nullif(areas.judged_n, 0), 4) as value,
    case when areas.judged_n > 0 then 'reported' else 'no_pupils' end as status,
    printf('%d of %d', cast(areas.at_or_above_n as bigint), cast(areas.judged_n as bigint)) as raw_value,
    cast(areas.at_or_above_n as double) as published_numerator,
    cast(areas.judged_n as double) as denominator,
    false as is_denominator_estimated,
    cast(null as double) as published_lower_ci,
    cast(null as double) as published_upper_ci,
    false as is_carried,
    files.source,
    files.academic_year as folder_academic_year,
    files.release,
    files.release_rank,
    files.preference,
    files.scope,
    files.published_on,
    areas.file_id,
    0 as line,
    'counted from the rows of ' || areas.inspected as source_column
from areas
inner join {{ ref('inspection_series') }} as series using (inspected, series, area)
inner join files using (file_id)
