{#
The four axes of the decision table, which are columns of the seed rayg_rules and of int_rating_axes. The only list of
them in SQL; tests/unit/test_seeds.py holds it to the seed rating_axes.
#}
{% macro rayg_axes() -%}
{{ return(['inspection_standing', 'outcomes', 'attendance', 'trajectory']) }}
{%- endmacro %}

{# Whether a rule fits a position on every axis. Both name a relation with one column per axis. `*` is any value. #}
{% macro rule_fits(rules, position) -%}
{% for axis in rayg_axes() -%}
({{ rules }}.{{ axis }} = '*' or list_contains(string_split({{ rules }}.{{ axis }}, '|'), {{ position }}.{{ axis }}))
{{- ' and ' if not loop.last }}
{% endfor %}
{%- endmacro %}
