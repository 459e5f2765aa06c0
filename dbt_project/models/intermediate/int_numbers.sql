-- Every cell that the column map uses, as a number or as the status its code stands for.
-- A cell that is neither is `unrecognised`; int_quarantined_files then leaves its whole file out.
with wanted as (

    select distinct file_id, column_name
    from (
        {% for column in ['column_name', 'denominator_column', 'numerator_column', 'lower_ci_column', 'upper_ci_column', 'share_column', 'share_of_column', 'denominator_part_column', 'denominator_other_part_column'] -%}
        select file_id, {{ column }} as column_name from {{ ref('int_columns') }} where {{ column }} is not null
        {{ 'union all' if not loop.last }}
        {% endfor %}
    )

),

cells as (

    select cells.*, regexp_replace(cells.raw_value, '[%,£]', '', 'g') as bare_value
    from {{ ref('stg_cells') }} as cells
    inner join wanted using (file_id, column_name)

)

select
    cells.file_id,
    cells.line,
    cells.column_name,
    cells.source_column,
    cells.raw_value,
    case
        when regexp_full_match(cells.bare_value, '[+-]?[0-9]*\.?[0-9]+') then cast(cells.bare_value as double)
    end as number,
    case
        when regexp_full_match(cells.bare_value, '[+-]?[0-9]*\.?[0-9]+') then 'reported'
        when cells.raw_value = '' then 'blank'
        else coalesce(codes.status, 'unrecognised')
    end as status
from cells
left join {{ ref('value_codes') }} as codes on cells.raw_value = codes.token
