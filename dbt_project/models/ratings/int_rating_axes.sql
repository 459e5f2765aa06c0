-- The four axes of the decision table for each school and provision: as published, and in every case in which one
-- deciding count moves by one pupil. What each axis was decided from stands beside it.
with schools as (

    select * from {{ ref('int_review_schools') }}

),

judged as (

    select * from {{ ref('int_rating_verdicts') }}

),

standing as (

    select * from {{ ref('int_inspection_standing') }}

),

domains as (

    select
        moved_case,
        urn,
        provision,
        outcome_domain,
        bool_or(domain_verdict = 'below') as is_below,
        bool_or(
            domain_verdict = 'below'
            and is_far_below
            and is_newest_behind
            and years_behind_n >= {{ policy('years_for_well_below') }}
        ) as is_well_below,
        bool_and(domain_verdict = 'above' and difference >= well_margin) filter (
            where domain_verdict in ('below', 'in_line', 'above')
        ) as is_well_above,
        bool_or(domain_verdict = 'above') as is_above,
        bool_or(domain_verdict in ('below', 'in_line', 'above')) as is_visible,
        -- published for the kind of school and not seen here; a group too small to show is not missing, it is small
        bool_or(
            is_published_for_kind
            and coalesce(domain_verdict, '') not in ('below', 'in_line', 'above')
            -- a score beside which no distribution is held is seen; other measures of its domain judge
            and not (status = 'reported' and domain_verdict is null)
            and not (
                pupil_group != 'all'
                and (coalesce(domain_verdict, '') = 'too_small' or status in ('suppressed', 'no_pupils'))
            )
        ) as is_partly_missing,
        -- the domain's worst difference: disadvantaged pupils must be at least level for dark green
        min(difference) filter (where domain_verdict in ('below', 'in_line', 'above')) as worst_difference,
        max(years_reported) as years_reported,
        min(similar_fifth) as best_fifth,
        max(similar_fifth) as worst_fifth,
        bool_or(is_fall_still_above) as is_fall_still_above,
        bool_or(uses_predecessor_years and domain_verdict in ('below', 'in_line', 'above')) as uses_predecessor_years,
        string_agg(
            measure || ' ' || pupil_group || ' ' || coalesce(domain_verdict, status), '; ' order by measure, pupil_group
        ) as detail
    from judged
    where outcome_domain != 'attendance'
    group by moved_case, urn, provision, outcome_domain

),

outcomes as (

    select
        moved_case,
        urn,
        provision,
        count(*) filter (where is_visible) as domains_visible,
        count(*) filter (where is_below) as domains_below,
        count(*) filter (where is_well_below) as domains_well_below,
        bool_or(is_partly_missing) as is_partly_missing,
        max(years_reported) as years_reported,
        bool_or(part = 'attainment' and is_below) as is_attainment_below,
        bool_or(part = 'attainment' and is_well_above) as is_attainment_well_above,
        bool_or(part = 'attainment' and is_above) as is_attainment_above,
        bool_or(part = 'attainment' and is_visible) as is_attainment_visible,
        bool_or(part = 'progress' and is_above) as is_progress_above,
        -- what the pupils came in with: progress says it best, else the similar schools
        case
            when bool_or(part = 'progress' and is_visible)
                then bool_or(part = 'progress' and is_below)
            else max(best_fifth) filter (where part = 'attainment') >= {{ policy('low_fifth_of_similar') }}
        end as is_low_in_context,
        coalesce(max(worst_fifth) filter (where part = 'attainment') = 1, false) as is_top_in_context,
        bool_or(part = 'disadvantaged' and is_visible) as is_disadvantaged_visible,
        coalesce(bool_and(worst_difference >= 0) filter (where part = 'disadvantaged' and is_visible), true)
            as is_disadvantaged_level,
        bool_or(uses_predecessor_years) as uses_predecessor_years,
        max(best_fifth) filter (where part = 'attainment') as similar_schools_fifth,
        string_agg(words.plain_words, ', ' order by outcome_domain) filter (where is_below) as domains_below_names,
        string_agg(words.plain_words, ', ' order by outcome_domain) filter (where is_fall_still_above)
            as fell_still_above,
        string_agg(detail, '; ' order by outcome_domain) as outcome_detail
    from domains
    inner join {{ ref('outcome_domains') }} as words using (outcome_domain)
    group by moved_case, urn, provision

),

trajectories as (

    select
        moved_case,
        urn,
        provision,
        case
            when bool_or(direction = 'falling') then 'falling'
            when bool_or(direction = 'improving') then 'improving'
            when count(direction) > 0 then 'steady'
        end as trajectory
    from judged
    where outcome_domain != 'attendance'
    group by moved_case, urn, provision

),

attendance as (

    -- overall and persistent absence together: one of the two says less than both. Similar schools are known for the
    -- persistent alone
    select
        moved_case,
        urn,
        provision,
        case
            when
                bool_and(domain_verdict = 'below') and max(similar_fifth) < {{ policy('low_fifth_of_similar') }}
                then 'below_in_context'
            when bool_and(domain_verdict = 'below') then 'below'
            when bool_or(domain_verdict = 'below') then 'partly_below'
            else 'not_below'
        end as attendance,
        max(academic_year) as attendance_year
    from judged
    where outcome_domain = 'attendance' and domain_verdict in ('below', 'in_line', 'above')
    group by moved_case, urn, provision

),

cases as (

    -- a provision without any deciding value stands as published all the same
    select urn, provision, 'as published' as moved_case from standing
    union
    select urn, provision, moved_case from judged

)

select
    schools.review_year,
    schools.review_academic_year,
    standing.urn,
    standing.provision,
    cases.moved_case,
    standing.inspection_standing,
    standing.graded_on,
    standing.years_since_graded,
    standing.years_since_any,
    case
        when coalesce(outcomes.domains_visible, 0) = 0 then 'not_visible'
        when outcomes.years_reported < {{ policy('least_sets_of_results') }}
            and {{ years_between('schools.open_on', 'schools.reference_on') }} < {{ policy('new_school_years') }}
            then 'new_school'
        when
            outcomes.domains_well_below >= {{ policy('domains_for_amber_or_red') }} and outcomes.is_low_in_context
            then 'well_below_two'
        when
            outcomes.domains_below >= {{ policy('domains_for_amber_or_red') }} and outcomes.is_low_in_context
            then 'two_below_in_context'
        when
            outcomes.domains_below >= {{ policy('domains_for_amber_or_red') }} and outcomes.is_low_in_context is null
            then 'two_below_context_unknown'
        when outcomes.domains_below >= {{ policy('domains_for_amber_or_red') }} then 'two_below'
        when
            outcomes.domains_below > 0 and outcomes.is_attainment_below and not outcomes.is_low_in_context
            then 'one_below_in_line_for_context'
        when outcomes.domains_below > 0 then 'one_below'
        -- very strong asks that all that is published for the kind be seen, that disadvantaged pupils be at least level
        -- with theirs nationally, and of a school that selects its intake that progress be above
        when (outcomes.is_attainment_well_above or (outcomes.is_top_in_context and outcomes.is_attainment_visible))
            and outcomes.is_disadvantaged_level and not outcomes.is_partly_missing
            and (selective.urn is null or outcomes.is_progress_above)
            then case when outcomes.is_attainment_well_above then 'well_above' else 'top_in_context' end
        when outcomes.is_attainment_above or outcomes.is_attainment_well_above then 'above'
        else 'in_line'
    end as outcomes,
    coalesce(attendance.attendance, 'not_visible') as attendance,
    attendance.attendance_year,
    coalesce(trajectories.trajectory, 'unknown') as trajectory,
    outcomes.fell_still_above,
    coalesce(outcomes.domains_visible, 0) as domains_visible,
    coalesce(outcomes.is_partly_missing, true) as is_partly_missing,
    outcomes.domains_below_names,
    coalesce(outcomes.is_disadvantaged_visible, false) as is_disadvantaged_visible,
    outcomes.is_low_in_context,
    outcomes.similar_schools_fifth,
    coalesce(outcomes.uses_predecessor_years, false) as uses_predecessor_years,
    selective.intake as selective_intake,
    outcomes.outcome_detail
from cases
inner join standing on cases.urn = standing.urn and cases.provision = standing.provision
inner join schools on cases.urn = schools.urn
left join outcomes
    on cases.urn = outcomes.urn and cases.provision = outcomes.provision and cases.moved_case = outcomes.moved_case
left join trajectories
    on
        cases.urn = trajectories.urn
        and cases.provision = trajectories.provision
        and cases.moved_case = trajectories.moved_case
left join attendance
    on
        cases.urn = attendance.urn
        and cases.provision = attendance.provision
        and cases.moved_case = attendance.moved_case
left join {{ ref('selective_schools') }} as selective
    on
        standing.urn = selective.urn
        and {{ in_force('selective', 'schools.reference_on') }}
