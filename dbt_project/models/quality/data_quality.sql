-- What was held, left out, rejected, contradicted or reconciled, one row per finding.
with files as (

    select * from {{ ref('stg_files') }}

),

held as (

    select
        'held' as "check", source, academic_year, file_id, cast(null as integer) as line, release as subject,
        printf('%d rows, %d cells, %d rows rejected', rows_n, cells_n, rejected_rows_n)
            || case when published_on_is_assumed then '; published_on is assumed' else '' end as detail,
        'information' as severity
    from files

),

quarantined as (

    select
        'quarantined' as "check", files.source, files.academic_year, quarantined.file_id, cast(null as integer) as line,
        'file' as subject, quarantined.reason as detail, 'warning' as severity
    from {{ ref('int_quarantined_files') }} as quarantined
    inner join files using (file_id)

),

-- a strange cell of a file that is otherwise used
set_aside as (

    select
        'cell_set_aside' as "check", files.source, files.academic_year, numbers.file_id, numbers.line,
        'column ' || numbers.source_column as subject,
        {{ quoted('numbers.raw_value') }}
        || ' is neither a number nor a published code: the cell counts as an absence' as detail,
        'warning' as severity
    from {{ ref('int_numbers') }} as numbers
    inner join files using (file_id)
    anti join {{ ref('int_quarantined_files') }} as quarantined using (file_id)
    where numbers.status = 'unrecognised'
    union all
    select
        'cell_set_aside', files.source, files.academic_year, unread.file_id, unread.line,
        'column ' || unread.source_column,
        {{ quoted('unread.raw_value') }} || case
            when ends_with(unread.field, '_on') then ' is no day of the calendar'
            else ' is no whole number'
        end || ': the cell counts as blank',
        'warning'
    from {{ ref('int_unread_cells') }} as unread
    inner join files using (file_id)
    union all
    select
        aside.extent || '_set_aside', files.source, files.academic_year, aside.file_id, aside.line,
        'column ' || aside.column_name,
        case when aside.raw_value = '' then 'blank' else {{ quoted('aside.raw_value') }} end
        || '. ' || aside.reason || case aside.extent
            when 'row' then ' The row is left out.'
            else ' The cell counts as blank.'
        end,
        'warning'
    from {{ ref('stg_set_aside') }} as aside
    inner join files using (file_id)

),

-- a word that the register has and no seed knows: the row is kept, and what is not known of it is said
unknown_words as (

    select
        schools.file_id, 'establishment type ' || schools.establishment_type as subject, count(*) as rows_n,
        'its sector and funding are not known, so its schools stand in the list of schools and in no review: '
        || 'add the type to the seed establishment_types' as detail
    from {{ ref('schools') }} as schools
    where schools.sector is null and schools.establishment_type is not null
    group by schools.file_id, schools.establishment_type
    union all
    select
        register.file_id, 'status ' || register.school_status, count(*),
        'a school with it counts as open unless a closing day is printed: add the status to the seed '
        || 'establishment_statuses'
    from {{ ref('int_register') }} as register
    left join {{ ref('establishment_statuses') }} as statuses
        on lower(register.school_status) = lower(statuses.school_status)
    -- (what is no longer listed is this warehouse's own word)
    where
        register.school_status is not null
        and register.school_status != 'No longer listed'
        and statuses.school_status is null
    group by register.file_id, register.school_status
    union all
    select
        links.file_id, 'link type ' || links.link_type, count(*),
        'the link is left out of every school''s history: add the type to the seed link_types'
    from {{ ref('stg_gias_links') }} as links
    anti join {{ ref('link_types') }} as types using (link_type)
    where links.link_type is not null
    group by links.file_id, links.link_type

),

unknown_codes as (

    select
        'unknown_code' as "check", files.source, files.academic_year, unknown_words.file_id,
        cast(null as integer) as line, unknown_words.subject,
        printf('%d rows: ', unknown_words.rows_n) || unknown_words.detail as detail, 'warning' as severity
    from unknown_words
    inner join files using (file_id)

),

-- figures that are printed with a doubt: the authority's own and England's
doubted as (

    select
        'doubt' as "check", observations.source, observations.academic_year, observations.file_id, observations.line,
        concat_ws(
            ' ', observations.entity_type, observations.entity_code, observations.basis, observations.measure,
            observations.pupil_group
        ) as subject,
        observations.doubt as detail, 'warning' as severity
    from {{ ref('observations') }} as observations
    cross join {{ ref('stg_parameters') }} as parameters
    where
        observations.doubt is not null
        and (
            parameters.la_code = 'all'
            or observations.la_code = parameters.la_code
            or observations.entity_type = 'country'
        )
    union all
    select
        'doubt', files.source, decomposition.academic_year, decomposition.file_id, null,
        'parts of the gap of LA ' || decomposition.la_code || ' ' || decomposition.measure, decomposition.doubt,
        'warning'
    from {{ ref('gap_decomposition') }} as decomposition
    inner join files using (file_id)
    where decomposition.doubt is not null

),

rejected as (

    select
        'rejected_row' as "check", files.source, files.academic_year, rejects.file_id, rejects.line,
        rejects.reason_code as subject, rejects.reason as detail,
        case when rejects.reason_code = 'duplicate_identical' then 'information' else 'warning' end as severity
    from {{ ref('stg_rejects') }} as rejects
    inner join files using (file_id)

),

-- an entry of a school that nobody knows is of no authority, and so stands in no published list: here it is told
entries as (

    select file_id, line, urn from {{ ref('stg_local_registers') }}
    union all
    select file_id, line, urn from {{ ref('stg_local_interventions') }}
    union all
    select file_id, line, urn from {{ ref('stg_local_intelligence') }}
    union all
    select file_id, line, urn from {{ ref('stg_local_moderation') }}

),

unknown_schools as (

    select
        'unknown_school' as "check", files.source, files.academic_year, entries.file_id, entries.line,
        'URN ' || entries.urn as subject,
        'no register or inspection file held knows a school of this number, so the entry stands in no published list: '
        || 'give it again with the right number, or add a newer register'
            as detail,
        'warning' as severity
    from entries
    inner join files using (file_id)
    anti join {{ ref('schools') }} as schools on entries.urn = schools.urn

),

unmatched_rows as (

    select
        'row_of_unknown_kind' as "check",
        files.source,
        files.academic_year,
        files.file_id,
        cast(null as integer) as line,
        'record type' as subject,
        printf('%d rows match no record type', files.rows_n - coalesce(matched.rows_n, 0)) as detail,
        'warning' as severity
    from files
    left join (
        select file_id, count(*) as rows_n
        from (
            select file_id, line from {{ ref('int_rows') }}
            union
            select file_id, line from {{ ref('int_known_rows') }}
            union
            select file_id, line from {{ ref('stg_set_aside') }} where extent = 'row'
        )
        group by file_id
    ) as matched using (file_id)
    where
        files.role in ('results', 'context')
        and not files.has_failed_checks
        and files.rows_n > coalesce(matched.rows_n, 0)

),

-- numbers that this build's reader may care about: the LA asked for and England
compared as (

    select
        candidates.source,
        candidates.file_id,
        candidates.line,
        candidates.entity_type,
        candidates.entity_code,
        candidates.basis,
        candidates.academic_year,
        candidates.measure,
        candidates.pupil_group,
        candidates.release,
        candidates.folder_academic_year,
        candidates.published_on,
        candidates.scope,
        candidates.is_carried,
        candidates.preference,
        candidates.value,
        {{ small_key([
            'candidates.entity_type', 'candidates.entity_code', 'candidates.basis', 'candidates.academic_year',
            'candidates.measure', 'candidates.pupil_group', 'candidates.release'
        ]) }} as figure
    from {{ ref('int_candidates') }} as candidates
    cross join {{ ref('stg_parameters') }} as parameters
    where
        candidates.status = 'reported'
        and (
            parameters.la_code = 'all' or candidates.la_code = parameters.la_code or candidates.entity_type = 'country'
        )

),

-- few figures are printed with different numbers, and what follows asks about those alone
different as (

    select compared.*
    from compared
    semi join (
        select figure from compared group by figure having min(value) != max(value)
    ) as figures on compared.figure = figures.figure

),

contradicted as (

    -- the same value from two files of the same source, folder and release, with different numbers (a later folder
    -- revises)
    select
        min(source) as source,
        min(file_id) as file_id,
        min(line) as line,
        entity_type,
        entity_code,
        basis,
        academic_year,
        measure,
        pupil_group,
        release, string_agg(distinct cast(value as varchar), ' and ' order by cast(value as varchar)) as numbers
    from different
    group by source, entity_type, entity_code, basis, academic_year, measure, pupil_group, release, folder_academic_year
    having min(value) != max(value)

),

latest_of_each_source as (

    select *
    from different
    where not is_carried
    qualify row_number() over (
        partition by source, entity_type, entity_code, basis, academic_year, measure, pupil_group, release
        order by folder_academic_year desc, published_on desc, scope = 'england' desc, file_id, line
    ) = 1

),

contradicted_by_another_source as (

    -- two sources of one release: they print different places, so half a unit of the measure's own (and the fourth
    -- place, to which values are kept) is no difference
    select
        arg_min(latest.source, (latest.preference, latest.source)) as source,
        arg_min(latest.file_id, (latest.preference, latest.source)) as file_id,
        arg_min(latest.line, (latest.preference, latest.source)) as line,
        latest.entity_type,
        latest.entity_code,
        latest.basis,
        latest.academic_year,
        latest.measure, latest.pupil_group, latest.release,
        string_agg(
            printf('%s (%s)', cast(latest.value as varchar), latest.source),
            ' and ' order by latest.preference, latest.source
        ) as numbers
    from latest_of_each_source as latest
    inner join {{ ref('measures') }} as measures using (measure)
    group by
        latest.entity_type,
        latest.entity_code,
        latest.basis,
        latest.academic_year,
        latest.measure,
        latest.pupil_group,
        latest.release,
        measures.decimals
    having max(latest.value) - min(latest.value) > 0.5 * power(10, -measures.decimals) + 1e-4

),

disagreements as (

    select
        'disagreement' as "check", source, academic_year, file_id, line,
        entity_type || ' ' || entity_code || ' ' || measure || ' ' || pupil_group as subject,
        'values ' || numbers || ' in release ' || release as detail,
        'warning' as severity
    from (
        select * from contradicted
        union all by name
        select * from contradicted_by_another_source
    )

),

reconciled as (

    select
        'reconciled' as "check", source, academic_year, file_id, line,
        level || ' ' || area_code || ' ' || reconciliation as subject,
        printf('recomputed from %d school rows of the same file', schools_n)
        || coalesce('; ' || explanation, '') as detail,
        case when is_reconciled or explanation is not null then 'information' else 'warning' end as severity,
        published_value, recomputed_value, difference, tolerance, is_reconciled
    from {{ ref('int_reconciliations') }}

),

remade as (

    select
        twin as "check",
        min(source) as source,
        academic_year,
        min(file_id) as file_id,
        min(case when not is_equal then line end) as line,
        measure as subject,
        printf('%d of %d published figures made again are equal', count(*) filter (where is_equal), count(*))
            || coalesce(
                '; first: '
                || min(
                    case when not is_equal then entity_code || ' prints ' || printed || ', made again ' || remade end
                ),
                ''
            ) as detail,
        case when bool_and(is_equal) then 'information' else 'warning' end as severity,
        count(*) filter (where is_equal) = count(*) as is_reconciled
    from {{ ref('int_published_twins') }}
    group by twin, academic_year, measure

),

findings as (

    select * from held
    union all by name
    select * from quarantined
    union all by name
    select * from set_aside
    union all by name
    select * from unknown_codes
    union all by name
    select * from doubted
    union all by name
    select * from rejected
    union all by name
    select * from unknown_schools
    union all by name
    select * from unmatched_rows
    union all by name
    select * from disagreements
    union all by name
    select * from reconciled
    union all by name
    select * from remade

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
