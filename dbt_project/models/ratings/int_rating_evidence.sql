-- The values that a rating is decided from, by provision and domain of outcome; attendance is a domain of its own.
-- One row per school, provision, measure and group, whether or not the value could be seen, and whether or not a file has
-- a row of it.
with schools as (

    select * from {{ ref('int_review_schools') }}

),

kinds as (

    select * from {{ ref('school_kinds') }}

),

sixth_form_cohorts as (

    -- a sixth form is judged on its largest cohort
    select urn, arg_max(replace(measure, '_pupils_n', ''), number) as largest_cohort
    from (
        select observations.urn, observations.measure, observations.value as number
        from {{ ref('observations') }} as observations
        inner join {{ ref('stg_parameters') }} as parameters on observations.academic_year = parameters.review_academic_year
        where
            observations.measure in ('ks5_alevel_pupils_n', 'ks5_applied_general_pupils_n', 'ks5_tech_level_pupils_n')
            and observations.pupil_group = 'all'
            and observations.status = 'reported'
            and observations.entity_type = 'school'
    )
    group by urn

),

placed as (

    select
        vals.*,
        case
            when vals.key_stage = 'ks5' then 'post_16'
            when vals.key_stage = 'eyfs' then 'early_years'
            else 'whole_school'
        end as provision,
        case
            when vals.domain = 'attendance' then 'attendance'
            when vals.pupil_group = 'disadvantaged' then 'disadvantaged'
            when vals.pupil_group = 'fsm' then 'free_school_meals'
            when vals.measure like '%value_added' then 'value_added'
            when vals.domain = 'progress' then 'progress'
            else 'attainment'
        end as outcome_domain
    from {{ ref('int_review_measures') }} as vals
    inner join schools using (urn)
    inner join kinds on schools.school_kind = kinds.school_kind
    left join sixth_form_cohorts using (urn)
    where
        vals.is_scored
        and vals.years_back <= {{ policy('oldest_outcome_years') }}
        and (
            vals.pupil_group = 'all'
            -- a sixth form's disadvantaged students are too few to stand as a domain of their own
            or (vals.pupil_group = 'disadvantaged' and vals.key_stage in ('ks2', 'ks4'))
            -- the authority's own returns of the youngest know free school meals, not disadvantage
            or (vals.pupil_group = 'fsm' and vals.key_stage in ('eyfs', 'ks1'))
        )
        and case vals.key_stage
            when 'eyfs' then schools.has_early_years
            when 'ks1' then kinds.is_ks1_comparable
            when 'ks2' then kinds.is_ks2_comparable
            when 'ks4' then kinds.is_ks4_comparable and vals.domain != 'destinations'
            when 'ks5' then kinds.is_mainstream and (
                vals.measure = 'ks5_retained_pct'
                or starts_with(vals.measure, coalesce(sixth_form_cohorts.largest_cohort, 'ks5_alevel'))
            )
            else vals.domain = 'attendance' and kinds.attendance_basis is not null
        end

),

published as (

    -- published for some school of the kind: a school without it is not seen whole
    select distinct
        school_kind, provision, outcome_domain, measure, pupil_group, key_stage, unit, polarity, margin, well_margin,
        minimum_cohort, interval_method, overdispersion
    from placed
    where status = 'reported'

),

missing as (

    -- such a school whose files have no row of it at all
    select schools.urn, published.*, 'not_held' as status
    from schools
    inner join published using (school_kind)
    anti join placed using (urn, provision, measure, pupil_group)
    left join sixth_form_cohorts using (urn)
    where case published.provision
        when 'early_years' then schools.has_early_years
        when 'post_16' then schools.has_sixth_form and (
            published.measure = 'ks5_retained_pct'
            or starts_with(published.measure, coalesce(sixth_form_cohorts.largest_cohort, 'ks5_alevel'))
        )
        else true
    end

),

deciding as (

    select * from placed
    union all by name
    select * from missing

)

select
    deciding.*,
    context.similar_values,
    published.measure is not null as is_published_for_kind
from deciding
left join published using (school_kind, provision, measure, pupil_group)
left join {{ ref('int_review_context') }} as context
    on deciding.urn = context.urn and deciding.measure = context.measure and deciding.pupil_group = 'all'
