{# Publishers write dates as dd/mm/yyyy, dd-mm-yyyy or ISO; anything else is null and stays visible in its raw column. #}
{% macro published_date(raw) -%}
cast(coalesce(
    try_strptime(nullif(trim({{ raw }}), ''), '%d/%m/%Y'),
    try_strptime(nullif(trim({{ raw }}), ''), '%d-%m-%Y'),
    try_strptime(nullif(trim({{ raw }}), ''), '%Y-%m-%d')
) as date)
{%- endmacro %}
