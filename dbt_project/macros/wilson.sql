{#
Wilson interval of a percentage, widened by the square root of the overdispersion.
Methods section 1: count = round(value x n), z = 1.96 x sqrt(phi). `side` is -1 (lower) or 1 (upper). Per cent in, per cent out.
#}
{% macro wilson(value_pct, n, overdispersion, side) -%}
{%- set p = '(round(' ~ value_pct ~ ' / 100.0 * ' ~ n ~ ') / ' ~ n ~ ')' -%}
{%- set z2 = '(1.96 * 1.96 * ' ~ overdispersion ~ ')' -%}
round(100 * (
    ({{ p }} + {{ z2 }} / (2 * {{ n }}))
    + ({{ side }}) * sqrt({{ z2 }}) * sqrt({{ p }} * (1 - {{ p }}) / {{ n }} + {{ z2 }} / (4 * {{ n }} * {{ n }}))
) / (1 + {{ z2 }} / {{ n }}), 2)
{%- endmacro %}
