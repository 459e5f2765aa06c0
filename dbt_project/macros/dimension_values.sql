{#
What each filter column of a long file says of its row (seed row_dimensions): its exact token, else what is said of any
other value. `fields` names a relation of file_id, line, source, field and raw_value. A null role: nobody knows the value.
#}
{% macro dimension_values(fields) -%}
select
    fields.file_id,
    fields.line,
    fields.field,
    coalesce(exact.role, other.role) as role,
    case when coalesce(exact.value, other.value) = '*' then fields.raw_value else coalesce(exact.value, other.value) end as value
from {{ fields }} as fields
inner join (select distinct source, field from {{ ref('row_dimensions') }}) as dimensions using (source, field)
left join {{ ref('row_dimensions') }} as exact
    on
        fields.source = exact.source
        and fields.field = exact.field
        and lower(case when fields.raw_value = '' then '~' else fields.raw_value end) = lower(exact.token)
left join {{ ref('row_dimensions') }} as other
    on
        fields.source = other.source
        and fields.field = other.field
        and other.token = '*'
        and fields.raw_value != ''
        and exact.token is null
{%- endmacro %}
