{# What a cell holds, in quotation marks, as one line can show it: controls as a mark, a long text its beginning. #}
{% macro quoted(raw) -%}
'"' || regexp_replace(left({{ raw }}, 60), '\p{C}', '?', 'g') || case when length({{ raw }}) > 60 then '…' else '' end
|| '"'
{%- endmacro %}
