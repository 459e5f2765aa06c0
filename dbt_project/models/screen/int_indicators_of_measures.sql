-- What published figures say, for the indicators that test a measure: results, attendance, behaviour, accounts.
-- A figure that is not reported, or is older than the indicator allows, keeps the reason as its state.
with pairs as (

    select * from {{ ref('int_indicator_pairs') }} where measure is not null

),

stated as (

    select
        pairs.review_year,
        pairs.urn,
        pairs.indicator,
        pairs.test,
        case pairs.test
            when 'pooled_below_national' then vals.pooled_3y_value
            else vals.value
        end as value,
        case pairs.test
            when 'pooled_below_national' then vals.pooled_3y_national_value
            when 'fall' then vals.earlier_pooled_value
            when 'bottom_quintile' then vals.percentile_rank
            when 'bottom_decile' then vals.percentile_rank
            when 'under' then pairs.threshold
            when 'over' then pairs.threshold
            when 'under_two_years' then vals.previous_value
            else vals.compared_with
        end as benchmark_value,
        case pairs.test when 'pooled_below_national' then vals.pooled_3y_n else vals.cohort_n end as cohort_n,
        case pairs.test when 'pooled_below_national' then vals.pooled_years else vals.academic_year end
            as year_in_words,
        case
            when vals.urn is null then 'no_data'
            when vals.years_back > pairs.years_back_allowed then 'not_published'
            when vals.status != 'reported' and pairs.test != 'pooled_below_national'
                then coalesce(absences.state, 'no_data')
            when pairs.test = 'below_national'
                then case
                    when vals.verdict = 'below' then 'triggered'
                    when vals.verdict in ('in_line', 'above') then 'clear'
                    when vals.verdict = 'too_small' then 'too_small'
                    else 'no_data'
                end
            when pairs.test = 'pooled_below_national'
                then case
                    when coalesce(vals.pooled_years_n, 0) < 2
                        then case
                            when vals.status = 'reported' then 'no_data' else coalesce(absences.state, 'no_data')
                        end
                    when vals.pooled_verdict = 'below' then 'triggered'
                    when vals.pooled_verdict in ('in_line', 'above') then 'clear'
                    when vals.pooled_verdict = 'too_small' then 'too_small'
                    when vals.status != 'reported' then coalesce(absences.state, 'no_data')
                    else 'no_data'
                end
            when pairs.test = 'below_three_years'
                then case
                    when vals.verdict = 'too_small' then 'too_small'
                    when vals.years_below_of_three >= 3 then 'triggered'
                    when vals.years_reported < 3 then 'no_data'
                    else 'clear'
                end
            when pairs.test = 'bottom_quintile'
                then {{ state(
                    'vals.quintile is not null', 'vals.quintile >= pairs.threshold',
                    is_too_small='vals.cohort_n < vals.minimum_cohort'
                ) }}
            when pairs.test = 'bottom_decile'
                then {{ state(
                    'vals.percentile_rank is not null', 'vals.percentile_rank >= pairs.threshold',
                    is_too_small='vals.cohort_n < vals.minimum_cohort'
                ) }}
            when pairs.test = 'below_by'
                then {{ state(
                    'vals.compared_with is not null',
                    'round((vals.compared_with - vals.value) * vals.polarity, 4) >= pairs.threshold',
                    is_too_small='vals.cohort_n < vals.minimum_cohort'
                ) }}
            when pairs.test = 'under' then {{ state('vals.value is not null', 'vals.value < pairs.threshold') }}
            when pairs.test = 'over' then {{ state('vals.value is not null', 'vals.value > pairs.threshold') }}
            when pairs.test = 'under_two_years'
                then {{ state(
                    'vals.previous_value is not null',
                    'vals.value < pairs.threshold and vals.previous_value < pairs.threshold'
                ) }}
            when pairs.test = 'fall'
                then {{ state(
                    'vals.change_net_of_national is not null',
                    'vals.change_net_of_national * vals.polarity <= -vals.well_margin'
                    ~ ' and coalesce(vals.is_change_significant, true)'
                    ~ ' and coalesce((vals.value - vals.compared_with) * vals.polarity <= 0, true)',
                    is_too_small='vals.cohort_n < vals.minimum_cohort'
                ) }}
        end as state,
        case
            when vals.years_back > pairs.years_back_allowed then 'the newest published year is ' || vals.academic_year
            when pairs.test in ('bottom_quintile', 'bottom_decile') and vals.percentile_rank is null
                then replace(coalesce(vals.percentile_note, 'no rank'), 'no_data: ', '')
            when pairs.test = 'below_by' and vals.compared_with is null then 'no national figure is held'
            when pairs.test = 'below_national' and vals.verdict like 'no_data%'
                then replace(vals.verdict, 'no_data: ', '')
            when vals.urn is null then null  -- there is no row at all, which the sentence says by itself
            when pairs.test = 'fall' and vals.earlier_pooled_value is null and vals.years_reported > 1
                then 'earlier years come without numbers of pupils'
            when pairs.test = 'fall' and vals.earlier_pooled_value is null then 'earlier years are not reported'
            when pairs.test = 'below_three_years' and vals.years_reported < 3 then 'earlier years are not reported'
            when pairs.test = 'pooled_below_national' and coalesce(vals.pooled_years_n, 0) < 2
                then 'only one year is reported'
            when pairs.test = 'under_two_years' and vals.previous_value is null then 'the year before is not reported'
            when
                pairs.test = 'fall'
                and (vals.national_value is null or vals.earlier_pooled_national_value is null)
                then ': the change in England is not known'
            when pairs.test = 'fall'
                then
                    ': a change of '
                    || replace(
                        {{ plain_number('vals.change_net_of_national', 'greatest(vals.decimals, 1)') }}, '-', '−'
                    )
                    || ' points once that of the same pupils in England is taken off'
        end as detail,
        vals.decimals,
        -- a rank is a whole number whatever is ranked
        case when pairs.test in ('bottom_quintile', 'bottom_decile') then 0 else vals.decimals end
            as benchmark_decimals,
        case
            when pairs.test in ('pooled_below_national', 'below_three_years', 'fall') then vals.uses_predecessor_years
            else vals.is_predecessor
        end as is_predecessor,
        vals.status as value_status,
        vals.file_id,
        vals.line,
        vals.source_column
    from pairs
    left join {{ ref('int_review_measures') }} as vals
        on pairs.urn = vals.urn and pairs.measure = vals.measure and pairs.pupil_group = vals.pupil_group
    left join {{ ref('absence_states') }} as absences on vals.status = absences.status

),

-- two figures that differ are never printed alike: they take as many more places as part them
shown as (

    select
        *,
        case
            when
                value != benchmark_value
                and decimals = benchmark_decimals
                and test not in ('bottom_quintile', 'bottom_decile')
                then
                    case
                        {% for places in range(4) -%}
                        when round(value, decimals + {{ places }}) != round(benchmark_value, decimals + {{ places }})
                            then {{ places }}
                        {% endfor -%}
                        else 0
                    end
            else 0
        end as further_places
    from stated

)

select
    * exclude (test, further_places)
    replace (decimals + further_places as decimals, benchmark_decimals + further_places as benchmark_decimals)
from shown
