-- Every typed value with its companions: several may stand for the same entity, year, measure and group.
{% set companions = [
    'denominator', 'numerator', 'lower_ci', 'upper_ci', 'share', 'share_of', 'denominator_part', 'denominator_other_part',
    'percent_of'
] -%}
with columns as (

    select * from {{ ref('int_columns') }}

),

numbers as (

    select numbers.*
    from {{ ref('int_numbers') }} as numbers
    anti join {{ ref('int_quarantined_files') }} as quarantined using (file_id)

),

files as (

    select * from {{ ref('stg_files') }}

),

rows as (

    select * from {{ ref('int_rows') }}

),

-- each mapped cell of a row that counts, once for every measure its column holds: in a wide table any row, in a long one
-- the rows of the measure's variant
mapped_cells as (

    select columns.*, numbers.line, numbers.number, numbers.status, numbers.raw_value
    from columns
    inner join numbers using (file_id, column_name)
    where columns.row_variant = ''
    union all by name
    select columns.*, numbers.line, numbers.number, numbers.status, numbers.raw_value
    from columns
    inner join (
        select numbers.*, rows.row_variant
        from numbers
        inner join rows using (file_id, line)
        where rows.row_variant != ''
    ) as numbers using (file_id, column_name, row_variant)

),

-- the companions of each value stand in the same line: one pass brings them beside it
companion_columns as (

    {% for companion in companions -%}
    select distinct file_id, column_name, row_variant, measure, '{{ companion }}' as companion, {{ companion }}_column as companion_column
    from columns
    where {{ companion }}_column is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

companion_numbers as (

    select
        companion_columns.file_id,
        numbers.line,
        companion_columns.column_name,
        companion_columns.row_variant,
        companion_columns.measure,
        {% for companion in companions -%}
        max(case when companion = '{{ companion }}' then numbers.number end) as {{ companion }},
        {% endfor -%}
        max(case when companion = 'percent_of' then numbers.status end) as percent_of_status,
        max(case when companion = 'percent_of' then numbers.raw_value end) as percent_of_raw_value
    from companion_columns
    inner join numbers
        on companion_columns.file_id = numbers.file_id and companion_columns.companion_column = numbers.column_name
    group by all

)

select
    rows.entity_type,
    rows.entity_code,
    rows.basis,
    rows.la_code,
    case
        when rows.row_year_end is not null then {{ academic_year('rows.row_year_end - cells.years_back') }}
        else cells.academic_year
    end as academic_year,
    cells.measure,
    coalesce(cells.pupil_group, rows.row_group, 'all') as pupil_group,
    case
        when cells.percent_of_column is null then cells.number
        -- a share of nothing is no share
        else round(100 * cells.number / nullif(companions.percent_of, 0), 4)
    end as value,
    case
        when cells.percent_of_column is null or cells.status != 'reported' then cells.status
        when companions.percent_of = 0 then 'not_applicable'
        else coalesce(companions.percent_of_status, 'blank')
    end as status,
    case when cells.percent_of_column is null then cells.raw_value else cells.raw_value || ' of ' || coalesce(companions.percent_of_raw_value, '') end as raw_value,
    companions.numerator as published_numerator,
    coalesce(
        companions.denominator,
        companions.denominator_part + companions.denominator_other_part,
        round(companions.share / 100 * companions.share_of)
    ) as denominator,
    coalesce(companions.denominator, companions.denominator_part + companions.denominator_other_part) is null
    and companions.share is not null
    and companions.share_of is not null as is_denominator_estimated,
    companions.lower_ci as published_lower_ci,
    companions.upper_ci as published_upper_ci,
    cells.is_carried,
    files.source,
    files.academic_year as folder_academic_year,
    releases.release,
    releases.release_rank,
    files.preference,
    files.scope,
    files.published_on,
    cells.file_id,
    cells.line,
    cells.source_column
from mapped_cells as cells
inner join rows using (file_id, line)
inner join files on cells.file_id = files.file_id
inner join {{ ref('releases') }} as releases on coalesce(rows.row_release, files.release) = releases.release
left join companion_numbers as companions
    on
        cells.file_id = companions.file_id
        and cells.line = companions.line
        and cells.column_name = companions.column_name
        and cells.row_variant = companions.row_variant
        and cells.measure = companions.measure
