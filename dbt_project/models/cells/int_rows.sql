-- What each row of a results or context table is about: a school, a trust, an LA or England, and on which basis.
-- A wide table says so in its record type (record_types); a long one in its filter columns (row_dimensions), which may
-- also name the row's pupil group, its own year and release, and the variant that tells one measure from another.
{% set keys = [
    'record_type', 'urn', 'la_code', 'estab', 'school_type', 'school_name', 'nf_type', 'is_closed',
    'time_period', 'region_code', 'district_code', 'trust_code', 'version'
] -%}
{% set conditions = ['record_type', 'urn', 'la_code', 'estab'] -%}
with fields as (

    select cells.file_id, cells.line, files.source, files.academic_year, field_map.field, cells.raw_value
    from {{ ref('stg_cells') }} as cells
    inner join {{ ref('stg_files') }} as files using (file_id)
    inner join {{ ref('field_map') }} as field_map
        on files.source = field_map.source and cells.column_name = field_map.column_name
    -- (a file's strange rows: what they are about is not known)
    anti join {{ ref('stg_set_aside') }} as aside on cells.file_id = aside.file_id and cells.line = aside.line
    where files.role in ('results', 'context') and not files.has_failed_checks

),

keys as (

    select
        file_id,
        line,
        any_value(source) as source,
        any_value(academic_year) as folder,
        {% for field in keys -%}
        coalesce(max(case when field = '{{ field }}' then raw_value end), '') as {{ field }}{{ ',' if not loop.last }}
        {% endfor %}
    from fields
    group by file_id, line

),

by_record_type as (

    select keys.*, record_types.entity_type, record_types.basis, record_types.code_field
    from keys
    inner join {{ ref('record_types') }} as record_types
        on
            keys.source = record_types.source
            and keys.folder >= coalesce(record_types.folder_from, keys.folder)
            and keys.folder <= coalesce(record_types.folder_to, keys.folder)
            {% for field in conditions -%}
            and (
                coalesce(record_types.when_{{ field }}, '') = ''
                or (record_types.when_{{ field }} = '~' and keys.{{ field }} = '')
                or (record_types.when_{{ field }} = '*' and keys.{{ field }} != '')
                or record_types.when_{{ field }} = keys.{{ field }}
            )
            {% endfor %}
    -- the rule that names most conditions wins (England's absence row also looks like a school's)
    qualify row_number() over (
        partition by keys.file_id, keys.line
        order by
            {% for field in conditions -%}
            (coalesce(record_types.when_{{ field }}, '') not in ('', '*'))::int {{ '+' if not loop.last }}
            {% endfor %} desc,
            {% for field in conditions -%}
            (coalesce(record_types.when_{{ field }}, '') != '')::int {{ '+' if not loop.last }}
            {% endfor %} desc,
            record_types.entity_type
    ) = 1

),

dimension_values as (

    {{ dimension_values('fields') }}

),

dimensions as (

    select
        file_id,
        line,
        max(value) filter (where role = 'level') as entity_type,
        max(value) filter (where role = 'basis') as basis,
        max(value) filter (where role = 'group') as pupil_group,
        max(value) filter (where role = 'code') as own_code,
        max(value) filter (where role = 'newest') as place_in_year,
        coalesce(string_agg(value, '+' order by field) filter (where role = 'variant'), '') as variant
    from dimension_values
    group by file_id, line
    -- a row of two groups at once (disadvantaged girls) is about neither
    having
        bool_and(role is not null) and not bool_or(role = 'skip')
        and min(value) filter (where role = 'group') is not distinct from max(value) filter (where role = 'group')

),

by_dimensions as (

    select
        keys.*,
        dimensions.entity_type,
        coalesce(case when dimensions.entity_type = 'school' then 'school' end, dimensions.basis, 'state_funded')
            as basis,
        case dimensions.entity_type
            when 'school' then 'urn'
            when 'la' then 'la_code'
            when 'region' then 'region_code'
            when 'district' then 'district_code'
            when 'trust' then 'trust_code'
        end as code_field,
        dimensions.own_code,
        dimensions.pupil_group as row_group,
        dimensions.variant as row_variant,
        {{ period_year_end('keys.time_period') }} as row_year_end,
        case
            when lower(keys.version) in ('provisional', 'revised', 'final') then lower(keys.version)
            when keys.time_period ilike '%(prov%' then 'provisional'
            when keys.time_period ilike '%(rev%' then 'revised'
        end as row_release
    from keys
    inner join dimensions using (file_id, line)
    where
        dimensions.entity_type is not null
        and (keys.time_period = '' or {{ period_year_end('keys.time_period') }} is not null)
    -- of a figure that is printed week by week, the newest of its year
    qualify
        coalesce(dimensions.place_in_year, '')
        = max(coalesce(dimensions.place_in_year, '')) over (partition by keys.file_id, keys.time_period)

),

matched as (

    select * from by_dimensions
    union all by name
    select * from by_record_type

)

select
    file_id,
    line,
    source,
    entity_type,
    case
        when own_code is not null then own_code
        when code_field = 'urn' then urn
        when code_field = 'la_code' then left(la_code, 3)
        when code_field = 'school_type' then school_type
        when code_field = 'region_code' then region_code
        when code_field = 'district_code' then district_code
        when code_field = 'trust_code' then trust_code
        else 'ENG'
    end as entity_code,
    basis,
    case when entity_type = 'school' then urn end as urn,
    case
        when entity_type = 'la' and code_field = 'school_type' then school_type
        -- a DfE number begins with it
        when entity_type in ('la', 'school', 'consortium', 'district') then nullif(left(la_code, 3), '')
    end as la_code,
    nullif(school_name, '') as school_name,
    nullif(nf_type, '') as nf_type,
    is_closed in ('1', 'true') as is_closed,
    row_group,
    coalesce(row_variant, '') as row_variant,
    row_year_end,
    row_release
from matched
