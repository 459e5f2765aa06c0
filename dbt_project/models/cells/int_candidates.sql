-- Every typed value with its companions: several may stand for the same entity, year, measure and group.
-- A figure whose own count is a code for an absence, or is 0, takes that absence: publishers print 0.00% beside NA.
{% set companions = [
    'denominator', 'numerator', 'lower_ci', 'upper_ci', 'share', 'share_of', 'denominator_part', 'denominator_other_part',
    'percent_of'
] -%}
-- a number stands for each use of a column, so that millions of rows are joined by it and not by four text columns
with columns as materialized (

    select *, row_number() over () as column_no
    from {{ ref('int_columns') }}

),

numbers as (

    select numbers.*
    from {{ ref('int_numbers') }} as numbers
    anti join {{ ref('int_quarantined_files') }} as quarantined using (file_id)

),

files as (

    select * from {{ ref('stg_files') }}

),

absent_counts as (

    select distinct status from {{ ref('value_codes') }} where is_count_absent

),

rows as (

    select * from {{ ref('int_rows') }}

),

-- each mapped cell of a row that counts, once for every measure its column holds: in a wide table any row, in a long
-- one the rows of the measure's variant
mapped_cells as (

    select columns.column_no, file_id, numbers.line, numbers.number, numbers.status, numbers.raw_value
    from columns
    inner join numbers using (file_id, column_name)
    where columns.row_variant = ''
    union all by name
    select columns.column_no, file_id, numbers.line, numbers.number, numbers.status, numbers.raw_value
    from columns
    inner join (
        select numbers.*, rows.row_variant
        from numbers
        inner join rows using (file_id, line)
        where rows.row_variant != ''
    ) as numbers using (file_id, column_name, row_variant)

),

-- the companions of each value stand in the same line, each in a column of its own
{% for companion in companions -%}
{{ companion }}_cells as (

    select columns.column_no, numbers.line, numbers.number, numbers.status, numbers.raw_value
    from columns
    inner join numbers on columns.file_id = numbers.file_id and columns.{{ companion }}_column = numbers.column_name

),

{% endfor -%}
-- the absence that the counts beside a number state: of the pupils who count, else of all pupils
counted as (

    select
        cells.*,
        case
            when cells.status != 'reported' then null
            when denominator_cells.number = 0 then 'no_pupils'
            when numerator_cells.status in (from absent_counts) then numerator_cells.status
            when denominator_cells.status in (from absent_counts) then denominator_cells.status
        end as count_status,
        case
            when numerator_cells.status in (from absent_counts) then numerator_cells.raw_value
            else denominator_cells.raw_value
        end as count_raw_value,
        numerator_cells.number as published_numerator,
        denominator_cells.number as published_denominator,
        cells.status = 'reported' and cells.number = 0
        and coalesce(numerator_cells.status, denominator_cells.status) in ('blank', 'unrecognised') as is_zero_uncounted
    from mapped_cells as cells
    left join numerator_cells using (column_no, line)
    left join denominator_cells using (column_no, line)

)

select
    rows.entity_type,
    rows.entity_code,
    rows.basis,
    rows.la_code,
    case
        when rows.row_year_end is not null then {{ academic_year('rows.row_year_end - columns.years_back') }}
        else columns.academic_year
    end as academic_year,
    columns.measure,
    coalesce(columns.pupil_group, rows.row_group, 'all') as pupil_group,
    case
        when columns.percent_of_column is null and cells.count_status is not null then null
        when columns.percent_of_column is null then cells.number
        -- a share of nothing is no share
        else round(100 * cells.number / nullif(percent_of_cells.number, 0), 4)
    end as value,
    case
        when columns.percent_of_column is null and cells.count_status is not null then cells.count_status
        when columns.percent_of_column is null or cells.status != 'reported' then cells.status
        when percent_of_cells.number = 0 then 'not_applicable'
        else coalesce(percent_of_cells.status, 'blank')
    end as status,
    case
        when columns.percent_of_column is null and cells.count_status is not null
            then cells.raw_value || ' beside a count of ' || cells.count_raw_value
        when columns.percent_of_column is null then cells.raw_value
        else cells.raw_value || ' of ' || coalesce(percent_of_cells.raw_value, '')
    end as raw_value,
    cells.published_numerator,
    coalesce(
        cells.published_denominator,
        denominator_part_cells.number + denominator_other_part_cells.number,
        round(share_cells.number / 100 * share_of_cells.number)
    ) as denominator,
    coalesce(cells.published_denominator, denominator_part_cells.number + denominator_other_part_cells.number) is null
    and share_cells.number is not null
    and share_of_cells.number is not null as is_denominator_estimated,
    lower_ci_cells.number as published_lower_ci,
    upper_ci_cells.number as published_upper_ci,
    columns.is_carried,
    files.source,
    files.academic_year as folder_academic_year,
    releases.release,
    releases.release_rank,
    files.preference,
    files.scope,
    files.published_on,
    cells.file_id,
    cells.line,
    columns.source_column,
    cells.is_zero_uncounted
from counted as cells
inner join columns using (column_no)
inner join rows on cells.file_id = rows.file_id and cells.line = rows.line
inner join files on cells.file_id = files.file_id
inner join {{ ref('releases') }} as releases on coalesce(rows.row_release, files.release) = releases.release
{% for companion in companions if companion not in ('numerator', 'denominator') -%}
left join {{ companion }}_cells
    on cells.column_no = {{ companion }}_cells.column_no and cells.line = {{ companion }}_cells.line
{% endfor %}
