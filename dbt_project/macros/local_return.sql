{#
A return of the authority that gathers over time, as it stands: one row per entry (`key`), typed, from the newest file
that holds it. `noted_on` is the day from which an entry is known and `later_dates` are days that become known when
they come: an entry or a day after the as-at day is not there yet. No rows where no file is held. `told_to` is the day up
to which the return tells: that of its newest file.
#}
{% macro local_return(source, fields, key, noted_on, later_dates=[], integers=[]) -%}
with entries as (

    {{ register_rows(source, fields, dates=[noted_on] + later_dates, integers=integers) | indent(4) }}

),

known as (

    select entries.*, files.published_on
    from entries
    inner join {{ ref('stg_files') }} as files using (file_id)
    cross join {{ ref('stg_parameters') }} as parameters
    where parameters.as_at is null or entries.{{ noted_on }} <= parameters.as_at

)

select
    known.file_id,
    known.line
    {%- for field in fields %},
    {% if field in later_dates -%}
    case when parameters.as_at is null or known.{{ field }} <= parameters.as_at then known.{{ field }} end as {{ field }}
    {%- else -%}
    known.{{ field }}
    {%- endif %}
    {%- endfor %},
    max(known.published_on) over () as told_to
from known
cross join {{ ref('stg_parameters') }} as parameters
qualify row_number() over (
    partition by {% for field in key %}known.{{ field }}{{ ', ' if not loop.last }}{% endfor %}
    order by known.published_on desc, known.file_id, known.line
) = 1
{%- endmacro %}
