{# Publishers write dates as dd/mm/yyyy, dd-mm-yyyy or ISO; all else is null and stays visible in its raw column. #}
{% macro published_date(raw) -%}
cast(coalesce(
    try_strptime(nullif(trim({{ raw }}), ''), '%d/%m/%Y'),
    try_strptime(nullif(trim({{ raw }}), ''), '%d-%m-%Y'),
    try_strptime(nullif(trim({{ raw }}), ''), '%Y-%m-%d')
) as date)
{%- endmacro %}

{# A day as sentences print it: 3 May 2025. Null stays null. #}
{% macro day_in_words(day) -%}
strftime({{ day }}, '%-d %B %Y')
{%- endmacro %}

{# Years from one day to another, with their fraction. Null where either day is not known. #}
{% macro years_between(earlier, later) -%}
(date_diff('day', {{ earlier }}, {{ later }}) / 365.25)
{%- endmacro %}

{#
Whether a dated row of a seed counts on a day: its first and its last day included, an empty last day still open. Python
asks the same of a seed with `pipelines.seeds.in_force`.
#}
{% macro in_force(row, day) -%}
{{ day }} between {{ row }}.valid_from and coalesce({{ row }}.valid_to, date '9999-12-31')
{%- endmacro %}

{#
Whether the authority noted something within the months of policy before the day up to which its return tells. A note
after the build's day is not known yet.
#}
{% macro is_recent_note(noted_on, told_to, day) -%}
{{ noted_on }} between {{ told_to }} - to_months(cast({{ policy('intelligence_months') }} as integer)) and {{ day }}
{%- endmacro %}
