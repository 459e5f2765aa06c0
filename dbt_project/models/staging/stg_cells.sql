-- Every landed cell of the visible files; columns by their key, because publishers change case, blanks and note
-- numbers.
with source as (

    select * from {{ source('landing', 'cells') }}

),

renamed as (

    select
        file_id,
        line,
        column_key as column_name,
        column_name as source_column,
        trim(raw_value) as raw_value
    from source

)

select * from renamed
