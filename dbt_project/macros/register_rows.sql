{#
The rows of a register or log, one column per field of the field map: text, with blanks null; `dates` and `integers`
typed, null where the text is neither. A file that failed its checks is left out, and so is what the checks set aside: a
row whose key is strange, or a strange cell alone.
#}
{% macro register_rows(source, fields, dates=[], integers=[]) -%}
with fields as (

    -- Ofsted prints some blanks as the word NULL
    select cells.file_id, cells.line, field_map.field, nullif(cells.raw_value, 'NULL') as raw_value
    from {{ ref('stg_cells') }} as cells
    inner join {{ ref('stg_files') }} as files using (file_id)
    inner join {{ ref('field_map') }} as field_map
        on files.source = field_map.source and cells.column_name = field_map.column_name
    anti join {{ ref('stg_set_aside') }} as aside
        on
            cells.file_id = aside.file_id and cells.line = aside.line
            and (aside.extent = 'row' or cells.column_name = aside.column_name)
    where files.source = '{{ source }}' and not files.has_failed_checks

),

renamed as (

    select
        file_id,
        line
        {%- for field in fields %}
        {%- set raw = "max(case when field = '" ~ field ~ "' then raw_value end)" %},
        {% if field in dates %}{{ published_date(raw) }}
        {%- elif field in integers %}try_cast({{ raw }} as integer)
        {%- else %}nullif({{ raw }}, '')
        {%- endif %} as {{ field }}
        {%- endfor %}
    from fields
    group by file_id, line

)

select * from renamed
{%- endmacro %}
