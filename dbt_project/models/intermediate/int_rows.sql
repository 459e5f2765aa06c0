-- What each row of a results or context table is about: a school, an LA or England, and on which basis.
with fields as (

    select cells.file_id, cells.line, files.source, files.academic_year, field_map.field, cells.raw_value
    from {{ ref('stg_cells') }} as cells
    inner join {{ ref('stg_files') }} as files using (file_id)
    inner join {{ ref('field_map') }} as field_map
        on files.source = field_map.source and cells.column_name = field_map.column_name
    where files.role in ('results', 'context') and not files.has_failed_checks

),

keys as (

    select
        file_id,
        line,
        any_value(source) as source,
        any_value(academic_year) as folder,
        {% for field in ['record_type', 'urn', 'la_code', 'estab', 'school_type', 'school_name', 'nf_type', 'is_closed'] -%}
        coalesce(max(case when field = '{{ field }}' then raw_value end), '') as {{ field }}{{ ',' if not loop.last }}
        {% endfor %}
    from fields
    group by file_id, line

),

matched as (

    select
        keys.*,
        record_types.entity_type,
        record_types.basis,
        case record_types.code_field
            when 'urn' then keys.urn
            when 'la_code' then keys.la_code
            when 'school_type' then keys.school_type
            else 'ENG'
        end as entity_code
    from keys
    inner join {{ ref('record_types') }} as record_types
        on
            keys.source = record_types.source
            and keys.folder >= coalesce(record_types.folder_from, keys.folder)
            and keys.folder <= coalesce(record_types.folder_to, keys.folder)
            {% for field in ['record_type', 'urn', 'la_code', 'estab'] -%}
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
            {% for field in ['record_type', 'urn', 'la_code', 'estab'] -%}
            (coalesce(record_types.when_{{ field }}, '') not in ('', '*'))::int {{ '+' if not loop.last }}
            {% endfor %} desc,
            {% for field in ['record_type', 'urn', 'la_code', 'estab'] -%}
            (coalesce(record_types.when_{{ field }}, '') != '')::int {{ '+' if not loop.last }}
            {% endfor %} desc,
            record_types.entity_type
    ) = 1

)

select
    file_id,
    line,
    source,
    entity_type,
    entity_code,
    basis,
    case when entity_type = 'school' then urn end as urn,
    case
        when entity_type = 'la' then entity_code
        when entity_type in ('school', 'consortium') then nullif(la_code, '')
    end as la_code,
    nullif(school_name, '') as school_name,
    nullif(nf_type, '') as nf_type,
    is_closed in ('1', 'true') as is_closed
from matched
