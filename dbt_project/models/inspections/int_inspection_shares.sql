-- The share of schools, of their pupils and of early-years settings at or above the line of each inspection series, for
-- every authority and for England, as candidates for observations: one row per snapshot file. England is the sum of an
-- England file. Where too few of the schools judged have a published roll, no share of pupils is made.
with schools as (

    select * from {{ ref('int_judgement_counts') }}

),

counted as (

    select
        'schools' as inspected, la_code, academic_year, snapshot_on, series, area, file_id, judged_n, at_or_above_n,
        judged_n as schools_n, of_predecessors_n, 0 as without_roll_n, cast(null as varchar) as without_roll
    from schools

    union all

    select
        'pupils', la_code, academic_year, snapshot_on, series, area, file_id, judged_pupils_n, at_or_above_pupils_n,
        judged_n, of_predecessors_n, without_roll_n, without_roll
    from schools

    union all

    select
        'settings', la_code, academic_year, snapshot_on, series, area, file_id, judged_n, at_or_above_n,
        judged_n, 0, 0, null
    from {{ ref('int_setting_counts') }}
    where provider_type = 'all'

),

files as (

    select files.*, releases.release_rank
    from {{ ref('stg_files') }} as files
    inner join {{ ref('releases') }} as releases using (release)

),

areas as (

    select 'la' as entity_type, la_code as entity_code, * exclude (snapshot_on)
    from counted
    where la_code is not null

    union all by name

    -- the schools of the nation without a roll are counted, not named
    select
        'country' as entity_type,
        'ENG' as entity_code,
        counted.inspected,
        counted.academic_year,
        counted.series,
        counted.area,
        counted.file_id,
        cast(sum(counted.judged_n) as bigint) as judged_n, cast(sum(counted.at_or_above_n) as bigint) as at_or_above_n,
        cast(sum(counted.schools_n) as bigint) as schools_n,
        cast(sum(counted.of_predecessors_n) as bigint) as of_predecessors_n,
        cast(sum(counted.without_roll_n) as bigint) as without_roll_n
    from counted
    inner join files using (file_id)
    where files.scope = 'england'
    group by all

),

judged as (

    select *, 100.0 * (schools_n - without_roll_n) < {{ policy('least_rolls_pct') }} * schools_n as has_too_few_rolls
    from areas

)

select
    judged.entity_type,
    judged.entity_code,
    'state_funded' as basis,
    judged.la_code,
    judged.academic_year,
    series.measure,
    'all' as pupil_group,
    case
        when not judged.has_too_few_rolls then round(100.0 * judged.at_or_above_n / nullif(judged.judged_n, 0), 4)
    end as value,
    case
        when judged.has_too_few_rolls then 'low_coverage' when judged.judged_n > 0 then 'reported' else 'no_pupils'
    end as status,
    printf('%d of %d', judged.at_or_above_n, judged.judged_n) as raw_value,
    cast(judged.at_or_above_n as double) as published_numerator,
    cast(judged.judged_n as double) as denominator,
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
    judged.file_id,
    0 as line,
    'counted from the rows of ' || judged.inspected as source_column,
    'It counts ' || case when judged.inspected = 'pupils' then format('{:,} pupils of ', judged.judged_n) else '' end
        || format('{:,} ', judged.schools_n)
        || case when judged.inspected = 'settings' then 'setting' else 'school' end
        || case when judged.schools_n = 1 then '' else 's' end
        || ' with such a judgement'
        || case
            when
                judged.of_predecessors_n > 0
                then format(', {:,} of them by a predecessor''s inspection', judged.of_predecessors_n)
            else ''
        end
        || case
            when
                judged.without_roll_n > 0
                then format('; the pupils of {:,} are left out, without a published roll', judged.without_roll_n)
            else ''
        end
        || '.' as coverage,
    judged.without_roll as left_out
from judged
inner join {{ ref('inspection_series') }} as series using (inspected, series, area)
inner join files using (file_id)
