-- One row: what this build was asked for. There is no clock in a build: reference_on stands for today.
with source as (

    select * from {{ source('landing', 'parameters') }}

),

renamed as (

    select
        la_code,
        cast(as_at as date) as as_at,
        cast(review_year as integer) as review_year,
        {{ academic_year('cast(review_year as integer)') }} as review_academic_year,
        cast(reference_on as date) as reference_on,
        is_sample
    from source

)

select * from renamed
