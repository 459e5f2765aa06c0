-- Cells of registers, inspection lists and returns that should be a day or a whole number and are none: 31/02/2025. The
-- field's name says its kind (`_on`, `_n`). Such a cell counts as blank (register_rows), and is told.
with cells as (

    select cells.file_id, cells.line, cells.column_name, cells.source_column, cells.raw_value, field_map.field
    from {{ ref('stg_cells') }} as cells
    inner join {{ ref('stg_files') }} as files using (file_id)
    inner join {{ ref('field_map') }} as field_map
        on files.source = field_map.source and cells.column_name = field_map.column_name
    where
        files.role not in ('results', 'context')
        and not files.has_failed_checks
        and (ends_with(field_map.field, '_on') or ends_with(field_map.field, '_n'))
        and cells.raw_value not in ('', 'NULL')

),

-- a day stands in many cells and is read once
unread as (

    select field, raw_value
    from (select distinct field, raw_value from cells)
    where
        case
            when ends_with(field, '_on') then {{ published_date('raw_value') }} is null
            else try_cast(raw_value as integer) is null
        end

)

select cells.file_id, cells.line, cells.source_column, cells.raw_value, cells.field
from cells
semi join unread on cells.field = unread.field and cells.raw_value = unread.raw_value
anti join {{ ref('stg_set_aside') }} as aside
    on cells.file_id = aside.file_id and cells.line = aside.line and cells.column_name = aside.column_name
