-- The header of every landed file.
with source as (

    select * from {{ source('landing', 'columns') }}

),

renamed as (

    select
        file_id,
        column_position,
        upper(column_name) as column_name,
        column_name as source_column
    from source

)

select * from renamed
