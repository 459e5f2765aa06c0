{#
The variance of a percentage of `n` pupils, with two more on either side (Agresti and Coull): without them none of thirty
and none of thirty again would leave nothing to chance. Per cent in, squared per cent out.
#}
{% macro spread_of_percentage(pct, n) -%}
{%- set p = '((' ~ pct ~ ' * ' ~ n ~ ' + 200) / (' ~ n ~ ' + 4))' -%}
({{ p }} * (100 - {{ p }}) / ({{ n }} + 4))
{%- endmacro %}
