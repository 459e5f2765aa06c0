{#
Which of several copies of a log speaks for a row: the newest that was out on the as-at day; where none was, the earliest
out since. Without an as-at day every copy was out.
#}
{% macro is_later_copy(published_on, as_at) -%}
coalesce({{ published_on }} > {{ as_at }}, false)
{%- endmacro %}

{% macro copy_order(published_on, as_at) -%}
case when {{ published_on }} > {{ as_at }} then {{ published_on }} end nulls first, {{ published_on }} desc
{%- endmacro %}

{# A word of the register; null where the word says that there is nothing to say. #}
{% macro known_word(word) -%}
case
    when lower({{ word }}) not in ('not applicable', 'not recorded', 'does not apply', 'none', 'unknown', 'unclassified', 'null') then {{ word }}
end
{%- endmacro %}
