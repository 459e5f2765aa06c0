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
