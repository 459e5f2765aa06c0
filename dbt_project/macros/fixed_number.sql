{# A number with its places written out (29.70 for two), so that numbers side by side read alike. Null stays null. #}
{% macro fixed_number(value, decimals) -%}
case {{ decimals }}
    when 0 then printf('%.0f', round({{ value }}, 0) + 0.0)
    when 1 then printf('%.1f', round({{ value }}, 1) + 0.0)
    else printf('%.2f', round({{ value }}, 2) + 0.0)
end
{%- endmacro %}
