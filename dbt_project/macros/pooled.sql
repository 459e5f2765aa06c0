{#
The mean of a value over several years, each year weighted by its pupils. `years` says which: a window (`over …`) or a
filter (`filter (where …)`). The sums are decimals, so that a rerun adds up the same. Null where no year has both.
#}
{% macro pooled(value, n, years) -%}
sum(cast({{ value }} * {{ n }} as decimal(18, 4))) {{ years }}
    / nullif(sum(cast(case when {{ value }} is not null then {{ n }} end as decimal(18, 4))) {{ years }}, 0)
{%- endmacro %}

{#
A percentage as that of the whole pupils it rounds: 33 of 3 is 33.33. Publishers print whole per cents, and a pool of
roundings can be a per cent out. Any other value stands as it is. `of` holds the measure's unit and interval_method.
#}
{% macro of_whole_pupils(value, n, of) -%}
case
    when {{ of }}.unit = 'pct' and {{ of }}.interval_method = 'wilson' and {{ n }} > 0
        then 100.0 * round({{ value }} / 100.0 * {{ n }}) / {{ n }}
    else {{ value }}
end
{%- endmacro %}

{#
As `pooled`; where no year comes with a number of pupils (absence rates of the performance tables), each year counts alike.
#}
{% macro pooled_or_mean(value, n, years) -%}
coalesce(
    {{ pooled(value, n, years) }},
    case when count({{ n }}) {{ years }} = 0 then avg(cast({{ value }} as decimal(18, 4))) {{ years }} end
)
{%- endmacro %}
