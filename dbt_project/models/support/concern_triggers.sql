-- Every school of the review with every circumstance in which the strategy asks for a letter of concern, a statement of
-- action, an action group or support: whether it is there, what says so, and the lawful route. Data show a
-- circumstance; people decide whether anything is written.
with schools as (

    select * from {{ ref('int_review_schools') }}

),

pairs as (

    select
        schools.review_year,
        schools.reference_on,
        -- the day up to which the return of local intelligence tells
        least((select max(told_to) from {{ ref('stg_local_intelligence') }}), schools.reference_on) as told_to,
        schools.urn,
        schools.school_name,
        schools.la_code,
        schools.sector,
        schools.religious_character,
        schools.diocese,
        kinds.*,
        kinds.sectors = '*' or list_contains(string_split(kinds.sectors, '|'), schools.sector) as does_apply
    from schools
    cross join {{ ref('concern_trigger_kinds') }} as kinds

),

indicators as (

    select
        pairs.urn,
        pairs.trigger,
        case
            when bool_or(indicators.state = 'triggered') then 'there'
            when bool_or(indicators.state = 'clear') then 'not_there'
            else 'not_visible'
        end as finding,
        coalesce(
            string_agg(
                indicators.evidence, ' ' order by indicators.points_at_stake desc, indicators.indicator
            ) filter (where indicators.state = 'triggered'),
            string_agg(
                indicators.evidence, ' ' order by indicators.points_at_stake desc, indicators.indicator
            ) filter (where indicators.state = 'clear'),
            string_agg(distinct indicators.evidence, ' ' order by indicators.evidence) filter (
                where indicators.state != 'not_applicable'
            ),
            'No indicator that could show it applies to this kind of school or is held.'
        ) as evidence
    from pairs
    left join {{ ref('risk_indicators') }} as indicators
        on
            pairs.urn = indicators.urn
            -- what is noted and not scored is no sign of concern
            and indicators.points_at_stake > 0
            and pairs.indicator_paragraph = indicators.strategy_paragraph
    where pairs.evidence_from = 'indicators'
    group by pairs.urn, pairs.trigger

),

intelligence as (

    -- without any return nothing is known; with one, silence about a school is silence
    select
        pairs.urn,
        pairs.trigger,
        case
            when count(notes.urn) > 0 then 'there'
            when (select count(*) from {{ ref('stg_local_intelligence') }}) > 0 then 'not_there'
            else 'not_visible'
        end as finding,
        coalesce(
            string_agg(
                'Noted on '
                || {{ day_in_words('notes.noted_on') }}
                || ' ('
                || notes.source
                || ')'
                || coalesce(': ' || notes.note, '')
                || '.',
                ' ' order by notes.noted_on desc, notes.source
            ),
            case
                when (select count(*) from {{ ref('stg_local_intelligence') }}) > 0
                    then printf(
                        'Nothing of the kind in the return held, in the %d months before %s.',
                        cast({{ policy('intelligence_months') }} as integer),
                        {{ day_in_words('max(pairs.told_to)') }}
                    )
                else 'The authority''s return of local intelligence is not held.'
            end
        ) as evidence
    from pairs
    left join {{ ref('stg_local_intelligence') }} as notes
        on
            pairs.urn = notes.urn
            and pairs.intelligence_kind = notes.kind
            and {{ is_recent_note('notes.noted_on', 'pairs.told_to', 'pairs.reference_on') }}
    where pairs.evidence_from = 'intelligence'
    group by pairs.urn, pairs.trigger

),

reports as (

    select urn, inspected_on, max(published_on) as published_on
    from {{ ref('inspections') }}
    where event_kind = 'graded' and not is_predecessor
    group by urn, inspected_on

),

counting as (

    select
        cast({{ policy('statement_of_action_days') }} as integer) as days,
        {{ policy('statement_of_action_working_days') }} = 1 as are_working,
        holidays.*
    from (
        select
            list(holiday_on order by holiday_on) as days_off,
            min(year(holiday_on)) as first_year,
            max(year(holiday_on)) as last_year
        from {{ ref('bank_holidays') }}
    ) as holidays

),

statements as (

    select
        reports.urn, reports.inspected_on, reports.published_on,
        {{ days_after('reports.published_on', 'counting.days', 'counting.are_working', 'counting.days_off') }}
            as due_on,
        cast(counting.days as varchar) || case
            when not counting.are_working then ' days'
            when year(reports.published_on) >= counting.first_year and year(due_on) <= counting.last_year
                then ' working days, bank holidays taken off'
            else ' working days, bank holidays not all taken off, since those of the year are not held'
        end as within
    from reports
    cross join counting

),

categories as (

    select
        pairs.urn,
        pairs.trigger,
        case
            when standing.category_of_concern is not null then 'there'
            when standing.graded_on is not null then 'not_there'
            else 'not_visible'
        end as finding,
        case
            when standing.category_of_concern is not null then
                'Placed in a category of concern ('
                || standing.category_of_concern
                || ') at the inspection of '
                || {{ day_in_words('standing.graded_on') }}
                || case
                    when
                        statements.published_on is null
                        then '; the day the report was published is not known, so the statement''s day is not either.'
                    else
                        '; report published on '
                        || {{ day_in_words('statements.published_on') }}
                        || ': statement within '
                        || statements.within || ' (how days are counted is to be confirmed).'
                end
            when
                standing.graded_on is not null
                then
                    'No category of concern at the latest graded inspection of this school ('
                    || {{ day_in_words('standing.graded_on') }}
                    || ').'
            else 'No graded inspection of this school under its own number is known.'
        end as evidence,
        case when standing.category_of_concern is not null then statements.due_on end as due_on
    from pairs
    left join {{ ref('int_inspection_standing') }} as standing
        on pairs.urn = standing.urn and standing.provision = 'whole_school'
    left join statements on standing.urn = statements.urn and standing.graded_on = statements.inspected_on
    where pairs.evidence_from = 'category'

),

ratings as (

    select
        pairs.urn,
        pairs.trigger,
        case
            when drafts.final_rating is null or drafts.final_rating = 'insufficient_evidence' then 'not_visible'
            when not list_contains(string_split(pairs.ratings, '|'), drafts.final_rating) then 'not_there'
            when pairs.needs_outcomes_below and not axes.is_below then 'not_there'
            when drafts.moderated_rating is null then 'proposed'
            else 'there'
        end as finding,
        'Rated ' || replace(drafts.final_rating, '_', ' ')
        || case
            when drafts.moderated_rating is null then ' by the draft alone, which nobody has moderated'
            else ' after moderation on ' || {{ day_in_words('drafts.moderated_on') }}
        end
        || case
            when pairs.needs_outcomes_below and list_contains(string_split(pairs.ratings, '|'), drafts.final_rating)
                then
                    case
                        when axes.is_below then '; outcomes are below national' else '; outcomes are not below national'
                    end
            else ''
        end
        || '. ' || drafts.reason as evidence
    from pairs
    left join {{ ref('rayg_drafts') }} as drafts on pairs.urn = drafts.urn and drafts.provision = 'whole_school'
    left join {{ ref('rayg_axes') }} as axes on axes.axis = 'outcomes' and drafts.outcomes = axes.value
    where pairs.evidence_from = 'rating'

),

found as (

    select * from indicators
    union all by name
    select * from intelligence
    union all by name
    select * from categories
    union all by name
    select * from ratings

)

select
    pairs.review_year,
    pairs.urn,
    pairs.school_name,
    pairs.la_code,
    pairs.sector,
    pairs.trigger,
    pairs.title,
    case
        when pairs.sector = 'maintained' then pairs.calls_for
        else coalesce(pairs.calls_for_if_not_maintained, pairs.calls_for)
    end as calls_for,
    case
        when not pairs.does_apply then 'does_not_apply'
        when found.finding = 'not_there' then 'not_met'
        when found.finding = 'not_visible' then 'not_visible'
        when found.finding = 'proposed' or pairs.needs_adviser_to_confirm then 'adviser_to_confirm'
        else 'met'
    end as state,
    case
        when
            not pairs.does_apply
            then
                'The strategy provides this for '
                || replace(pairs.sectors, 'academy', 'academies')
                || case when pairs.sectors = 'maintained' then ' schools' else '' end
                || '.'
        when found.finding in ('there', 'proposed') then pairs.wording || ' ' || found.evidence
        else found.evidence
    end as evidence,
    case when pairs.does_apply then found.due_on end as due_on,
    screen.route,
    case
        when
            pairs.religious_character is not null
            then coalesce(pairs.diocese, 'diocese or faith body of: ' || pairs.religious_character)
    end as faith_body_to_consult,
    pairs.strategy_paragraph,
    pairs.authority
from pairs
left join found using (urn, trigger)
left join {{ ref('risk_screen') }} as screen on pairs.urn = screen.urn
