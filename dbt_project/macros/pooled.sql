{#
The mean of a value over several years, each year weighted by its pupils. `years` says which: a window (`over …`) or a
filter (`filter (where …)`). The sums are decimals, so that a rerun adds up the same. Null where no year has both.
#}
{% macro pooled(value, n, years) -%}
sum(cast({{ value }} * {{ n }} as decimal(18, 4))) {{ years }}
    / nullif(sum(cast(case when {{ value }} is not null then {{ n }} end as decimal(18, 4))) {{ years }}, 0)
{%- endmacro %}
