-- Each review school's value of every measure and group in the newest published year, with what went before it: a pool
-- of the two years before (for a fall), and of the newest two years beside the year before them (for an improvement).
with schools as (

    select * from {{ ref('int_review_schools') }}

),

years as (

    select * from {{ ref('int_measure_years') }}

),

benchmarks as (

    select benchmarks.*, schools.sector, {{ year_end('benchmarks.academic_year') }} as year_end
    from {{ ref('benchmarks') }} as benchmarks
    inner join schools on benchmarks.urn = schools.urn
    where benchmarks.entity_type = 'school'

),

newest as (

    -- the newest published year; a school's own newer return stands in for it, and of that school alone
    select benchmarks.*
    from benchmarks
    inner join years
        on
            benchmarks.measure = years.measure
            and benchmarks.sector is not distinct from years.sector
            and (
                benchmarks.academic_year = years.latest_academic_year
                or (
                    benchmarks.release = 'local_unvalidated'
                    and benchmarks.status = 'reported'
                    and benchmarks.academic_year between years.latest_academic_year and years.review_academic_year
                )
            )
    qualify
        row_number()
            over (
                partition by benchmarks.urn, benchmarks.measure, benchmarks.pupil_group
                order by benchmarks.academic_year desc
            )
        = 1

),

beside as (

    -- each newest value with the reported years up to it
    select
        newest.urn,
        newest.measure,
        newest.pupil_group,
        newest.year_end - earlier.year_end as years_before,
        earlier.verdict,
        earlier.value,
        {{ of_whole_pupils('earlier.value', 'earlier.cohort_n', 'measures') }} as pooled_value,
        earlier.national_value,
        earlier.cohort_n,
        earlier.is_predecessor
    from newest
    inner join benchmarks as earlier
        on newest.urn = earlier.urn and newest.measure = earlier.measure and newest.pupil_group = earlier.pupil_group
        and earlier.year_end <= newest.year_end
    inner join {{ ref('measures') }} as measures on newest.measure = measures.measure
    where earlier.status = 'reported'

),

history as (

    select
        urn,
        measure,
        pupil_group,
        count(*) filter (where verdict = 'below' and years_before < 3) as years_below_of_three,
        count(*) filter (where years_before < 3) as years_reported,
        max(value) filter (where years_before = 1) as previous_value,
        {% for pool, years in [
            ('earlier_pooled', 'filter (where years_before between 1 and 2)'),
            ('recent_pooled', 'filter (where years_before between 0 and 1)'),
        ] -%}
        {{ pooled_or_mean('pooled_value', 'cohort_n', years) }} as {{ pool }}_value,
        {{ pooled_or_mean('national_value', 'cohort_n', years) }} as {{ pool }}_national_value,
        sum(cohort_n) {{ years }} as {{ pool }}_n,
        {% endfor -%}
        max(value) filter (where years_before = 2) as base_value,
        max(national_value) filter (where years_before = 2) as base_national_value,
        max(cohort_n) filter (where years_before = 2) as base_n,
        count(*) filter (where years_before in (0, 1)) as recent_years_n,
        bool_or(is_predecessor and years_before < 3) as has_predecessor_years
    from beside
    group by urn, measure, pupil_group

),

stated as (

    select
        schools.review_year,
        schools.review_academic_year,
        schools.urn,
        schools.school_kind,
        newest.measure,
        newest.pupil_group,
        newest.academic_year,
        schools.review_year - newest.year_end as years_back,
        newest.value,
        newest.cohort_n,
        newest.lower_ci,
        newest.upper_ci,
        newest.national_value,
        newest.compared_with,
        round(newest.value - newest.compared_with, 4) as difference,
        newest.verdict,
        newest.is_set_against_national,
        newest.status,
        newest.quintile,
        newest.percentile_rank,
        newest.percentile_note,
        newest.pooled_3y_value,
        newest.pooled_3y_n,
        newest.pooled_years,
        newest.pooled_years_n,
        newest.pooled_3y_national_value,
        measures.unit,
        measures.polarity,
        measures.decimals,
        measures.margin,
        measures.well_margin,
        measures.minimum_cohort,
        measures.domain,
        measures.is_scored,
        measures.key_stage,
        measures.interval_method,
        newest.overdispersion,
        {{ wilson('newest.pooled_3y_value', 'newest.pooled_3y_n', 'newest.overdispersion', -1) }} as pooled_lower,
        {{ wilson('newest.pooled_3y_value', 'newest.pooled_3y_n', 'newest.overdispersion', 1) }} as pooled_upper,
        history.years_below_of_three,
        coalesce(history.years_reported, 0) as years_reported,
        history.previous_value,
        round(history.earlier_pooled_value, 4) as earlier_pooled_value,
        round(history.earlier_pooled_national_value, 4) as earlier_pooled_national_value,
        history.earlier_pooled_n as earlier_n,
        case when history.recent_years_n = 2 then round(history.recent_pooled_value, 4) end as recent_pooled_value,
        round(history.recent_pooled_national_value, 4) as recent_pooled_national_value,
        history.recent_pooled_n as recent_n,
        history.base_value,
        history.base_national_value,
        history.base_n,
        coalesce(history.has_predecessor_years, newest.is_predecessor) as uses_predecessor_years,
        newest.release,
        newest.is_predecessor,
        newest.file_id,
        newest.line,
        newest.source_column
    from schools
    inner join newest on schools.urn = newest.urn
    inner join {{ ref('measures') }} as measures on newest.measure = measures.measure
    left join history
        on newest.urn = history.urn and newest.measure = history.measure and newest.pupil_group = history.pupil_group

)

select
    * exclude (pooled_lower, pooled_upper, is_set_against_national),
    -- a score without an interval has none over years either: its newest year, with its fifth of the nation, decides
    case when interval_method != 'none' and is_set_against_national then
        {{ verdict(
            'pooled_3y_value', 'pooled_3y_n', 'pooled_3y_national_value', 'pooled_lower', 'pooled_upper', 'null', 'stated'
        ) }}
    end as pooled_verdict,
    -- the change since the two years before, with the national change over the same years taken off
    round((value - earlier_pooled_value) - coalesce(national_value - earlier_pooled_national_value, 0), 4)
        as change_net_of_national,
    {{ is_more_than_chance(
        '((value - earlier_pooled_value) - coalesce(national_value - earlier_pooled_national_value, 0))',
        'value', 'cohort_n', 'earlier_pooled_value', 'earlier_n', 'stated') }} as is_change_significant
from stated
