-- Every landed cell of the visible files; column names upper-cased because publishers change their case.
with source as (

    select * from {{ source('landing', 'cells') }}

),

renamed as (

    select
        file_id,
        line,
        upper(column_name) as column_name,
        column_name as source_column,
        trim(raw_value) as raw_value
    from source

)

select * from renamed
