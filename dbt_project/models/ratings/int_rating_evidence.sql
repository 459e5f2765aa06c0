-- The values that a rating is decided from, by provision and domain of outcome; attendance is a domain of its own.
-- One row per school and deciding measure (seed deciding_measures), whether or not the value could be seen, and whether
-- or not a file has a row of it.
with schools as (

    select * from {{ ref('int_review_schools') }}

),

kinds as (

    select * from {{ ref('school_kinds') }}

),

cohorts as (

    select * from {{ ref('sixth_form_cohorts') }}

),

largest_cohorts as (

    -- a sixth form is judged on its largest cohort; of two equally large the first of the seed
    select observations.urn, cohorts.cohort
    from {{ ref('observations') }} as observations
    inner join {{ ref('stg_parameters') }} as parameters on observations.academic_year = parameters.review_academic_year
    inner join cohorts on observations.measure = cohorts.pupils_measure
    where
        observations.pupil_group = 'all'
        and observations.status = 'reported'
        and observations.entity_type = 'school'
    qualify row_number() over (
        partition by observations.urn
        order by observations.value desc, cohorts.cohort_order
    ) = 1

),

due as (

    -- what decides for each school; a sixth form whose cohorts nobody has counted is judged on the first of the seed
    select schools.urn, schools.school_kind, deciding.* exclude (needs, cohort, strategy_paragraph, authority)
    from schools
    inner join kinds on schools.school_kind = kinds.school_kind
    cross join {{ ref('deciding_measures') }} as deciding
    left join largest_cohorts on schools.urn = largest_cohorts.urn
    where
        case deciding.needs
            when 'has_early_years' then schools.has_early_years and kinds.is_mainstream
            when 'has_sixth_form' then schools.has_sixth_form and kinds.is_mainstream
            when 'is_ks1_comparable' then kinds.is_ks1_comparable
            when 'is_ks2_comparable' then kinds.is_ks2_comparable
            when 'is_ks4_comparable' then kinds.is_ks4_comparable
            when 'attendance_basis' then kinds.attendance_basis is not null
        end
        and (
            deciding.cohort is null
            or deciding.cohort = coalesce(
                largest_cohorts.cohort, (select arg_min(cohort, cohort_order) from cohorts)
            )
        )

),

placed as (

    select vals.*, due.provision, due.outcome_domain
    from due
    inner join {{ ref('int_review_measures') }} as vals using (urn, measure, pupil_group)
    where vals.years_back <= {{ policy('oldest_outcome_years') }}

),

published as (

    -- published for some school of the kind: a school without it is not seen whole
    select distinct
        school_kind, provision, outcome_domain, measure, pupil_group, key_stage, unit, polarity, margin, well_margin,
        minimum_cohort, interval_method
    from placed
    where status = 'reported'

),

missing as (

    -- such a school whose files have no row of it at all
    select due.urn, published.*, 'not_held' as status
    from due
    inner join published using (school_kind, provision, outcome_domain, measure, pupil_group)
    anti join placed using (urn, provision, measure, pupil_group)

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
