-- Which column of which file holds which measure, group and academic year, carried columns included. In a long file the
-- row names the group (none here) and its own year, and only rows of the column's variant count.
-- A percentage that nobody prints is one column of another (percentages).
-- A column named in the map counts as itself; only then may its ending mark it as carried (`PTL2BASICS_94` is a grade).
with files as (

    select * from {{ ref('stg_files') }} where not has_failed_checks

),

headers as (

    select
        files.file_id,
        files.source,
        files.academic_year as folder_academic_year,
        files.year_end,
        columns.column_name,
        columns.source_column
    from files
    inner join {{ ref('stg_columns') }} as columns using (file_id)

),

column_map as (

    select
        source,
        column_name,
        measure,
        pupil_group,
        years_back,
        coalesce(denominator_column, '') as denominator_column,
        coalesce(numerator_column, '') as numerator_column,
        coalesce(lower_ci_column, '') as lower_ci_column,
        coalesce(upper_ci_column, '') as upper_ci_column,
        coalesce(share_column, '') as share_column,
        coalesce(share_of_column, '') as share_of_column,
        coalesce(denominator_part_column, '') as denominator_part_column,
        coalesce(denominator_other_part_column, '') as denominator_other_part_column,
        coalesce(row_variant, '') as row_variant,
        '' as percent_of_column
    from {{ ref('column_map') }}
    union all
    -- (the authority's own returns give the share beside its counts: int_numbers makes it where it is blank)
    select
        source,
        column_name,
        measure,
        pupil_group,
        0 as years_back,
        coalesce(pupils_column, '') as denominator_column,
        {% for companion in [
            'numerator', 'lower_ci', 'upper_ci', 'share', 'share_of', 'denominator_part', 'denominator_other_part'
        ] -%}
        '' as {{ companion }}_column,
        {% endfor -%}
        '' as row_variant,
        of_column as percent_of_column
    from {{ ref('percentages') }}
    where not starts_with(source, 'local_')

),

own_year as (

    select
        headers.*,
        '' as suffix,
        headers.year_end - column_map.years_back as value_year_end,
        column_map.* exclude (source, column_name)
    from headers
    inner join column_map using (source, column_name)
    left join headers as whole on headers.file_id = whole.file_id and column_map.percent_of_column = whole.column_name
    -- another layout's spelling of the whole is not in this file
    where column_map.percent_of_column = '' or whole.column_name is not null

),

carried as (

    select
        headers.*,
        suffixes.suffix,
        case
            when suffixes.kind = 'year_ending' then suffixes.value
            else headers.year_end - suffixes.value
        end as value_year_end,
        column_map.* exclude (source, column_name)
    from headers
    inner join {{ ref('carried_suffixes') }} as suffixes
        on
            headers.source = suffixes.source
            and coalesce(suffixes.folder_academic_year, headers.folder_academic_year) = headers.folder_academic_year
            and ends_with(headers.column_name, suffixes.suffix)
    inner join column_map
        on
            headers.source = column_map.source
            and left(headers.column_name, length(headers.column_name) - length(suffixes.suffix))
            = column_map.column_name
            and column_map.percent_of_column = ''
    anti join own_year on headers.file_id = own_year.file_id and headers.column_name = own_year.column_name

),

both_kinds as (

    select *, false as is_carried from own_year
    union all by name
    select *, true as is_carried from carried

)

select
    file_id,
    column_name,
    source_column,
    measure,
    nullif(pupil_group, '') as pupil_group,
    {{ academic_year('value_year_end') }} as academic_year,
    years_back,
    row_variant,
    is_carried,
    {% for companion in [
        'denominator', 'numerator', 'lower_ci', 'upper_ci', 'share', 'share_of', 'denominator_part', 'denominator_other_part',
        'percent_of'
    ] -%}
    nullif({{ companion }}_column, '') || suffix as {{ companion }}_column{{ ',' if not loop.last }}
    {% endfor %}
from both_kinds
