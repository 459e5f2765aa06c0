{#
Where an authority stands among those with a value: `la_rank` (1 best, ties share the better rank) and `la_count`, one
ranking for each of `within`. Rows that `is_ranked` does not hold for take no part. An authority alone stands nowhere: of
fewer than two there is neither rank nor count, and so no quarter.
#}
{% macro la_standing(within, is_ranked='true') -%}
{% set ranked_n = 'count(*) filter (where ' ~ is_ranked ~ ') over (partition by ' ~ within ~ ')' -%}
{% set has_others = is_ranked ~ ' and ' ~ ranked_n ~ ' > 1' -%}
case when {{ has_others }} then rank() over (partition by {{ within }}, {{ is_ranked }} order by value * polarity desc) end as la_rank,
case when {{ has_others }} then count(*) filter (where {{ is_ranked }}) over (partition by {{ within }}) end as la_count
{%- endmacro %}

{# The quarter of the ranking, 1 best; the upper bound belongs to the better quarter. #}
{% macro la_quartile() -%}
cast(ceil(4.0 * la_rank / la_count) as integer)
{%- endmacro %}

{#
Authorities that take no part in a ranking: one that had not begun by the end of the academic year, and one beside which
stands the authority whose place it took, or that took its place: each then has a part of the schools alone (seed
authority_changes). `rows` names a relation of those with a value, `within` the columns of one ranking, `year` the year
in which its academic year ends.
#}
{% macro authorities_in_pieces(rows, la_code, within, year) -%}
select distinct own.{{ la_code }}, {% for column in within %}own.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
from {{ rows }} as own
inner join {{ ref('authority_changes') }} as changes
    on own.{{ la_code }} in (changes.la_code, changes.successor_la_code)
left join {{ rows }} as beside
    on
        beside.{{ la_code }} in (changes.la_code, changes.successor_la_code)
        and beside.{{ la_code }} != own.{{ la_code }}
        {% for column in within %}and own.{{ column }} = beside.{{ column }} {% endfor %}
where
    beside.{{ la_code }} is not null
    or (
        own.{{ la_code }} = changes.successor_la_code
        and make_date(cast({{ year }} as integer), 8, 31) < changes.changed_on
    )
{%- endmacro %}
