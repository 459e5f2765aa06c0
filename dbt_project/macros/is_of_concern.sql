{# Whether a rating is one of the colours of concern (seed ratings); null where there is no rating. #}
{% macro is_of_concern(rating) -%}
{{ rating }} in (select rating from {{ ref('ratings') }} where is_of_concern)
{%- endmacro %}
