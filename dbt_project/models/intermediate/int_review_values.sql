-- Each review school's value of every measure and group in the newest published year, with what went before it.
with schools as (

    select * from {{ ref('int_review_schools') }}

),

years as (

    select * from {{ ref('int_measure_years') }}

),

benchmarks as (

    select benchmarks.*, {{ year_end('benchmarks.academic_year') }} as year_end
    from {{ ref('benchmarks') }} as benchmarks
    inner join schools on benchmarks.urn = schools.urn
    where benchmarks.entity_type = 'school'

),

history as (

    select
        now.urn,
        now.measure,
        now.pupil_group,
        now.academic_year,
        count(*) filter (where earlier.verdict = 'below' and earlier.year_end > now.year_end - 3) as years_below_of_three,
        count(*) filter (where earlier.status = 'reported' and earlier.year_end > now.year_end - 3) as years_reported,
        sum(cast(earlier.value * earlier.cohort_n as decimal(18, 4))) filter (where earlier.year_end between now.year_end - 2 and now.year_end - 1 and earlier.status = 'reported')
            / nullif(sum(cast(earlier.cohort_n as decimal(18, 4))) filter (where earlier.year_end between now.year_end - 2 and now.year_end - 1 and earlier.status = 'reported'), 0)
            as earlier_pooled_value,
        sum(cast(earlier.national_value * earlier.cohort_n as decimal(18, 4))) filter (where earlier.year_end between now.year_end - 2 and now.year_end - 1 and earlier.status = 'reported')
            / nullif(sum(cast(earlier.cohort_n as decimal(18, 4))) filter (where earlier.year_end between now.year_end - 2 and now.year_end - 1 and earlier.status = 'reported' and earlier.national_value is not null), 0)
            as earlier_pooled_national_value,
        sum(earlier.cohort_n) filter (where earlier.year_end between now.year_end - 2 and now.year_end - 1 and earlier.status = 'reported') as earlier_n,
        bool_or(earlier.is_predecessor and earlier.status = 'reported' and earlier.year_end > now.year_end - 3) as has_predecessor_years
    from benchmarks as now
    inner join benchmarks as earlier
        on now.urn = earlier.urn and now.measure = earlier.measure and now.pupil_group = earlier.pupil_group
        and earlier.year_end <= now.year_end
    group by all

)

select
    schools.review_year,
    schools.review_academic_year,
    schools.urn,
    schools.school_kind,
    benchmarks.measure,
    benchmarks.pupil_group,
    benchmarks.academic_year,
    schools.review_year - benchmarks.year_end as years_back,
    benchmarks.value,
    benchmarks.cohort_n,
    benchmarks.national_value,
    benchmarks.compared_with,
    round(benchmarks.value - benchmarks.compared_with, 4) as difference,
    benchmarks.verdict,
    benchmarks.status,
    benchmarks.quintile,
    benchmarks.percentile_rank,
    benchmarks.percentile_note,
    benchmarks.pooled_3y_value,
    benchmarks.pooled_3y_n,
    benchmarks.pooled_years,
    benchmarks.pooled_years_n,
    benchmarks.pooled_3y_national_value,
    measures.unit,
    measures.polarity,
    measures.decimals,
    measures.margin,
    measures.well_margin,
    measures.minimum_cohort,
    measures.domain,
    measures.key_stage,
    measures.interval_method,
    measures.overdispersion,
    case
        when benchmarks.pooled_3y_value is null or benchmarks.pooled_3y_national_value is null then null
        when benchmarks.pooled_3y_n < measures.minimum_cohort then 'too_small'
        when measures.interval_method = 'wilson' and (
            {{ wilson('benchmarks.pooled_3y_value', 'benchmarks.pooled_3y_n', 'measures.overdispersion', -1) }} <= benchmarks.pooled_3y_national_value
            and {{ wilson('benchmarks.pooled_3y_value', 'benchmarks.pooled_3y_n', 'measures.overdispersion', 1) }} >= benchmarks.pooled_3y_national_value
        ) then 'in_line'
        when abs(benchmarks.pooled_3y_value - benchmarks.pooled_3y_national_value) <= measures.margin then 'in_line'
        when (benchmarks.pooled_3y_value - benchmarks.pooled_3y_national_value) * measures.polarity < 0 then 'below'
        else 'above'
    end as pooled_verdict,
    history.years_below_of_three,
    history.years_reported,
    round(history.earlier_pooled_value, 4) as earlier_pooled_value,
    history.earlier_n,
    -- the change since the two years before, with the national change over the same years taken off
    round((benchmarks.value - history.earlier_pooled_value)
        - coalesce(benchmarks.national_value - history.earlier_pooled_national_value, 0), 4) as change_net_of_national,
    -- two proportions, each with its own chance of one pupil more or less, widened as the intervals are; a change of a
    -- score has no published interval and is judged by its margin alone
    case
        when measures.unit = 'pct' and measures.interval_method = 'wilson' and benchmarks.cohort_n > 0 and history.earlier_n > 0
            then abs(
                (benchmarks.value - history.earlier_pooled_value)
                - coalesce(benchmarks.national_value - history.earlier_pooled_national_value, 0)
            ) > {{ policy('change_z') }} * sqrt(measures.overdispersion * (
                benchmarks.value * (100 - benchmarks.value) / benchmarks.cohort_n
                + history.earlier_pooled_value * (100 - history.earlier_pooled_value) / history.earlier_n
            ))
    end as is_change_significant,
    coalesce(history.has_predecessor_years, benchmarks.is_predecessor) as uses_predecessor_years,
    benchmarks.release,
    benchmarks.is_predecessor,
    benchmarks.file_id,
    benchmarks.line,
    benchmarks.source_column
from schools
inner join benchmarks on schools.urn = benchmarks.urn
inner join years on benchmarks.measure = years.measure and benchmarks.academic_year = years.latest_academic_year
inner join {{ ref('measures') }} as measures on benchmarks.measure = measures.measure
left join history
    on benchmarks.urn = history.urn and benchmarks.measure = history.measure
    and benchmarks.pupil_group = history.pupil_group and benchmarks.academic_year = history.academic_year
