-- Each deciding value judged: as published, and once more for each case in which one deciding count moves by one pupil
-- (a score with an interval by a quarter of its half-width, any other by a quarter of its margin). A rating whose
-- colour changes in some case stands on a cusp.
with deciding as (

    select * from {{ ref('int_rating_evidence') }}

),

cases as (

    select distinct
        urn, provision, 'as published' as moved_case, null as moved_measure, null as moved_group, 0 as direction
    from deciding
    union all
    select
        urn,
        provision,
        measure || ' ' || pupil_group || ' ' || ways.words as moved_case,
        measure,
        pupil_group,
        ways.direction
    from deciding
    cross join (values (-1, 'down'), (1, 'up')) as ways (direction, words)
    where deciding.status = 'reported'

),

steps as (

    select
        *,
        case
            when interval_method = 'wilson' and cohort_n > 0 then 100.0 / cohort_n
            when interval_method = 'published' then (upper_ci - lower_ci) / 8
            else margin / 4.0
        end as step
    from deciding

),

moved as (

    select
        cases.moved_case,
        steps.* replace (
            case
                when
                    steps.unit = 'pct' and steps.value is not null
                    then greatest(0, least(100, steps.value + shift.of_value))
                else steps.value + shift.of_value
            end as value,
            steps.lower_ci + shift.of_value as lower_ci,
            steps.upper_ci + shift.of_value as upper_ci,
            steps.pooled_3y_value
            + shift.of_value * coalesce(steps.cohort_n / nullif(steps.pooled_3y_n, 0), 1) as pooled_3y_value,
            steps.recent_pooled_value
            + shift.of_value * coalesce(steps.cohort_n / nullif(steps.recent_n, 0), 1) as recent_pooled_value
        )
    from cases
    inner join steps using (urn, provision)
    cross join lateral (
        select
            case
                when
                    steps.measure = cases.moved_measure and steps.pupil_group = cases.moved_group
                    then cases.direction * steps.step else 0
            end as of_value
    ) as shift

),

intervals as (

    select
        * exclude (lower_ci, upper_ci, verdict, pooled_verdict),
        case
            when
                interval_method = 'wilson' and cohort_n > 0
                then {{ wilson('value', 'cohort_n', 'overdispersion', -1) }}
            else lower_ci
        end
            as lower_ci,
        case
            when
                interval_method = 'wilson' and cohort_n > 0
                then {{ wilson('value', 'cohort_n', 'overdispersion', 1) }}
            else upper_ci
        end
            as upper_ci,
        case
            when
                pooled_3y_n > 0 and pooled_3y_value is not null
                then {{ wilson('least(100, greatest(0, pooled_3y_value))', 'pooled_3y_n', 'overdispersion', -1) }}
        end
            as pooled_lower,
        case
            when
                pooled_3y_n > 0 and pooled_3y_value is not null
                then {{ wilson('least(100, greatest(0, pooled_3y_value))', 'pooled_3y_n', 'overdispersion', 1) }}
        end
            as pooled_upper,
        (value - earlier_pooled_value) - coalesce(national_value - earlier_pooled_national_value, 0) as change,
        -- an improvement: the newest two years together over the year before them, the national change taken off
        (recent_pooled_value - base_value)
        - coalesce(recent_pooled_national_value - base_national_value, 0) as improvement
    from moved

),

judged as (

    select
        *,
        {{ verdict('value', 'cohort_n', 'compared_with', 'lower_ci', 'upper_ci', 'quintile', 'intervals') }} as verdict,
        case when interval_method != 'none' then
            {{ verdict(
                'pooled_3y_value', 'pooled_3y_n', 'pooled_3y_national_value', 'pooled_lower', 'pooled_upper', 'null', 'intervals'
            ) }}
        end as pooled_verdict,
        {{ is_more_than_chance('change', 'value', 'cohort_n', 'earlier_pooled_value', 'earlier_n', 'intervals') }}
            as is_change_beyond_chance,
        {{ is_more_than_chance('improvement', 'recent_pooled_value', 'recent_n', 'base_value', 'base_n', 'intervals') }}
            as is_improvement_beyond_chance,
        -- the school's place among itself and the similar schools, ties on the better place
        1
        + floor(
            5.0
            * len(
                list_filter(
                    similar_values, lambda other: other * polarity > coalesce(pooled_3y_value, value) * polarity
                )
            )
            / (len(similar_values) + 1)
        )
            as similar_fifth
    from intervals

)

select
    moved_case,
    urn,
    provision,
    outcome_domain,
    measure,
    pupil_group,
    academic_year,
    status,
    cohort_n,
    minimum_cohort,
    is_published_for_kind,
    verdict,
    -- three years together decide where they are enough, else the newest year
    coalesce(nullif(pooled_verdict, 'too_small'), verdict) as domain_verdict,
    round(polarity * case
        when coalesce(pooled_verdict, 'too_small') != 'too_small' then pooled_3y_value - pooled_3y_national_value
        else value - compared_with
    end, 4) as difference,
    -- below by the wide margin, and even the near end of the interval by the margin: so no single pupil takes a value
    -- from in line to well below
    polarity * case
        when coalesce(pooled_verdict, 'too_small') != 'too_small' then pooled_3y_value - pooled_3y_national_value
        else value - compared_with
    end <= -well_margin
    and coalesce(polarity * case
        when interval_method = 'none' then null
        when coalesce(pooled_verdict, 'too_small') != 'too_small'
            then case when polarity > 0 then pooled_upper else pooled_lower end - pooled_3y_national_value
        else case when polarity > 0 then upper_ci else lower_ci end - compared_with
    end <= -margin, true) as is_far_below,
    well_margin,
    -- a school that has caught up in the newest year is not well below now
    coalesce(polarity * (value - compared_with) <= -margin, true) as is_newest_behind,
    -- 'over years': a pool of at least two years, or below in at least two
    greatest(
        case when interval_method != 'none' then coalesce(pooled_years_n, 0) else 0 end,
        coalesce(years_below_of_three, 0)
    ) as years_behind_n,
    years_reported,
    cast(similar_fifth as integer) as similar_fifth,
    uses_predecessor_years,
    case
        when pupil_group != 'all' or coalesce(cohort_n, minimum_cohort) < minimum_cohort then null
        when change * polarity <= -well_margin and coalesce(is_change_beyond_chance, true)
            and coalesce((value - national_value) * polarity <= 0, true) then 'falling'
        when
            improvement * polarity > margin
            and coalesce(is_improvement_beyond_chance, improvement * polarity >= well_margin)
            then 'improving'
        when change is not null or improvement is not null then 'steady'
    end as direction,
    -- the same fall from far above to above: no reason for another colour, and one to ask
    coalesce(
        pupil_group = 'all'
        and coalesce(cohort_n, minimum_cohort) >= minimum_cohort
        and change * polarity <= -well_margin
        and coalesce(is_change_beyond_chance, true)
        and (value - national_value) * polarity > 0,
        false
    ) as is_fall_still_above
from judged
