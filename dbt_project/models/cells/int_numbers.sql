-- Every cell that the column map uses, as a number or as the status its code stands for.
-- A cell that is neither is `unrecognised` and set aside alone; where a column holds more than a few of them,
-- int_quarantined_files leaves the whole file out.
-- Commas part thousands alone, and each stands before three digits: 5,2 may be 5.2. A pound sign stands before the
-- number and a per cent sign behind it. Brackets, blanks inside and other dashes may mean several things, and so are no
-- numbers.
-- (A negative exponent is a small number that a machine wrote, 3.1E-2; a positive one a mangled whole number.)
{% set whole = "[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?" -%}
{% set number = "'(£?[+-]?|[+-]£)(" ~ whole ~ "|[0-9]*\.?[0-9]+([eE]-[0-9]+)?)%?'" -%}
with wanted as (

    select distinct file_id, column_name
    from (
        {% for column in [
            'column_name', 'denominator_column', 'numerator_column', 'lower_ci_column', 'upper_ci_column',
            'share_column', 'share_of_column', 'denominator_part_column', 'denominator_other_part_column',
            'percent_of_column'
        ] -%}
        select file_id, {{ column }} as column_name from {{ ref('int_columns') }} where {{ column }} is not null
        {{ 'union all' if not loop.last }}
        {% endfor %}
    )

),

cells as (

    select
        cells.*,
        case
            when regexp_full_match(cells.raw_value, {{ number }})
                then regexp_replace(cells.raw_value, '[%,£]', '', 'g')
        end as bare_value
    from {{ ref('stg_cells') }} as cells
    inner join wanted using (file_id, column_name)

),

typed as (

    select
        cells.file_id,
        cells.line,
        cells.column_name,
        cells.source_column,
        cells.raw_value,
        cast(cells.bare_value as double) as number,
        case
            when cells.bare_value is not null then 'reported'
            when cells.raw_value = '' then 'blank'
            else coalesce(codes.status, 'unrecognised')
        end as status
    from cells
    left join {{ ref('value_codes') }} as codes on cells.raw_value = codes.token

),

-- the authority's own returns give counts: a percentage they leave blank is made from its count and its cohort, or from
-- the two counts that the seed percentages names where it is no share of pupils (sessions missed of sessions possible)
shares as (

    select distinct
        columns.file_id,
        columns.column_name,
        coalesce(percentages.column_name, columns.numerator_column) as numerator_column,
        coalesce(percentages.of_column, columns.denominator_column) as denominator_column
    from {{ ref('int_columns') }} as columns
    inner join {{ ref('stg_files') }} as files using (file_id)
    left join {{ ref('percentages') }} as percentages
        on files.source = percentages.source and columns.measure = percentages.measure
    where files.release = 'local_unvalidated'

),

counts as (

    select file_id, line, column_name, raw_value, try_cast(raw_value as double) as number
    from {{ ref('stg_cells') }}
    where file_id in (select file_id from shares)

),

from_counts as (

    select
        shares.file_id,
        part.line,
        shares.column_name,
        part.raw_value || ' of ' || whole.raw_value as raw_value,
        round(100 * part.number / nullif(whole.number, 0), 4) as number,
        case when whole.number = 0 then 'no_pupils' else 'reported' end as status
    from shares
    inner join counts as part on shares.file_id = part.file_id and shares.numerator_column = part.column_name
    inner join counts as whole
        on shares.file_id = whole.file_id and shares.denominator_column = whole.column_name and part.line = whole.line
    where part.number is not null and whole.number is not null

)

select
    typed.file_id,
    typed.line,
    typed.column_name,
    typed.source_column,
    coalesce(from_counts.raw_value, typed.raw_value) as raw_value,
    coalesce(from_counts.number, typed.number) as number,
    coalesce(from_counts.status, typed.status) as status
from typed
left join from_counts
    on
        typed.file_id = from_counts.file_id
        and typed.line = from_counts.line
        and typed.column_name = from_counts.column_name
        and typed.status = 'blank'
