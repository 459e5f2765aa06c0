-- Every typed value with its companions: several may stand for the same entity, year, measure and group.
{% set companions = [
    'denominator', 'numerator', 'lower_ci', 'upper_ci', 'share', 'share_of', 'denominator_part', 'denominator_other_part'
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

    select files.*, releases.release_rank
    from {{ ref('stg_files') }} as files
    inner join {{ ref('releases') }} as releases using (release)

),

-- the companions of each value stand in the same line: one pass brings them beside it
companion_columns as (

    {% for companion in companions -%}
    select file_id, column_name, '{{ companion }}' as companion, {{ companion }}_column as companion_column
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
        {% for companion in companions -%}
        max(case when companion = '{{ companion }}' then numbers.number end) as {{ companion }}{{ ',' if not loop.last }}
        {% endfor %}
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
    columns.academic_year,
    columns.measure,
    columns.pupil_group,
    cells.number as value,
    cells.status,
    cells.raw_value,
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
    columns.is_carried,
    files.source,
    files.academic_year as folder_academic_year,
    files.release,
    files.release_rank,
    files.scope,
    files.published_on,
    cells.file_id,
    cells.line,
    cells.source_column
from columns
inner join numbers as cells using (file_id, column_name)
inner join {{ ref('int_rows') }} as rows on cells.file_id = rows.file_id and cells.line = rows.line
inner join files on cells.file_id = files.file_id
left join companion_numbers as companions
    on cells.file_id = companions.file_id and cells.line = companions.line and cells.column_name = companions.column_name
