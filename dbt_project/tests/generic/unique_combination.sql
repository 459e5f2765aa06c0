{# Rows whose values in `columns` stand more than once; nulls count as equal. #}
{% test unique_combination(model, columns) %}
select {{ columns | join(', ') }}, count(*) as rows_n
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
