{#
A figure as a sentence prints it: its places written out, a percentage with its sign, a true minus. Null stays null.
#}
{% macro headline_value(value, of=none) -%}
{% set field = of ~ '.' if of else '' -%}
replace({{ fixed_number(value, field ~ 'decimals') }}, '-', '−') || case when {{ field }}unit = 'pct' then '%' else '' end
{%- endmacro %}

{# Several years together, with the pupils where it is a share of them. `of`: the relation that holds them. #}
{% macro pool_in_words(of, counted=' pupils') -%}
{{ headline_value(of ~ '.pooled_3y_value', of) }}
|| case
    when {{ of }}.unit = 'pct' then printf(' of %d{{ counted }}', cast({{ of }}.pooled_3y_n as bigint))
    else ''
end
{%- endmacro %}

{# England over the same years. #}
{% macro pooled_national(of) -%}
{{ headline_value(of ~ '.pooled_3y_national_value', of) }}
{%- endmacro %}

{# Two or three, as a sentence says it. #}
{% macro count_in_words(number) -%}
case {{ number }} when 2 then 'two' when 3 then 'three' else cast({{ number }} as varchar) end
{%- endmacro %}

{# A fifth of five, 1 the highest. #}
{% macro fifth_in_words(fifth) -%}
case {{ fifth }}
    when 1 then 'highest' when 2 then 'second highest' when 3 then 'middle' when 4 then 'second lowest' when 5 then 'lowest'
end
{%- endmacro %}
