-- The files this build could see: what every file_id in the other marts stands for.
select
    files.file_id,
    files.source,
    landed.title,
    files.file_name,
    files.academic_year,
    files.release,
    files.scope,
    files.la_code,
    files.published_on,
    files.published_on_is_assumed,
    landed.publisher,
    landed.licence,
    landed.landing_page,
    landed.sha256,
    files.rows_n,
    files.cells_n,
    files.rejected_rows_n,
    quarantined.reason as quarantine_reason
from {{ ref('stg_files') }} as files
inner join {{ source('landing', 'files') }} as landed using (file_id)
left join {{ ref('int_quarantined_files') }} as quarantined using (file_id)
