-- Every typed value with its companions: several may stand for the same entity, year, measure and group.
with columns as (

    select * from {{ ref('int_columns') }}

),

numbers as (

    select numbers.*
    from {{ ref('int_numbers') }} as numbers
    anti join {{ ref('int_quarantined_files') }} as quarantined using (file_id)

),

rows as (

    select * from {{ ref('int_rows') }}

),

files as (

    select files.*, releases.release_rank
    from {{ ref('stg_files') }} as files
    inner join {{ ref('releases') }} as releases using (release)

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
    numerators.number as published_numerator,
    coalesce(denominators.number, parts.number + other_parts.number, round(shares.number / 100 * share_of.number)) as denominator,
    coalesce(denominators.number, parts.number + other_parts.number) is null and shares.number is not null and share_of.number is not null as is_denominator_estimated,
    lower_cis.number as published_lower_ci,
    upper_cis.number as published_upper_ci,
    columns.is_carried,
    files.source,
    files.release,
    files.release_rank,
    files.scope,
    files.published_on,
    cells.file_id,
    cells.line,
    cells.source_column
from columns
inner join numbers as cells using (file_id, column_name)
inner join rows on cells.file_id = rows.file_id and cells.line = rows.line
inner join files on cells.file_id = files.file_id
{% for companion, relation in [('denominator', 'denominators'), ('numerator', 'numerators'), ('lower_ci', 'lower_cis'), ('upper_ci', 'upper_cis'), ('share', 'shares'), ('share_of', 'share_of'), ('denominator_part', 'parts'), ('denominator_other_part', 'other_parts')] -%}
left join numbers as {{ relation }}
    on cells.file_id = {{ relation }}.file_id and cells.line = {{ relation }}.line and columns.{{ companion }}_column = {{ relation }}.column_name
{% endfor %}
