-- One value per entity, year, measure and group, with its status, its interval and the cell it came from. Which of
-- several candidates stands is settled in int_preferred_candidates.
with measured as (

    select
        chosen.*, measures.decimals, measures.interval_method, measures.unit, spread.overdispersion,
        others.counted_in
    from {{ ref('int_preferred_candidates') }} as chosen
    inner join {{ ref('measures') }} as measures using (measure)
    left join {{ ref('not_counted_in_pupils') }} as others using (measure)
    left join {{ ref('int_overdispersion') }} as spread using (measure, pupil_group, academic_year)

),

-- why there is nothing to publish: of a group, else of everybody
reasons as (

    select * from {{ ref('int_unpublished_years') }}

),

-- an area's figure that its own schools' rows do not make, where nobody has found out why
unreconciled as (

    select
        level as entity_type, area_code as entity_code, basis, academic_year, measure, pupil_group,
        string_agg(
            printf('the %d school rows of its file make %s', schools_n, cast(recomputed_value as varchar)),
            '; ' order by reconciliation
        ) as doubt
    from {{ ref('int_reconciliations') }}
    where not is_reconciled and explanation is null
    group by level, area_code, basis, academic_year, measure, pupil_group

),

current_urns as (

    select * from {{ ref('int_current_urns') }}

)

select
    measured.entity_type,
    measured.entity_code,
    case when measured.entity_type = 'school' then coalesce(current_urns.current_urn, measured.entity_code) end as urn,
    measured.la_code,
    measured.academic_year,
    measured.measure,
    measured.pupil_group,
    round(measured.value, 4) as value,
    case
        when measured.published_numerator is not null then measured.published_numerator
        -- a share of sessions says nothing of how many pupils missed some
        when
            measured.unit = 'pct'
            and coalesce(measured.counted_in, '') != 'sessions'
            and measured.denominator is not null
            then round(measured.value * measured.denominator / 100)
    end as numerator,
    measured.denominator,
    -- England's progress rows print 0 to 0: a placeholder, not an interval
    case
        when
            measured.interval_method = 'published' and measured.published_lower_ci < measured.published_upper_ci
            and measured.status = 'reported'
            then measured.published_lower_ci
        when measured.interval_method = 'wilson' and measured.denominator > 0
            then {{ wilson('measured.value', 'measured.denominator', 'measured.overdispersion', -1) }}
    end as lower_ci,
    case
        when
            measured.interval_method = 'published' and measured.published_lower_ci < measured.published_upper_ci
            and measured.status = 'reported'
            then measured.published_upper_ci
        when measured.interval_method = 'wilson' and measured.denominator > 0
            then {{ wilson('measured.value', 'measured.denominator', 'measured.overdispersion', 1) }}
    end as upper_ci,
    -- what a table prints for a year that does not exist (a blank, NA) stays in raw_value
    case
        when
            measured.status in ('not_applicable', 'blank')
            and coalesce(reasons_of_group.reason, reasons.reason) is not null
            then 'not_published'
        else measured.status
    end as status,
    case
        when
            measured.status in ('not_published', 'not_applicable', 'blank')
            then coalesce(reasons_of_group.reason, reasons.reason)
    end as status_reason,
    measured.raw_value,
    measured.release,
    measured.basis,
    measured.is_carried,
    measured.is_denominator_estimated,
    coalesce(current_urns.current_urn != measured.entity_code, false) as is_predecessor,
    measured.source,
    measured.file_id,
    measured.line,
    measured.source_column,
    -- the figure stands as printed; what speaks against it stands beside it
    case
        when measured.status = 'reported'
            then nullif(concat_ws(
                '; ',
                case
                    when measured.unit = 'pct' and open_ended.measure is null and measured.value not between 0 and 100
                        then 'a share outside 0 to 100 per cent'
                end,
                case
                    when
                        measured.interval_method = 'published'
                        and measured.published_lower_ci < measured.published_upper_ci
                        and measured.value not between measured.published_lower_ci and measured.published_upper_ci
                        then printf(
                            'its own interval, %s to %s, does not hold it',
                            cast(measured.published_lower_ci as varchar), cast(measured.published_upper_ci as varchar)
                        )
                end,
                -- (a progress score of 0 is one like any other)
                case
                    when measured.is_zero_uncounted and measured.interval_method != 'published'
                        then 'printed as 0 with its count left blank'
                end,
                unreconciled.doubt
            ), '')
    end as doubt
from measured
left join {{ ref('open_ended_percentages') }} as open_ended on measured.measure = open_ended.measure
left join reasons
    on
        measured.measure = reasons.measure and measured.entity_type = reasons.entity_type
        and measured.academic_year = reasons.academic_year and reasons.pupil_group = ''
left join reasons as reasons_of_group
    on
        measured.measure = reasons_of_group.measure and measured.entity_type = reasons_of_group.entity_type
        and measured.academic_year = reasons_of_group.academic_year
        and measured.pupil_group = reasons_of_group.pupil_group
left join unreconciled
    on
        measured.entity_type = unreconciled.entity_type and measured.entity_code = unreconciled.entity_code
        and measured.basis = unreconciled.basis and measured.academic_year = unreconciled.academic_year
        and measured.measure = unreconciled.measure and measured.pupil_group = unreconciled.pupil_group
left join current_urns on measured.entity_type = 'school' and measured.entity_code = current_urns.urn
