-- Strange cells of files that stand, and how much of the file is left out for each: the cell or its row.
with source as (

    select * from {{ source('landing', 'set_aside') }}

),

renamed as (

    select file_id, line, column_key as column_name, extent, raw_value, reason
    from source

)

select * from renamed
