-- Each intervention with every headline measure of its school: the last year before it, the first that can show an
-- effect after it, and the same two years at similar schools that had no support, so far as anybody noted. Before: the
-- newest reported academic year that ended before the one it started in. After: later than the year it started in and
-- not before it ended; while it goes on, the newest. Results of the year itself are neither.
{% set key = 'urn, intervention, started_on' -%}
with interventions as (

    select
        interventions.*,
        schools.school_kind,
        parameters.reference_on,
        case when interventions.ended_on <= parameters.reference_on then interventions.ended_on end as over_on,
        -- an academic year is named by the summer it ends in, and starts in September
        year(interventions.started_on)
        + case when month(interventions.started_on) >= 9 then 1 else 0 end as start_year_end
    from {{ ref('stg_local_interventions') }} as interventions
    cross join {{ ref('stg_parameters') }} as parameters
    left join {{ ref('schools') }} as schools using (urn)
    where interventions.started_on <= parameters.reference_on

),

headline as (

    select
        vals.urn, vals.measure, measures.title as measure_title, measures.unit, measures.decimals, measures.polarity,
        measures.minimum_cohort, measures.interval_method, measures.overdispersion, vals.academic_year,
        {{ year_end('vals.academic_year') }} as year_end, vals.value, vals.denominator as cohort_n, vals.status
    from {{ ref('int_school_values') }} as vals
    inner join {{ ref('measures') }} as measures using (measure)
    where vals.pupil_group = 'all' and measures.is_headline and measures.polarity != 0

),

own as (

    select interventions.*, headline.* exclude (urn)
    from interventions
    inner join headline using (urn)
    where headline.status != 'not_applicable'

),

measured as (

    select distinct
        {{ key }},
        school_kind,
        start_year_end,
        over_on,
        measure,
        measure_title,
        unit,
        decimals,
        polarity,
        minimum_cohort,
        interval_method,
        overdispersion
    from own

),

before as (

    select
        {{ key }},
        measure,
        academic_year as before_year,
        year_end as before_year_end,
        value as before_value,
        cohort_n as before_n
    from own
    where
        year_end < start_year_end
        and year_end >= start_year_end - {{ policy('intervention_years_before') }}
        and status = 'reported'
    qualify row_number() over (partition by {{ key }}, measure order by year_end desc) = 1

),

after as (

    select
        {{ key }},
        measure,
        academic_year as after_year,
        year_end as after_year_end,
        value as after_value,
        cohort_n as after_n
    from own
    where
        year_end > start_year_end
        and status = 'reported'
        and year_end >= coalesce(year(over_on) + case when month(over_on) >= 9 then 1 else 0 end, 0)
    qualify row_number() over (
        partition by {{ key }}, measure
        order by case when over_on is null then -year_end else year_end end
    ) = 1

),

beside as (

    select measured.*, before.* exclude ({{ key }}, measure), after.* exclude ({{ key }}, measure)
    from measured
    left join before using ({{ key }}, measure)
    left join after using ({{ key }}, measure)

),

-- every school of the kind with both years that had no support noted in between, similar or not
others as (

    select
        beside.urn, beside.intervention, beside.started_on, beside.measure,
        then_values.urn as other_urn,
        cast(then_values.value as decimal(18, 4)) as before_value,
        cast(now_values.value as decimal(18, 4)) as after_value,
        alike.similar_urn is not null as is_similar
    from beside
    inner join headline as then_values
        on beside.measure = then_values.measure and beside.before_year_end = then_values.year_end
    inner join headline as now_values
        on
        beside.measure = now_values.measure
        and beside.after_year_end = now_values.year_end
        and then_values.urn = now_values.urn
    inner join {{ ref('schools') }} as schools
        on then_values.urn = schools.urn and schools.school_kind = beside.school_kind and schools.is_state_funded
    left join {{ ref('int_similar_schools') }} as alike
        on beside.urn = alike.urn and then_values.urn = alike.similar_urn
    left join (
        select
            urn,
            min(start_year_end) as first_year_end,
            max(coalesce(year(over_on) + case when month(over_on) >= 9 then 1 else 0 end, 9999)) as last_year_end
        from interventions
        group by urn
    ) as supported
        on
            then_values.urn = supported.urn
            and supported.first_year_end <= beside.after_year_end
            and supported.last_year_end > beside.before_year_end
    where
        then_values.urn != beside.urn
        and supported.urn is null
        and then_values.status = 'reported'
        and now_values.status = 'reported'
        and coalesce(then_values.cohort_n >= beside.minimum_cohort, true)
        and coalesce(now_values.cohort_n >= beside.minimum_cohort, true)

),

comparisons as (

    -- the slope says how much of a school's distance from the rest is still there afterwards; the rest of it is chance
    select
        {{ key }},
        measure,
        count(*) filter (where is_similar) as similar_n,
        sum(before_value) filter (where is_similar)
        / nullif(count(*) filter (where is_similar), 0) as similar_before_value,
        sum(after_value) filter (where is_similar)
        / nullif(count(*) filter (where is_similar), 0) as similar_after_value,
        count(*) as of_the_kind_n,
        (count(*) * sum(cast(before_value * after_value as decimal(18, 4))) - sum(before_value) * sum(after_value))
        / nullif(
            count(*) * sum(cast(before_value * before_value as decimal(18, 4))) - sum(before_value) * sum(before_value),
            0
        ) as slope
    from others
    group by {{ key }}, measure

)

select
    beside.* exclude (over_on, school_kind),
    coalesce(comparisons.similar_n, 0) as similar_n,
    round(comparisons.similar_before_value, 4) as similar_before_value,
    round(comparisons.similar_after_value, 4) as similar_after_value,
    coalesce(comparisons.of_the_kind_n, 0) as of_the_kind_n,
    round(comparisons.slope, 6) as slope
from beside
left join comparisons using ({{ key }}, measure)
