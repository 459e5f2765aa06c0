-- The header of every landed file.
with source as (

    select * from {{ source('landing', 'columns') }}

),

renamed as (

    select
        file_id,
        column_position,
        column_key as column_name,
        column_name as source_column
    from source

)

select * from renamed
