{#
A whole number that stands for a few text columns, for joins and windows over millions of rows. A join by two of them
(who, and of what) mixes up two pairs once in some thousand million builds of all England. No mart holds one: what
DuckDB makes of the same text may change with its version.
#}
{% macro small_key(columns) -%}
hash({{ columns | join(', ') }})
{%- endmacro %}
