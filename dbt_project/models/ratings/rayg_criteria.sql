-- The strategy's table of criteria for every school and provision: which of them the evidence points to or against, and
-- which only an adviser can judge. Data never say more than that. Criteria are listed, never scored.
with drafts as (

    select * from {{ ref('rayg_drafts') }}

),

criteria as (

    select * from {{ ref('rayg_criteria_table') }}

),

positions as (

    -- where each provision stands on each axis
    {% for axis in rayg_axes() -%}
    select urn, provision, '{{ axis }}' as axis, {{ axis }} as value from drafts
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

worded as (

    select positions.*, axes.plain_words, axes.is_seen
    from positions
    inner join {{ ref('rayg_axes') }} as axes on positions.axis = axes.axis and positions.value = axes.value

),

bearing as (

    select criterion, unnest(string_split(indicators, ' ')) as indicator
    from criteria
    where indicators is not null

),

found as (

    select
        found.urn,
        bearing.criterion,
        found.indicator as finding,
        found.state,
        found.points_at_stake,
        found.title,
        found.evidence
    from {{ ref('risk_indicators') }} as found
    inner join bearing using (indicator)
    union all
    select urn, criterion, title as finding, state, 0 as points_at_stake, title, evidence
    from {{ ref('int_criterion_figures') }}

),

indicated as (

    select
        urn,
        criterion,
        count(*) filter (where state = 'triggered') as triggered_n,
        count(*) filter (where state = 'behind') as behind_n,
        count(*) filter (where state = 'clear') as clear_n,
        bool_and(state = 'not_applicable') as is_of_other_kinds,
        string_agg(evidence, ' ' order by points_at_stake desc, finding) filter (
            where state in ('triggered', 'behind')
        ) as found_evidence,
        string_agg(title, '; ' order by points_at_stake desc, finding) filter (where state = 'clear') as clear_titles
    from found
    group by urn, criterion

),

judged as (

    select
        drafts.review_year,
        drafts.urn,
        drafts.school_name,
        drafts.la_code,
        drafts.provision,
        criteria.criterion,
        criteria.colour,
        criteria.strategy_paragraph,
        criteria.authority,
        criteria.wording,
        criteria.visible_in_data,
        criteria.kind,
        axis_names.title || ': ' || worded.plain_words || '.' as axis_words,
        criteria.axis is not null as has_axis,
        list_contains(string_split(criteria.axis_values, '|'), worded.value) as is_on_axis,
        coalesce(
            criteria.axis_against = '*' or list_contains(string_split(criteria.axis_against, '|'), worded.value), false
        ) as is_against_axis,
        not coalesce(worded.is_seen, false) as is_axis_unseen,
        coalesce(indicated.triggered_n, 0) as triggered_n,
        coalesce(indicated.behind_n, 0) as behind_n,
        coalesce(indicated.clear_n, 0) as clear_n,
        coalesce(indicated.is_of_other_kinds, false) as is_of_other_kinds,
        indicated.found_evidence,
        indicated.clear_titles,
        criteria.adviser_to_judge
    from drafts
    inner join criteria using (provision)
    left join worded on drafts.urn = worded.urn and drafts.provision = worded.provision and criteria.axis = worded.axis
    left join {{ ref('rating_axes') }} as axis_names on criteria.axis = axis_names.axis
    left join indicated on drafts.urn = indicated.urn and criteria.criterion = indicated.criterion

)

select
    review_year,
    urn,
    school_name,
    la_code,
    provision,
    criterion,
    colour,
    strategy_paragraph,
    authority,
    wording,
    visible_in_data,
    -- an axis decides where the criterion names one, and is mixed where what was found says otherwise: no criterion is
    -- pointed against by the evidence it quotes. Else a concern found points to a criterion of concern and against one
    -- of strength. Where no concern was found, nothing was found: that proves no strength.
    case
        when visible_in_data = 'no' then 'adviser_to_judge'
        when has_axis and is_axis_unseen then 'not_visible'
        when has_axis and is_on_axis and kind = 'strength' and triggered_n > 0 then 'mixed'
        when has_axis and is_on_axis then 'points_to'
        when has_axis and is_against_axis and kind = 'concern' and triggered_n > 0 then 'mixed'
        when has_axis and is_against_axis then 'points_against'
        when has_axis and triggered_n = 0 then 'points_neither_way'
        when is_of_other_kinds then 'not_applicable'
        when triggered_n + behind_n + clear_n = 0 then 'not_visible'
        when triggered_n > 0 and clear_n > 0 then 'mixed'
        when triggered_n = 0 and behind_n > 0 then 'points_neither_way'
        when triggered_n = 0 then 'nothing_found'
        when kind = 'concern' then 'points_to'
        else 'points_against'
    end as standing,
    case
        when visible_in_data = 'no' then 'Not visible in data.' || coalesce(' Noted: ' || found_evidence, '')
        when not has_axis and is_of_other_kinds then 'Does not apply to this kind of school.'
        when has_axis and is_axis_unseen and triggered_n = 0 then 'Nothing published of this school bears on it.'
        when
            not has_axis and triggered_n + behind_n + clear_n = 0
            then 'Nothing published of this school bears on it.'
        else concat_ws(' ',
            axis_words,
            found_evidence,
            case when clear_n > 0 then 'Looked for and not found: ' || clear_titles || '.' end)
    end as evidence,
    adviser_to_judge
from judged
