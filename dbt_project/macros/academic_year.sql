{# The end of an academic year as a number ('2024/25' -> 2025) and back. Every step between years goes through these. #}
{% macro year_end(academic_year) -%}
(cast(left({{ academic_year }}, 4) as integer) + 1)
{%- endmacro %}

{% macro academic_year(year_end) -%}
printf('%d/%02d', ({{ year_end }}) - 1, ({{ year_end }}) % 100)
{%- endmacro %}

{#
The year in which a row's own period ends: 202425, 2024-25, 2024/25 and 2024/2025 are 2025, and so is 2025 itself, with or
without a note in brackets: 2025 (Rev). Null for several years together (2014-16) and for anything else.
#}
{% macro period_year_end(printed_period) -%}
{% set period = "regexp_replace(" ~ printed_period ~ ", ' *\\(.*\\)$', '')" -%}
case
    when regexp_full_match({{ period }}, '[12][0-9]{3}') then cast({{ period }} as integer)
    when
        regexp_full_match({{ period }}, '[12][0-9]{3}[-/]?([0-9]{2}|[0-9]{4})')
        and cast(right({{ period }}, 2) as integer) = (cast(left({{ period }}, 4) as integer) + 1) % 100
        then cast(left({{ period }}, 4) as integer) + 1
end
{%- endmacro %}
