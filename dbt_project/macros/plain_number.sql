{# A number as a person writes it: rounded to `decimals` places, no trailing `.0` on whole numbers. Null stays null. #}
{% macro plain_number(value, decimals) -%}
case
    when {{ decimals }} = 0 then cast(cast(round({{ value }}) as bigint) as varchar)
    else cast(round({{ value }}, {{ decimals }}) as varchar)
end
{%- endmacro %}
