{# Rows for which `condition` is false; one that cannot be decided (null) counts as false. #}
{% test holds(model, condition) %}
select *
from {{ model }}
where not coalesce({{ condition }}, false)
{% endtest %}
