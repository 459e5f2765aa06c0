-- Every school of the review with every indicator: a state, always, and the evidence as a sentence.
-- 'No verdict' is never 'nothing wrong': an absence keeps its reason.
with schools as (

    select * from {{ ref('int_review_schools') }}

),

indicators as (

    select * from {{ ref('indicators') }}

),

pairs as (

    select
        schools.review_year,
        schools.urn,
        schools.school_name,
        schools.school_kind,
        schools.sector,
        schools.has_early_years,
        schools.has_sixth_form,
        indicators.*,
        list_contains(string_split(indicators.school_kinds, ' '), schools.school_kind)
            and (indicators.provision != 'early_years' or schools.has_early_years)
            and (indicators.provision != 'post_16' or schools.has_sixth_form) as does_apply
    from schools
    cross join indicators

),

measured as (

    select
        pairs.review_year, pairs.urn, pairs.indicator,
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
        case pairs.test when 'pooled_below_national' then vals.pooled_years else vals.academic_year end as year_in_words,
        case
            when vals.urn is null then 'no_data'
            when vals.years_back > pairs.years_back_allowed then 'not_published'
            when vals.status != 'reported' and pairs.test != 'pooled_below_national' then coalesce(absences.state, 'no_data')
            when pairs.test = 'below_national' then
                case
                    when vals.verdict = 'below' then 'triggered'
                    when vals.verdict in ('in_line', 'above') then 'clear'
                    when vals.verdict = 'too_small' then 'too_small'
                    else 'no_data'
                end
            when pairs.test = 'pooled_below_national' then
                case
                    when coalesce(vals.pooled_years_n, 0) < 2 then case when vals.status = 'reported' then 'no_data' else coalesce(absences.state, 'no_data') end
                    when vals.pooled_verdict = 'below' then 'triggered'
                    when vals.pooled_verdict in ('in_line', 'above') then 'clear'
                    when vals.pooled_verdict = 'too_small' then 'too_small'
                    when vals.status != 'reported' then coalesce(absences.state, 'no_data')
                    else 'no_data'
                end
            when pairs.test = 'below_three_years' then
                case
                    when vals.verdict = 'too_small' then 'too_small'
                    when vals.years_below_of_three >= 3 then 'triggered'
                    when vals.years_reported < 3 then 'no_data'
                    else 'clear'
                end
            when pairs.test = 'bottom_quintile' then
                case
                    when vals.cohort_n < vals.minimum_cohort then 'too_small'
                    when vals.quintile is null then 'no_data'
                    when vals.quintile >= pairs.threshold then 'triggered'
                    else 'clear'
                end
            when pairs.test = 'bottom_decile' then
                case
                    when vals.cohort_n < vals.minimum_cohort then 'too_small'
                    when vals.percentile_rank is null then 'no_data'
                    when vals.percentile_rank >= pairs.threshold then 'triggered'
                    else 'clear'
                end
            when pairs.test = 'below_by' then
                case
                    when vals.cohort_n < vals.minimum_cohort then 'too_small'
                    when vals.compared_with is null then 'no_data'
                    when round((vals.compared_with - vals.value) * vals.polarity, 4) >= pairs.threshold then 'triggered'
                    else 'clear'
                end
            when pairs.test = 'under' then case when vals.value < pairs.threshold then 'triggered' else 'clear' end
            when pairs.test = 'over' then case when vals.value > pairs.threshold then 'triggered' else 'clear' end
            when pairs.test = 'under_two_years' then
                case
                    when vals.previous_value is null then 'no_data'
                    when vals.value < pairs.threshold and vals.previous_value < pairs.threshold then 'triggered'
                    else 'clear'
                end
            when pairs.test = 'fall' then
                case
                    when vals.cohort_n < vals.minimum_cohort then 'too_small'
                    when vals.change_net_of_national is null then 'no_data'
                    when vals.change_net_of_national * vals.polarity <= -vals.well_margin
                        and coalesce(vals.is_change_significant, true)
                        and coalesce((vals.value - vals.compared_with) * vals.polarity <= 0, true) then 'triggered'
                    else 'clear'
                end
        end as state,
        case
            when vals.years_back > pairs.years_back_allowed then 'the newest published year is ' || vals.academic_year
            when pairs.test in ('bottom_quintile', 'bottom_decile') and vals.percentile_rank is null then replace(coalesce(vals.percentile_note, 'no rank'), 'no_data: ', '')
            when pairs.test = 'below_by' and vals.compared_with is null then 'no national figure is held'
            when pairs.test = 'below_national' and vals.verdict like 'no_data%' then replace(vals.verdict, 'no_data: ', '')
            when pairs.test in ('fall', 'below_three_years') and vals.earlier_pooled_value is null then 'earlier years are not reported'
            when pairs.test = 'pooled_below_national' and coalesce(vals.pooled_years_n, 0) < 2 then 'only one year is reported'
            when pairs.test = 'under_two_years' and vals.previous_value is null then 'the year before is not reported'
        end as detail,
        vals.decimals,
        case when pairs.test in ('pooled_below_national', 'below_three_years', 'fall') then vals.uses_predecessor_years else vals.is_predecessor end as is_predecessor,
        vals.status,
        vals.file_id,
        vals.line,
        vals.source_column
    from pairs
    left join {{ ref('int_review_measures') }} as vals
        on pairs.urn = vals.urn and pairs.measure = vals.measure and pairs.pupil_group = vals.pupil_group
    left join {{ ref('absence_states') }} as absences on vals.status = absences.status
    where pairs.measure is not null

),

inspected as (

    select
        pairs.review_year, pairs.urn, pairs.indicator,
        cast(standing.deciding_grade as double) as value,
        cast(null as double) as benchmark_value,
        cast(null as double) as cohort_n,
        strftime(case when pairs.test = 'ungraded_concerns' then standing.ungraded_on else standing.graded_on end, '%-d %B %Y') as year_in_words,
        case
            when pairs.test = 'years_since_inspection' then
                case when standing.years_since_graded > pairs.threshold then 'triggered' when standing.graded_on is null then 'no_data' else 'clear' end
            when pairs.test = 'years_since_any_inspection' then
                case when standing.years_since_any > pairs.threshold then 'triggered' when standing.years_since_any is null then 'no_data' else 'clear' end
            when pairs.test = 'ungraded_concerns' then
                case when standing.has_ungraded_concerns then 'triggered' when standing.ungraded_on is null then 'not_applicable' else 'clear' end
            when standing.graded_on is null then 'no_data'
            when pairs.test = 'category' then case when standing.category_of_concern is not null then 'triggered' else 'clear' end
            when standing.card_standing is not null then case when standing.card_standing = 'below_good' then 'triggered' else 'clear' end
            when standing.deciding_grade is null then 'no_data'
            when standing.deciding_grade >= {{ policy('below_good_grade') }} then 'triggered'
            else 'clear'
        end as state,
        case pairs.test
            when 'category' then
                case when standing.graded_on is null then 'no graded inspection under its own number' else coalesce(categories.plain_words, standing.category_of_concern) end
            when 'ungraded_concerns' then coalesce(standing.ungraded_outcome, 'no ungraded inspection since the last graded one')
            when 'years_since_any_inspection' then coalesce(
                printf('Last inspection of this school, graded or not, on %s, %.1f years before %s', strftime(greatest(standing.graded_on, standing.ungraded_on), '%-d %B %Y'), standing.years_since_any, strftime(schools.reference_on, '%-d %B %Y')),
                'This school has not been inspected under its own number')
            when 'years_since_inspection' then coalesce(
                printf('Last graded inspection of this school on %s, %.1f years before %s', strftime(standing.graded_on, '%-d %B %Y'), standing.years_since_graded, strftime(schools.reference_on, '%-d %B %Y')),
                'This school has not had a graded inspection under its own number')
            else coalesce(
                standing.grade_in_words,
                case when standing.graded_on is null then 'no graded inspection under its own number' else 'not graded at the last inspection' end
            )
        end as detail,
        0 as decimals,
        false as is_predecessor,
        cast(null as varchar) as status,
        standing.file_id,
        standing.line,
        'inspection columns' as source_column
    from pairs
    inner join schools using (urn)
    left join {{ ref('int_inspection_standing') }} as standing
        on pairs.urn = standing.urn
        and standing.provision = case when pairs.test = 'early_years_below_good' then 'early_years' else 'whole_school' end
    left join {{ ref('inspection_categories') }} as categories on standing.category_of_concern = categories.category
    where pairs.measure is null and pairs.test in ('category', 'below_good', 'early_years_below_good', 'ungraded_concerns', 'years_since_inspection', 'years_since_any_inspection')

),

rolls as (

    select
        pairs.review_year, pairs.urn, pairs.indicator,
        rolls.change_pct as value,
        rolls.earlier_pupils_n as benchmark_value,
        rolls.pupils_n as cohort_n,
        rolls.academic_year as year_in_words,
        case
            when rolls.change_pct is null then 'no_data'
            when rolls.change_pct < -pairs.threshold then 'triggered'
            else 'clear'
        end as state,
        case
            when rolls.urn is null then 'no census of this school is held'
            when rolls.change_pct is null then 'no census of three years before is held for this school'
            else printf('%d pupils in %s, %d in %s', cast(rolls.pupils_n as integer), rolls.academic_year, cast(rolls.earlier_pupils_n as integer), rolls.earlier_academic_year)
        end as detail,
        1 as decimals,
        rolls.file_id,
        rolls.line,
        rolls.source_column
    from pairs
    left join {{ ref('int_review_rolls') }} as rolls on pairs.urn = rolls.urn
    where pairs.test = 'roll_fall'

),

openings as (

    select
        pairs.review_year, pairs.urn, pairs.indicator,
        case
            when schools.open_on is null then 'no_data'
            when date_diff('day', schools.open_on, schools.reference_on) / 365.25 < pairs.threshold then 'triggered'
            else 'clear'
        end as state,
        case
            when schools.open_on is null then 'the day it opened is not known from the files held'
            else printf('Opened on %s', strftime(schools.open_on, '%-d %B %Y'))
                || case when schools.predecessor_urns is not null then ', after an earlier establishment' else '' end
        end as detail,
        0 as decimals
    from pairs
    inner join schools using (urn)
    where pairs.test = 'recently_opened'

),

told as (

    -- what the authority knows: the newest entry of each kind that is still of the present
    select pairs.urn, pairs.indicator, notes.noted_on, notes.source, notes.file_id, notes.line
    from pairs
    inner join schools using (urn)
    inner join {{ ref('stg_local_intelligence') }} as notes on pairs.urn = notes.urn and pairs.test = notes.kind
    where notes.noted_on >= schools.reference_on - to_months(cast({{ policy('intelligence_months') }} as integer))
    qualify row_number() over (partition by pairs.urn, pairs.indicator order by notes.noted_on desc, notes.source) = 1

),

local_knowledge as (

    select
        pairs.review_year, pairs.urn, pairs.indicator,
        case
            when told.urn is not null then 'triggered'
            when exists (select 1 from {{ ref('stg_local_intelligence') }}) then 'clear'
            else 'no_data'
        end as state,
        case
            when told.urn is not null then printf('%s: noted on %s (%s)', pairs.title, strftime(told.noted_on, '%-d %B %Y'), told.source)
            when exists (select 1 from {{ ref('stg_local_intelligence') }}) then 'None noted in the authority''s own return'
            else 'the authority''s own return is not held'
        end as detail,
        0 as decimals,
        told.file_id,
        told.line,
        'noted_on' as source_column
    from pairs
    left join told on pairs.urn = told.urn and pairs.indicator = told.indicator
    where pairs.test in ('complaint_upheld', 'governance_concern', 'safeguarding_concern', 'headteacher_change')

),

outcomes as (

    select * from measured
    union all by name
    select * from inspected
    union all by name
    select * from rolls
    union all by name
    select * from openings
    union all by name
    select * from local_knowledge

),

stated as (

    select
        pairs.*,
        outcomes.value,
        outcomes.benchmark_value,
        outcomes.cohort_n,
        outcomes.year_in_words,
        outcomes.detail,
        outcomes.decimals,
        -- a rank is a whole number whatever is ranked
        case when pairs.test like 'bottom%' then 0 else outcomes.decimals end as benchmark_decimals,
        coalesce(outcomes.is_predecessor, false) as is_predecessor,
        outcomes.status as value_status,
        case when pairs.does_apply then outcomes.state else 'not_applicable' end as state,
        outcomes.file_id,
        outcomes.line,
        outcomes.source_column
    from pairs
    inner join outcomes using (review_year, urn, indicator)

)

select
    stated.review_year,
    stated.urn,
    stated.school_name,
    stated.provision,
    stated.indicator,
    stated.title,
    stated.domain,
    stated.state,
    stated.value,
    stated.benchmark_value,
    stated.cohort_n,
    case when stated.state = 'triggered' then stated.points else 0 end as points,
    stated.points as points_at_stake,
    case
        when not stated.does_apply then 'Does not apply to this kind of school.'
        when stated.state in ('triggered', 'clear') then
            replace(replace(replace(replace(replace(
                case when stated.state = 'clear' then coalesce(stated.wording_when_clear, stated.wording) else stated.wording end,
                '{value}', coalesce(
                    case when stated.value < 0 and round(stated.value, stated.decimals) = 0 then 'just under 0' else {{ plain_number('stated.value', 'stated.decimals') }} end,
                    'not known')),
                '{benchmark}', coalesce({{ plain_number('stated.benchmark_value', 'stated.benchmark_decimals') }}, 'not known')),
                '{cohort}', coalesce(cast(cast(stated.cohort_n as integer) as varchar), 'an unpublished number of')),
                '{year}', coalesce(stated.year_in_words, 'an unknown year')),
                '{detail}', coalesce(stated.detail, 'not stated'))
            || case when stated.domain = 'finance' and stated.sector = 'academy' then ' Of an academy: what its trust holds centrally is left out.' else '' end
            || case when stated.is_predecessor then ' Results wholly or partly of the predecessor school.' else '' end
        when stated.state = 'too_small' then 'Too few pupils to judge.'
        else 'Not visible: ' || coalesce(case when stated.value_status != 'reported' then absences.plain_words end, stated.detail, 'no value for this school in the files held') || '.'
    end as evidence,
    stated.is_predecessor,
    stated.strategy_paragraph,
    stated.authority,
    stated.file_id,
    stated.line,
    stated.source_column
from stated
left join {{ ref('absence_states') }} as absences on stated.value_status = absences.status
