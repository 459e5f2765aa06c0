-- Support given to schools, before and after, beside similar schools without it, with the part of the change said that
-- comes by itself where a low result is followed by a more usual one.
with outcomes as (

    select
        *,
        similar_n >= {{ policy('similar_schools_least_n') }}
        and of_the_kind_n >= {{ policy('similar_schools_least_n') }} as has_comparison,
        case
            when before_value is null then 'no_result_before'
            when after_value is null then 'no_result_after'
            when coalesce(before_n < minimum_cohort or after_n < minimum_cohort, false) then 'too_small'
            else 'measured'
        end as finding
    from {{ ref('int_intervention_outcomes') }}

),

compared as (

    select
        *,
        after_value - before_value as change,
        case when has_comparison then similar_after_value - similar_before_value end as similar_change,
        -- never more than the whole distance and never away from the rest
        case
            when
                has_comparison and slope is not null
                then (least(greatest(slope, 0), 1) - 1) * (before_value - similar_before_value)
        end as regression_change
    from outcomes
    where finding = 'measured'

),

judged as (

    select
        *,
        change - similar_change - regression_change as change_beyond,
        case
            when unit = 'pct' and interval_method = 'wilson' and before_n > 0 and after_n > 0
                then
                    {{ policy('change_z') }}
                    * sqrt(
                        overdispersion
                        * (
                            {{ spread_of_percentage('before_value', 'before_n') }}
                            + {{ spread_of_percentage('after_value', 'after_n') }}
                        )
                    )
        end as chance
    from compared

),

entries as (

    select
        interventions.*,
        schools.school_name,
        schools.la_code,
        schools.sector,
        schools.school_kind,
        schools.district,
        parameters.reference_on
    from {{ ref('stg_local_interventions') }} as interventions
    cross join {{ ref('stg_parameters') }} as parameters
    left join {{ ref('schools') }} as schools using (urn)
    where interventions.started_on <= parameters.reference_on

)

-- + 0: a zero has no sign
select
    entries.urn,
    entries.school_name,
    entries.la_code,
    entries.sector,
    entries.school_kind,
    entries.district,
    entries.intervention,
    entries.started_on,
    entries.ended_on,
    coalesce(entries.ended_on > entries.reference_on, true) as is_going_on,
    entries.paid_by,
    entries.note,
    outcomes.measure,
    outcomes.measure_title,
    coalesce(outcomes.finding, 'no_results') as finding,
    outcomes.before_year,
    outcomes.before_value,
    outcomes.before_n,
    outcomes.after_year,
    outcomes.after_value,
    outcomes.after_n,
    round(judged.change, 2) + 0 as change,
    outcomes.similar_n,
    case when judged.has_comparison then round(outcomes.similar_before_value, 2) end as similar_before_value,
    case when judged.has_comparison then round(outcomes.similar_after_value, 2) end as similar_after_value,
    round(judged.similar_change, 2) + 0 as similar_change,
    round(judged.regression_change, 2) + 0 as regression_change,
    round(judged.change_beyond, 2) + 0 as change_beyond,
    abs(judged.change_beyond) > judged.chance as is_beyond_chance,
    round(judged.change_beyond, 2) * outcomes.polarity > 0 as is_for_the_better,
    case coalesce(outcomes.finding, 'no_results')
        when 'no_results' then 'No headline result of this school is held, so nothing can be compared.'
        when 'no_result_before' then 'No result of the years just before it started is reported.'
        when
            'no_result_after'
            then
                'No result after the year in which it started, and after its end, is held: '
                || 'too early, or the measure is published no more.'
        when 'too_small' then 'Too few pupils in one of the two years to judge.'
        else
            printf('From %s (%s) to %s (%s). ',
                {{ plain_number('outcomes.before_value', 'outcomes.decimals') }}, outcomes.before_year,
                {{ plain_number('outcomes.after_value', 'outcomes.decimals') }}, outcomes.after_year)
            || case
                when
                    not judged.has_comparison
                    then
                        'Too few similar schools without support have both years: '
                        || 'whether the change is more than the usual cannot be said.'
                else printf(
                    '%d similar schools without support noted went from %s to %s. A result so far from theirs '
                    || 'would be expected to move by %s towards them by itself (regression to the mean). '
                    || 'Beyond both: %s',
                    outcomes.similar_n,
                    {{ plain_number('outcomes.similar_before_value', 'outcomes.decimals') }},
                    {{ plain_number('outcomes.similar_after_value', 'outcomes.decimals') }},
                    {{ plain_number('abs(judged.regression_change)', 'outcomes.decimals') }},
                    {{ plain_number('round(judged.change_beyond, outcomes.decimals) + 0', 'outcomes.decimals') }}
                ) || case
                    when round(judged.change_beyond, 2) * outcomes.polarity > 0 then ' (better)'
                    when round(judged.change_beyond, 2) * outcomes.polarity < 0 then ' (worse)'
                    else ''
                end || case
                    when judged.chance is null then '; how much of that is chance cannot be said for this measure.'
                    when abs(judged.change_beyond) > judged.chance then ', more than chance alone.'
                    else ', no more than chance.'
                end
            end
            || ' A difference after support does not show that the support made it.'
    end as evidence,
    entries.file_id,
    entries.line
from entries
left join outcomes using (urn, intervention, started_on)
left join judged using (urn, intervention, started_on, measure)
