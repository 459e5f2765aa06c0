{#
A whole number that stands for a few text columns, for joins and windows over millions of rows. Two such keys together (who,
and of what) make a mix-up of two pairs as likely as one in ten thousand million; a table's own test of its grain would
find it. No mart holds one: what DuckDB makes of the same text may change with its version.
#}
{% macro small_key(columns) -%}
hash({{ columns | join(', ') }})
{%- endmacro %}
