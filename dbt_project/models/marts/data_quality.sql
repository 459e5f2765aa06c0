-- What was held, left out, rejected, contradicted or reconciled, one row per finding.
with files as (

    select * from {{ ref('stg_files') }}

),

held as (

    select
        'held' as check, source, academic_year, file_id, cast(null as integer) as line, release as subject,
        printf('%d rows, %d cells, %d rows rejected', rows_n, cells_n, rejected_rows_n)
            || case when published_on_is_assumed then '; published_on is assumed' else '' end as detail,
        'information' as severity
    from files

),

quarantined as (

    select
        'quarantined' as check, files.source, files.academic_year, quarantined.file_id, cast(null as integer) as line,
        'file' as subject, quarantined.reason as detail, 'warning' as severity
    from {{ ref('int_quarantined_files') }} as quarantined
    inner join files using (file_id)

),

rejected as (

    select
        'rejected_row' as check, files.source, files.academic_year, rejects.file_id, rejects.line,
        rejects.reason_code as subject, rejects.reason as detail,
        case when rejects.reason_code = 'duplicate_identical' then 'information' else 'warning' end as severity
    from {{ ref('stg_rejects') }} as rejects
    inner join files using (file_id)

),

unmatched_rows as (

    select
        'row_of_unknown_kind' as check, files.source, files.academic_year, files.file_id, cast(null as integer) as line,
        'record type' as subject, printf('%d rows match no record type', files.rows_n - coalesce(matched.rows_n, 0)) as detail,
        'warning' as severity
    from files
    left join (select file_id, count(*) as rows_n from {{ ref('int_rows') }} group by file_id) as matched using (file_id)
    where files.role in ('results', 'context') and not files.has_failed_checks and files.rows_n > coalesce(matched.rows_n, 0)

),

contradicted as (

    -- the same value from two files of the same folder and release, with different numbers (a later folder revises)
    select entity_type, entity_code, basis, academic_year, measure, pupil_group, release, folder_academic_year
    from {{ ref('int_candidates') }} as int_candidates
    cross join {{ ref('stg_parameters') }} as parameters
    where
        status = 'reported'
        and (parameters.la_code = 'all' or int_candidates.la_code = parameters.la_code or entity_type = 'country')
    group by all
    having min(value) != max(value)

),

disagreements as (

    select
        'disagreement' as check, min(source) as source, academic_year, min(file_id) as file_id, min(line) as line,
        entity_type || ' ' || entity_code || ' ' || measure || ' ' || pupil_group as subject,
        'values ' || string_agg(distinct cast(value as varchar), ' and ' order by cast(value as varchar)) || ' in release ' || release as detail,
        'warning' as severity
    from {{ ref('int_candidates') }}
    inner join contradicted using (entity_type, entity_code, basis, academic_year, measure, pupil_group, release, folder_academic_year)
    where status = 'reported'
    group by entity_type, entity_code, basis, academic_year, measure, pupil_group, release, folder_academic_year

),

published as (

    select observations.entity_code as la_code, academic_year, measure, pupil_group, value, denominator, source, file_id, line
    from {{ ref('observations') }} as observations
    cross join {{ ref('stg_parameters') }} as parameters
    inner join {{ ref('releases') }} as releases using (release)
    where
        entity_type = 'la' and basis = 'state_funded' and status = 'reported' and not is_carried
        -- provisional tables leave new academies blank: their LA rows cannot be made again
        and releases.release_rank > 1
        and (parameters.la_code = 'all' or entity_code = parameters.la_code)

),

recomputed as (

    select
        reconciliations.reconciliation, reconciliations.tolerance, reconciliations.method, observations.la_code, observations.academic_year,
        observations.measure, observations.pupil_group,
        sum(cast(observations.value as decimal(18, 4))) as values_sum,
        sum(cast(observations.value * observations.denominator as decimal(18, 4))) as products_sum,
        sum(cast(observations.denominator as decimal(18, 4))) as pupils_sum
    from {{ ref('observations') }} as observations
    inner join {{ ref('reconciliations') }} as reconciliations
        on observations.measure = reconciliations.measure and observations.pupil_group = reconciliations.pupil_group
    left join {{ ref('schools') }} as schools on observations.entity_code = schools.urn
    where
        observations.entity_type = 'school' and observations.status = 'reported' and not observations.is_carried
        and not list_contains(string_split(reconciliations.excluded_sectors, ' '), coalesce(schools.sector, ''))
    group by all

),

compared as (

    select
        published.*, recomputed.reconciliation, recomputed.tolerance,
        case recomputed.method
            when 'sum' then recomputed.values_sum
            when 'weighted_mean' then recomputed.products_sum / nullif(recomputed.pupils_sum, 0)
            when 'mean_over_la_pupils' then recomputed.products_sum / nullif(published.denominator, 0)
        end as recomputed_value
    from published
    inner join recomputed using (la_code, academic_year, measure, pupil_group)

),

reconciled as (

    select
        'reconciled' as check, source, academic_year, file_id, line,
        'la ' || la_code || ' ' || reconciliation as subject,
        'recomputed from school rows against the LA row' as detail,
        case when abs(value - recomputed_value) <= tolerance then 'information' else 'warning' end as severity,
        value as published_value,
        round(recomputed_value, 2) as recomputed_value,
        round(recomputed_value - value, 2) as difference,
        tolerance,
        abs(value - recomputed_value) <= tolerance as is_reconciled
    from compared

),

findings as (

    select * from held
    union all by name
    select * from quarantined
    union all by name
    select * from rejected
    union all by name
    select * from unmatched_rows
    union all by name
    select * from disagreements
    union all by name
    select * from reconciled

)

select
    findings.check,
    findings.source,
    findings.academic_year,
    findings.file_id,
    findings.line,
    findings.subject,
    findings.detail,
    findings.severity,
    findings.published_value,
    findings.recomputed_value,
    findings.difference,
    findings.tolerance,
    findings.is_reconciled
from findings
