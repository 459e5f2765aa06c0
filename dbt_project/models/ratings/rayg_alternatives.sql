-- What would change a draft rating: each axis moved to each of its other values, the rest as they are, and the rule
-- that would then fit. Only moves to another colour are kept, and none to a value that says that nothing could be seen.
with drafts as (

    select urn, provision, review_year, draft_rating, inspection_standing, outcomes, attendance, trajectory
    from {{ ref('rayg_drafts') }}

),

moves as (

    {% for axis in rayg_axes() -%}
    select
        drafts.urn, drafts.provision, drafts.review_year, drafts.draft_rating,
        axes.axis, drafts.{{ axis }} as from_value, axes.value as to_value, axes.plain_words,
        {% for other in rayg_axes() -%}
        {{ 'axes.value' if other == axis else 'drafts.' ~ other }} as {{ other }}{{ ',' if not loop.last }}
        {% endfor %}
    from drafts
    inner join {{ ref('rayg_axes') }} as axes
        on axes.axis = '{{ axis }}' and axes.value != drafts.{{ axis }} and axes.is_seen
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

decided as (

    select moves.*, rules.rule, rules.rating as would_be
    from moves
    inner join {{ ref('rayg_rules') }} as rules
        on
            moves.provision = rules.provision
            and {{ rule_fits('rules', 'moves') | indent(12) }}
    qualify
        row_number() over (partition by moves.urn, moves.provision, moves.axis, moves.to_value order by rules.priority)
        = 1

)

select review_year, urn, provision, axis, from_value, to_value, plain_words, would_be, rule
from decided
where would_be != draft_rating and would_be != 'insufficient_evidence'
