-- The Joint Annual Performance Review's indicators for the county, one row per KPI and academic year.
with kpis as (

    select * from {{ ref('kpis') }}

),

parameters as (

    select * from {{ ref('stg_parameters') }}

),

las as (

    select benchmarks.*
    from {{ ref('benchmarks') }} as benchmarks
    cross join parameters
    where benchmarks.entity_type = 'la' and (parameters.la_code = 'all' or benchmarks.entity_code = parameters.la_code)

),

gaps as (

    select gaps.*
    from {{ ref('gaps') }} as gaps
    cross join parameters
    where gaps.entity_type = 'la' and (parameters.la_code = 'all' or gaps.entity_code = parameters.la_code)

),

national_gaps as (

    select measure, academic_year, gap_type, basis, gap as national_gap
    from {{ ref('gaps') }}
    where entity_type = 'country'

),

valued as (

    select
        kpis.*, las.entity_code as la_code, las.academic_year, las.value, las.national_value, las.status, las.release,
        las.la_rank, las.la_count, las.la_quartile, las.file_id, las.line, las.source_column, measures.unit, measures.polarity, measures.decimals
    from kpis
    inner join las on kpis.measure = las.measure and kpis.pupil_group = las.pupil_group and kpis.basis = las.basis
    inner join {{ ref('measures') }} as measures on kpis.measure = measures.measure
    where coalesce(kpis.gap_type, '') = ''

    union all by name

    select
        kpis.*, gaps.entity_code as la_code, gaps.academic_year, gaps.gap as value, national_gaps.national_gap as national_value,
        gaps.status, gaps.release, gaps.file_id, 'points' as unit, measures.polarity, measures.decimals,
        cast(null as bigint) as la_rank
    from kpis
    inner join gaps on kpis.measure = gaps.measure and kpis.gap_type = gaps.gap_type and kpis.basis = gaps.basis
    inner join {{ ref('measures') }} as measures on kpis.measure = measures.measure
    left join national_gaps
        on kpis.measure = national_gaps.measure and kpis.gap_type = national_gaps.gap_type
        and kpis.basis = national_gaps.basis and gaps.academic_year = national_gaps.academic_year
    where kpis.gap_type is not null

),

with_previous as (

    select now.*, previous.value as previous_value
    from valued as now
    left join valued as previous
        on now.kpi = previous.kpi and now.la_code = previous.la_code and previous.status = 'reported'
        and {{ year_end('now.academic_year') }} - 1 = {{ year_end('previous.academic_year') }}

)

select
    kpi,
    title,
    priority,
    la_code,
    academic_year,
    value,
    previous_value,
    round(value - previous_value, decimals) as change,
    national_value,
    round(value - national_value, decimals) as difference,
    cast(null as double) as neighbour_mean,
    la_rank,
    la_count,
    la_quartile,
    cast(null as double) as target,
    'no target held' as target_status,
    release,
    basis,
    case
        when status != 'reported' then printf('%s: no value for %s (%s).', title, academic_year, replace(status, '_', ' '))
        else printf('%s was %s in %s', title, {{ plain_number('value', 'decimals') }}, academic_year)
            || case
                when national_value is null then ', with no England value held'
                when round(value - national_value, decimals) = 0 then ', the same as England'
                else ', ' || {{ plain_number('abs(value - national_value)', 'decimals') }}
                    || case when value > national_value then ' above' else ' below' end
                    || ' England (' || {{ plain_number('national_value', 'decimals') }} || ')'
            end
            || coalesce('; the year before it was ' || {{ plain_number('previous_value', 'decimals') }}, '; there is no value for the year before')
            || '.'
    end as commentary,
    status,
    file_id,
    line,
    source_column
from with_previous
