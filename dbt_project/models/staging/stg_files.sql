-- One row per held file that this build may see: what it is, when it was published, what the checks said of it.
with source as (

    select * from {{ source('landing', 'files') }}

),

verdicts as (

    select * from {{ source('landing', 'verdicts') }}

),

catalogue as (

    select * from {{ source('landing', 'catalogue') }}

),

renamed as (

    select
        source.file_id,
        source.source,
        catalogue.role,
        catalogue.preference,
        catalogue.is_log,
        source.file_name,
        source.academic_year,
        {{ year_end('source.academic_year') }} as year_end,
        source.release,
        source.scope,
        source.la_code,
        cast(source.published_on as date) as published_on,
        source.published_on_is_assumed,
        source.rows_n,
        source.cells_n,
        source.rejected_rows_n,
        verdicts.verdict,
        verdicts.reason as verdict_reason,
        coalesce(verdicts.verdict = 'failed', false) as has_failed_checks
    from source
    inner join catalogue using (source)
    left join verdicts using (file_id)
    where source.is_visible

)

select * from renamed
