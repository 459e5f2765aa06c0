-- Rows of long files whose every filter value the seed row_dimensions knows, used or not: what is in none of them and
-- in no record type is a row of unknown kind. A value that says the row is not used settles it, whatever the others
-- say.
with fields as (

    select cells.file_id, cells.line, files.source, field_map.field, cells.raw_value
    from {{ ref('stg_cells') }} as cells
    inner join {{ ref('stg_files') }} as files using (file_id)
    inner join {{ ref('field_map') }} as field_map
        on files.source = field_map.source and cells.column_name = field_map.column_name
    where files.role in ('results', 'context') and not files.has_failed_checks

),

dimension_values as (

    {{ dimension_values('fields') }}

)

select file_id, line
from dimension_values
group by file_id, line
having bool_and(role is not null) or bool_or(role = 'skip')
