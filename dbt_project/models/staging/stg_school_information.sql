-- The performance tables' own register: one row per school and file.
with fields as (

    select cells.file_id, cells.line, field_map.field, cells.raw_value
    from {{ ref('stg_cells') }} as cells
    inner join {{ ref('stg_files') }} as files using (file_id)
    inner join {{ ref('field_map') }} as field_map
        on files.source = field_map.source and cells.column_name = field_map.column_name
    where files.source = 'school_information' and not files.has_failed_checks

),

renamed as (

    select
        file_id,
        line,
        nullif(max(case when field = 'urn' then raw_value end), '') as urn,
        nullif(max(case when field = 'la_name' then raw_value end), '') as la_name,
        nullif(max(case when field = 'la_code' then raw_value end), '') as la_code,
        nullif(max(case when field = 'estab' then raw_value end), '') as estab,
        nullif(max(case when field = 'laestab' then raw_value end), '') as laestab,
        nullif(max(case when field = 'school_name' then raw_value end), '') as school_name,
        nullif(max(case when field = 'town' then raw_value end), '') as town,
        nullif(max(case when field = 'postcode' then raw_value end), '') as postcode,
        nullif(max(case when field = 'school_status' then raw_value end), '') as school_status,
        {{ published_date("max(case when field = 'open_on' then raw_value end)") }} as open_on,
        {{ published_date("max(case when field = 'close_on' then raw_value end)") }} as close_on,
        nullif(max(case when field = 'establishment_group' then raw_value end), '') as establishment_group,
        nullif(max(case when field = 'establishment_type' then raw_value end), '') as establishment_type,
        nullif(max(case when field = 'is_primary' then raw_value end), '') as is_primary,
        nullif(max(case when field = 'is_secondary' then raw_value end), '') as is_secondary,
        nullif(max(case when field = 'is_post16' then raw_value end), '') as is_post16,
        try_cast(max(case when field = 'age_low' then raw_value end) as integer) as age_low,
        try_cast(max(case when field = 'age_high' then raw_value end) as integer) as age_high,
        nullif(max(case when field = 'religious_character' then raw_value end), '') as religious_character,
        nullif(max(case when field = 'admissions_policy' then raw_value end), '') as admissions_policy
    from fields
    group by file_id, line

)

select * from renamed
