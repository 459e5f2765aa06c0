{# Rows with a null in any of `columns`: one pass over the table, however many columns. #}
{% test no_nulls(model, columns) %}
select *
from {{ model }}
where {% for column in columns %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %}
{% endtest %}
