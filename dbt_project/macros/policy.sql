{# A number of policy from the seed of that name: it stands once, with its authority and paragraph. #}
{% macro policy(parameter) -%}
(select value from {{ ref('policy') }} where parameter = '{{ parameter }}')
{%- endmacro %}
