{# The measures of the school census by which schools are alike (methods section 2). #}
{% macro similar_characteristics() -%}
{{ return(['fsm6_pct', 'sen_support_pct', 'ehcp_pct', 'eal_pct', 'pupils_n']) }}
{%- endmacro %}
