-- What each row of an inspection file vouches for: that between its two graded inspections, and from the latest to the
-- newest that the file holds, there was no other. Read by the back-test: a school's state on a past day is certain
-- where such a row covers that day, and a first inspection is the first where rows cover the time before it.
with graded as (

    select *, coalesce(inspected_on, ended_on) as on_day
    from {{ ref('int_inspection_events') }}
    where event_kind = 'graded'

),

horizons as (

    -- reports take weeks: what happened in a file's last days is not all in it
    select file_id, max(on_day) - cast({{ policy('report_days') }} as integer) as complete_to
    from graded
    where event in ('card', 'graded')
    group by file_id

),

school_rows as (

    select
        row_urn as urn,
        file_id,
        line,
        max(on_day) as latest_on,
        -- a report card's row holds the grades before it; a monthly row its previous inspection
        case when count(distinct on_day) > 1 then min(on_day) end as previous_on
    from graded
    group by row_urn, file_id, line

)

select
    school_rows.urn,
    school_rows.previous_on,
    school_rows.latest_on,
    greatest(horizons.complete_to, school_rows.latest_on) as complete_to,
    school_rows.file_id,
    school_rows.line
from school_rows
inner join horizons using (file_id)
