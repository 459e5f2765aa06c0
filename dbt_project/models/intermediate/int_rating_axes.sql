-- The four axes of the decision table for each school and provision, and what each was decided from.
-- A domain is judged on three years together where they are published, else on the newest year.
with schools as (

    select * from {{ ref('int_review_schools') }}

),

standing as (

    select * from {{ ref('int_inspection_standing') }}

),

scored as (

    select
        vals.*,
        case when vals.key_stage = 'ks5' then 'post_16' else 'whole_school' end as provision,
        case
            when vals.pupil_group = 'disadvantaged' then 'disadvantaged'
            when vals.key_stage = 'ks5' then case when vals.measure like '%value_added' then 'value_added' else 'attainment' end
            else vals.domain
        end as outcome_domain,
        coalesce(nullif(vals.pooled_verdict, 'too_small'), vals.verdict) as domain_verdict,
        case
            when coalesce(nullif(vals.pooled_verdict, 'too_small'), '') in ('below', 'in_line', 'above') then vals.pooled_3y_value - vals.pooled_3y_national_value
            else vals.difference
        end * vals.polarity as domain_difference
    from {{ ref('int_review_values') }} as vals
    inner join {{ ref('measures') }} as measures using (measure)
    inner join schools using (urn)
    inner join {{ ref('school_kinds') }} as kinds on schools.school_kind = kinds.school_kind
    where
        measures.is_scored
        and measures.domain in ('attainment', 'progress', 'post_16')
        -- a sixth form's disadvantaged students are too few to stand as a domain of their own
        and (vals.pupil_group = 'all' or (vals.pupil_group = 'disadvantaged' and vals.key_stage != 'ks5'))
        and vals.years_back <= {{ policy('oldest_outcome_years') }}
        and (
            (vals.key_stage = 'ks2' and kinds.is_ks2_comparable)
            or (vals.key_stage = 'ks4' and kinds.is_ks4_comparable)
            or vals.key_stage = 'ks5'
        )

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
            and observations.status = 'reported'
            and observations.entity_type = 'school'
    )
    group by urn

),

relevant as (

    select scored.*
    from scored
    left join sixth_form_cohorts using (urn)
    where
        scored.provision = 'whole_school'
        or scored.measure = 'ks5_retained_pct'
        or starts_with(scored.measure, coalesce(sixth_form_cohorts.largest_cohort, 'ks5_alevel'))

),

domains as (

    select
        urn,
        provision,
        outcome_domain,
        bool_or(domain_verdict = 'below') as is_below,
        -- 'over years': a pool of at least two years, or a published interval below in at least two
        bool_or(domain_verdict = 'below' and -domain_difference >= well_margin and greatest(coalesce(pooled_years_n, 0), coalesce(years_below_of_three, 0)) >= {{ policy('years_for_well_below') }}) as is_well_below,
        bool_and(domain_verdict = 'above' and domain_difference >= well_margin) as is_well_above,
        bool_or(domain_verdict = 'above') as is_above,
        bool_or(domain_verdict in ('below', 'in_line', 'above')) as is_visible,
        -- the domain's worst difference: disadvantaged pupils must be at least level for dark green
        min(case when domain_verdict in ('below', 'in_line', 'above') then domain_difference end) as worst_difference,
        bool_or(uses_predecessor_years and domain_verdict in ('below', 'in_line', 'above')) as uses_predecessor_years,
        string_agg(measure || ' ' || pupil_group || ' ' || domain_verdict, '; ' order by measure, pupil_group) as detail
    from relevant
    group by all

),

outcomes as (

    select
        urn,
        provision,
        count(*) filter (where is_visible) as domains_visible,
        count(*) filter (where is_below) as domains_below,
        count(*) filter (where is_well_below) as domains_well_below,
        bool_or(outcome_domain = 'attainment' and is_well_above) as is_attainment_well_above,
        bool_or(outcome_domain = 'attainment' and is_above) as is_attainment_above,
        bool_or(outcome_domain = 'progress' and is_visible and not is_below) as is_progress_not_below,
        bool_or(outcome_domain = 'progress' and is_above) as is_progress_above,
        bool_or(outcome_domain = 'disadvantaged' and is_visible) as is_disadvantaged_visible,
        coalesce(bool_and(worst_difference >= 0) filter (where outcome_domain = 'disadvantaged' and is_visible), true) as is_disadvantaged_level,
        bool_or(uses_predecessor_years) as uses_predecessor_years,
        string_agg(outcome_domain, ', ' order by outcome_domain) filter (where is_below) as domains_below_names,
        string_agg(detail, '; ' order by outcome_domain) as outcome_detail
    from domains
    group by all

),

trajectories as (

    select
        urn,
        provision,
        case
            when bool_or(change_net_of_national * polarity <= -well_margin and coalesce(is_change_significant, true)
                and coalesce((value - national_value) * polarity <= 0, true)) then 'falling'
            when bool_or(change_net_of_national * polarity > margin and coalesce(is_change_significant, change_net_of_national * polarity >= well_margin))
                and not bool_or(change_net_of_national * polarity < -margin) then 'improving'
            when count(change_net_of_national) > 0 then 'steady'
            else 'unknown'
        end as trajectory
    from relevant
    where pupil_group = 'all' and cohort_n >= minimum_cohort
    group by all

),

attendance as (

    select
        urn,
        case when verdict = 'below' then 'below' when verdict in ('in_line', 'above') then 'not_below' else 'not_visible' end as attendance,
        value, national_value, academic_year
    from {{ ref('int_review_values') }}
    where measure = 'absence_persistent_pct' and pupil_group = 'all' and years_back <= {{ policy('oldest_outcome_years') }}

)

select
    schools.review_year,
    schools.review_academic_year,
    standing.urn,
    standing.provision,
    standing.inspection_standing,
    standing.graded_on,
    standing.years_since_graded,
    standing.years_since_any,
    case
        when coalesce(outcomes.domains_visible, 0) = 0 then 'not_visible'
        -- progress that is not below says that low attainment came in with the pupils
        when outcomes.domains_well_below >= {{ policy('domains_for_amber_or_red') }} and not coalesce(outcomes.is_progress_not_below, false) then 'well_below_two'
        when outcomes.domains_below >= {{ policy('domains_for_amber_or_red') }} then 'two_below'
        when outcomes.domains_below > 0 then 'one_below'
        when outcomes.is_attainment_well_above and outcomes.is_disadvantaged_level
            and (selective.urn is null or outcomes.is_progress_above) then 'well_above'
        when outcomes.is_attainment_above or outcomes.is_attainment_well_above then 'above'
        else 'in_line'
    end as outcomes,
    coalesce(attendance.attendance, 'not_visible') as attendance,
    coalesce(trajectories.trajectory, 'unknown') as trajectory,
    coalesce(outcomes.domains_visible, 0) as domains_visible,
    outcomes.domains_below_names,
    coalesce(outcomes.is_disadvantaged_visible, false) as is_disadvantaged_visible,
    coalesce(outcomes.uses_predecessor_years, false) as uses_predecessor_years,
    selective.intake as selective_intake,
    outcomes.outcome_detail
from standing
inner join schools using (urn)
left join outcomes on standing.urn = outcomes.urn and standing.provision = outcomes.provision
left join trajectories on standing.urn = trajectories.urn and standing.provision = trajectories.provision
left join attendance on standing.urn = attendance.urn and standing.provision = 'whole_school'
left join {{ ref('selective_schools') }} as selective
    on
        standing.urn = selective.urn
        and schools.reference_on between selective.valid_from and coalesce(selective.valid_to, schools.reference_on)
