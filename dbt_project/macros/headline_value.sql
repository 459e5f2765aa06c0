{# A figure as a sentence prints it: its places written out, a percentage with its sign, a true minus. Null stays null. #}
{% macro headline_value(value) -%}
replace({{ fixed_number(value, 'decimals') }}, '-', '−') || case when unit = 'pct' then '%' else '' end
{%- endmacro %}
