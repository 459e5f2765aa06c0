-- The sentences of numbers from which a draft's reason is put together, one row per school and provision: what decides
-- most, the same over three years, disadvantaged pupils, attendance. A sentence whose figure may not be shown in a page
-- (of five pupils or fewer) is not made.
with headlines as (

    select
        school_headlines.*,
        deciding.outcome_domain,
        domains.part,
        measures.unit,
        measures.decimals
    from {{ ref('school_headlines') }} as school_headlines
    inner join {{ ref('deciding_measures') }} as deciding using (provision, measure, pupil_group)
    inner join {{ ref('outcome_domains') }} as domains using (outcome_domain)
    inner join {{ ref('measures') }} as measures using (measure)
    where not school_headlines.is_history

),

showable as (

    -- of the authority's own returns the pupils counted and those left over are held to the same least
    select
        *,
        status = 'reported'
        and coalesce(cohort_n, {{ policy('shown_above_n') }} + 1) > {{ policy('shown_above_n') }}
        and (
            release is distinct from 'local_unvalidated'
            or (
                cohort_n is not null
                and least(round(value * cohort_n / 100), cohort_n - round(value * cohort_n / 100))
                > {{ policy('shown_above_n') }}
            )
        ) as is_shown,
        pooled_3y_value is not null and pooled_3y_n > {{ policy('shown_above_n') }} as is_pool_shown,
        len(string_split(pooled_years, ', ')) as pooled_n_years
    from headlines

),

runs as (

    -- the values of the pooled years, oldest first, so that nobody calls 57, 45, 41 steady
    select
        showable.urn,
        showable.measure,
        showable.pupil_group,
        string_agg(
            {{ fixed_number('benchmarks.value', 'showable.decimals') }}, ', ' order by benchmarks.academic_year
        ) as run,
        count(*) as years_n
    from showable
    inner join {{ ref('benchmarks') }} as benchmarks
        on
            benchmarks.entity_type = 'school'
            and showable.urn = benchmarks.urn
            and showable.measure = benchmarks.measure
            and showable.pupil_group = benchmarks.pupil_group
            and list_contains(string_split(showable.pooled_years, ', '), benchmarks.academic_year)
    where
        benchmarks.status = 'reported'
        and coalesce(benchmarks.cohort_n, {{ policy('shown_above_n') }} + 1) > {{ policy('shown_above_n') }}
    group by all

),

foremost as (

    -- what decides most: of the attainment measures the first with anything to show
    select *
    from showable
    where part = 'attainment' and pupil_group = 'all' and (is_shown or is_pool_shown)
    qualify row_number() over (partition by urn, provision order by place) = 1

),

fewer as (

    select *
    from showable
    where part = 'disadvantaged' and (is_shown or is_pool_shown)
    qualify row_number() over (partition by urn, provision order by place) = 1

),

absences as (

    select *
    from showable
    where part = 'attendance' and is_shown
    qualify row_number() over (partition by urn, provision order by place desc) = 1

)

select
    schools.urn,
    provisions.provision,
    case when foremost.is_shown then foremost.sentence end as lead_sentence,
    case when foremost.is_pool_shown and runs.years_n > 1 then
        case
            when foremost.is_shown then printf('Over %s years it is ', {{ count_in_words('runs.years_n') }})
            else printf('%s over %s years: ', foremost.measure_title, {{ count_in_words('runs.years_n') }})
        end
        || {{ pool_in_words('foremost') }}
        || concat_ws('; ', ' (' || runs.run, 'England ' || {{ pooled_national('foremost') }})
        || ')'
        || coalesce(
            ', in the ' || {{ fifth_in_words('axes.similar_schools_fifth') }} || ' fifth of similar schools', ''
        )
        || '.'
    end as three_years_sentence,
    case
        when fewer.is_pool_shown and fewer.pooled_n_years > 1
            then
                printf('%s%s: ', upper(left(pairs.title, 1)), substr(pairs.title, 2))
                || {{ pool_in_words('fewer', counted='') }}
                || printf(' over %s years', {{ count_in_words('fewer.pooled_n_years') }})
                || coalesce(' (England ' || {{ pooled_national('fewer') }} || ')', '')
                || '.'
        when fewer.is_shown then fewer.sentence
    end as disadvantaged_sentence,
    absences.sentence as attendance_sentence
from {{ ref('int_review_schools') }} as schools
cross join (select distinct provision from {{ ref('deciding_measures') }}) as provisions
left join foremost on schools.urn = foremost.urn and provisions.provision = foremost.provision
left join runs
    on foremost.urn = runs.urn and foremost.measure = runs.measure and foremost.pupil_group = runs.pupil_group
left join fewer on schools.urn = fewer.urn and provisions.provision = fewer.provision
left join {{ ref('group_pairs') }} as pairs on fewer.pupil_group = pairs.pupil_group
left join absences on schools.urn = absences.urn and provisions.provision = absences.provision
left join {{ ref('int_rating_axes') }} as axes
    on
        schools.urn = axes.urn
        and provisions.provision = axes.provision
        and axes.moved_case = 'as published'
where foremost.urn is not null or fewer.urn is not null or absences.urn is not null
