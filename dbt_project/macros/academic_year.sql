{# The end of an academic year as a number ('2024/25' -> 2025) and back. Every step between years goes through these two. #}
{% macro year_end(academic_year) -%}
(cast(left({{ academic_year }}, 4) as integer) + 1)
{%- endmacro %}

{% macro academic_year(year_end) -%}
printf('%d/%02d', ({{ year_end }}) - 1, ({{ year_end }}) % 100)
{%- endmacro %}
