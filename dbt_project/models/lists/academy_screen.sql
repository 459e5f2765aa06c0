-- The academies' annual desk-top screen, as an output of its own: every open academy, free school and UTC of the
-- review.
with drafts as (

    select * from {{ ref('rayg_drafts') }}

),

provisions as (

    select
        urn,
        max(final_rating) filter (where provision = 'early_years') as early_years_rating,
        max(final_rating) filter (where provision = 'post_16') as post_16_rating
    from drafts
    group by urn

),

circumstances as (

    -- what is seen beside the ratings and is there, or is for an adviser to confirm
    select triggers.urn, lower(string_agg(kinds.title, '; ' order by kinds.trigger)) as trigger_titles
    from {{ ref('concern_triggers') }} as triggers
    inner join {{ ref('concern_trigger_kinds') }} as kinds using (trigger)
    where triggers.state in ('met', 'adviser_to_confirm') and kinds.evidence_from != 'rating'
    group by triggers.urn

)

select
    screen.review_year,
    screen.urn,
    screen.school_name,
    screen.la_code,
    screen.school_kind,
    screen.trust_name,
    screen.band,
    screen.unscreened_reason,
    screen.points,
    screen.points_seen,
    screen.coverage_pct,
    screen.top_reasons,
    row_number() over (
        partition by screen.review_year
        order by coalesce(whole.consider_red and whole.moderated_rating is null, false) desc, screen.rank
    ) as place,
    whole.draft_rating,
    whole.final_rating,
    whole.moderated_rating is not null as is_moderated,
    whole.reason as rating_reason,
    whole.confidence,
    provisions.early_years_rating,
    provisions.post_16_rating,
    case
        when {{ is_of_concern('whole.final_rating') }}
            then
                'Rated '
                || whole.final_rating
                || case
                    when
                        whole.moderated_rating is null
                        then ' by the draft alone: an adviser looks first, then the trust is contacted (A15).'
                    else ': the trust is contacted (A15).'
                end
        when
            {{ is_of_concern('provisions.early_years_rating') }}
            or {{ is_of_concern('provisions.post_16_rating') }}
            then 'An adviser looks: early years or post-16 is rated amber or red.'
        when circumstances.trigger_titles is not null
            then 'An adviser looks: ' || circumstances.trigger_titles || '.'
        when concern.has_concerns
            then 'An adviser looks: the school stands on a register.'
        when
            screen.band = 'high'
            or whole.final_rating = 'insufficient_evidence'
            or screen.unscreened_reason = 'unexpected'
            then
                'An adviser looks: '
                || case
                    when screen.band = 'high' then 'the screen is high.' else 'the published evidence is not enough.'
                end
        else 'Nothing beyond the monitoring of the year (A14).'
    end as next_step,
    screen.route,
    'A1, A14, 100' as strategy_paragraph
from {{ ref('risk_screen') }} as screen
left join drafts as whole on screen.urn = whole.urn and whole.provision = 'whole_school'
left join provisions on screen.urn = provisions.urn
left join circumstances on screen.urn = circumstances.urn
left join {{ ref('int_school_concern') }} as concern on screen.urn = concern.urn
where screen.sector = 'academy'
