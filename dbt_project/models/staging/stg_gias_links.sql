-- Links between establishments in the register, as printed: one row per link and file.
with fields as (

    select cells.file_id, cells.line, field_map.field, cells.raw_value
    from {{ ref('stg_cells') }} as cells
    inner join {{ ref('stg_files') }} as files using (file_id)
    inner join {{ ref('field_map') }} as field_map
        on files.source = field_map.source and cells.column_name = field_map.column_name
    where files.source = 'gias_links' and not files.has_failed_checks

),

renamed as (

    select
        file_id,
        line,
        nullif(max(case when field = 'urn' then raw_value end), '') as urn,
        nullif(max(case when field = 'link_urn' then raw_value end), '') as link_urn,
        nullif(max(case when field = 'link_type' then raw_value end), '') as link_type,
        {{ published_date("max(case when field = 'link_on' then raw_value end)") }} as link_on
    from fields
    group by file_id, line

)

select * from renamed
