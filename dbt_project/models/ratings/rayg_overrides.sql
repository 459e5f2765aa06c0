-- How often people decide otherwise than a rule proposes: rules that keep being overridden are rules to mend.
with drafts as (

    select drafts.*, moderation.draft_when_decided
    from {{ ref('rayg_drafts') }} as drafts
    left join {{ ref('int_moderation') }} as moderation using (urn, review_year, provision)

),

rules as (

    select
        parameters.review_year,
        rules.provision,
        rules.rule,
        rules.rating as draft_rating,
        count(drafts.urn) as drafts_n,
        count(drafts.moderated_rating) as moderated_n,
        count(*) filter (where drafts.moderated_rating != drafts.draft_rating) as changed_n,
        count(*) filter (where drafts.draft_when_decided != drafts.draft_rating) as decided_on_another_draft_n
    from {{ ref('rayg_rules') }} as rules
    cross join {{ ref('stg_parameters') }} as parameters
    left join drafts using (rule)
    group by parameters.review_year, rules.provision, rules.rule, rules.rating

),

decisions as (

    select rule, moderated_rating, count(*) as decided_n
    from drafts
    where moderated_rating is not null
    group by rule, moderated_rating

)

select
    rules.review_year,
    rules.provision,
    rules.rule,
    rules.draft_rating,
    decisions.moderated_rating,
    coalesce(decisions.decided_n, 0) as decided_n,
    rules.drafts_n,
    rules.moderated_n,
    rules.changed_n,
    round(100.0 * rules.changed_n / nullif(rules.moderated_n, 0), 1) as changed_pct,
    rules.moderated_n >= {{ policy('overridden_often_n') }}
        and coalesce(
            100.0 * rules.changed_n / nullif(rules.moderated_n, 0) >= {{ policy('overridden_often_pct') }}, false
        )
        as is_often_overridden,
    rules.decided_on_another_draft_n
from rules
left join decisions using (rule)
