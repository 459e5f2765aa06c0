-- Rows that could not be kept, with the file, the line and the reason.
with source as (

    select * from {{ source('landing', 'rejects') }}

),

renamed as (

    select file_id, line, reason_code, reason
    from source

)

select * from renamed
