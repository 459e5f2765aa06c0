-- One row per school of the monthly inspection files, whatever their layout, in the columns of stg_ofsted_schools: the
-- newest copy this build may see. As at an earlier day a later copy serves only a school no copy of the time lists.
{% set layouts = ['stg_ofsted_schools', 'stg_ofsted_schools_2019', 'stg_ofsted_report_cards'] %}
with rows_of_every_layout as (

    {% for layout in layouts -%}
    select
        rows.*,
        '{{ layout[4:] }}' as source
    from {{ ref(layout) }} as rows
    {% if not loop.last %}union all by name{% endif %}
    {% endfor %}

),

dated as (

    select rows.*, files.published_on as listed_on, parameters.as_at
    from rows_of_every_layout as rows
    inner join {{ ref('stg_files') }} as files using (file_id)
    anti join {{ ref('int_quarantined_files') }} as quarantined using (file_id)
    cross join {{ ref('stg_parameters') }} as parameters
    where
        parameters.as_at is null
        or files.published_on <= parameters.as_at
        or coalesce(rows.open_on <= parameters.as_at, true)

),

newest as (

    select * exclude (as_at)
    from dated
    qualify row_number() over (partition by urn order by {{ copy_order('listed_on', 'as_at') }}, file_id, line) = 1

)

select newest.*, listed_on = max(listed_on) over () as is_in_newest_list
from newest
