-- One row per inspection and school it is known for. The files overlap and each keeps only a school's last one or two
-- graded inspections, so the older ones add what the newer lost.
-- A predecessor's inspection is kept as context, marked, and is never a verdict on the present school (methods section
-- 5). Codes 9, 8 and 0 say that there is no such judgement; they are null here, never a grade. No regime is converted.
-- As at an earlier day the copies of the time are believed; later ones add only what had been published by then.
{% set grades = [
    'quality_of_education', 'behaviour_and_attitudes', 'personal_development', 'leadership', 'early_years',
    'sixth_form', 'achievement_of_pupils', 'learners_achieve', 'quality_of_teaching', 'behaviour_and_safety'
] %}
with schools as (

    select urn, open_on from {{ ref('schools') }}

),

lineage as (

    select * from {{ ref('school_lineage') }} where not is_split

),

printed as (

    -- a layout that does not say under which URN it took place is read by the day on which the school opened
    select
        events.*,
        row_number() over (order by events.file_id, events.line, events.event) as event_id,
        events.urn_inspected is null as is_urn_assumed,
        events.urn_inspected is null and coalesce(events.ended_on < schools.open_on, false) as was_before_opening
    from {{ ref('int_inspection_events') }} as events
    left join schools on events.row_urn = schools.urn

),

only_predecessors as (

    select urn, ancestor_urn
    from lineage
    where not is_amalgamation
    qualify row_number() over (partition by urn order by generation, ancestor_urn) = 1

),

said as (

    select
        printed.* replace (
            case
                when not printed.is_urn_assumed then printed.urn_inspected
                when printed.was_before_opening then coalesce(only_predecessors.ancestor_urn, printed.row_urn)
                else printed.row_urn
            end as urn_inspected,
            case
                when printed.is_urn_assumed then printed.was_before_opening
                else coalesce(printed.is_predecessor, printed.urn_inspected != printed.row_urn)
            end as is_predecessor
        )
    from printed
    left join only_predecessors on printed.row_urn = only_predecessors.urn

),

owners as (

    -- the school in whose row it stands (unless only files of old know it: it has closed); the one that was inspected;
    -- and those that came after either
    select event_id, row_urn as urn, is_predecessor, 1 as nearness, false as is_amalgamation
    from said
    where row_urn in (select urn from schools)
    union all
    select said.event_id, said.urn_inspected, false, 2, false
    from said
    inner join schools on said.urn_inspected = schools.urn
    where said.is_predecessor and said.urn_inspected != said.row_urn
    union all
    select said.event_id, lineage.urn, true, 3, lineage.is_amalgamation
    from said
    inner join lineage on said.urn_inspected = lineage.ancestor_urn
    inner join schools on lineage.urn = schools.urn
    where lineage.urn != said.row_urn

),

owned as (

    select said.* exclude (is_predecessor), owners.urn, owners.is_predecessor, owners.nearness, owners.is_amalgamation
    from owners
    inner join said using (event_id)

),

first_days as (

    -- an inspection known by its last day is the one that began within the days an inspection can take; one that took
    -- place before its school opened is the one that another file prints under the earlier establishment
    select
        owned.event_id,
        owned.urn,
        max(known.inspected_on) as inspected_on,
        -- a file that prints the URN knows better than one read by the school's opening
        arg_min(known.urn_inspected, (known.is_urn_assumed, known.event_id)) as urn_inspected,
        arg_min(known.is_predecessor, (known.is_urn_assumed, known.event_id)) as is_predecessor,
        bool_or(not known.may_be_short) as is_graded
    from owned
    inner join owned as known
        on
            owned.urn = known.urn
            and owned.event_kind = known.event_kind
            and owned.event_id != known.event_id
            and not known.was_before_opening
            and (
                (
                    known.inspected_on between owned.ended_on
                    - cast({{ policy('longest_inspection_days') }} as integer) and owned.ended_on
                    and (owned.is_urn_assumed or owned.urn_inspected = known.urn_inspected)
                )
                or (known.inspected_on is null and known.ended_on = owned.ended_on and owned.was_before_opening)
            )
    where owned.inspected_on is null
    group by owned.event_id, owned.urn

),

last_two as (

    -- the graded inspections that a monthly file says came last and before that. As at an earlier day only a file of
    -- the time may say so: what a later one still remembers depends on what was inspected since
    select
        row_urn as urn,
        file_id,
        max(inspected_on) as latest_on,
        case when count(*) > 1 then min(inspected_on) end as previous_on
    from said
    where event_kind = 'graded' and inspected_on is not null and not is_later_copy
    group by row_urn, file_id, line

),

short as (

    -- one that fits between them, or after the last, was not graded: it left the earlier grade standing
    select distinct owned.event_id
    from owned
    anti join first_days on owned.event_id = first_days.event_id and first_days.is_graded
    inner join last_two
        on
            owned.urn = last_two.urn
            and (
                last_two.latest_on < owned.ended_on
                or (last_two.latest_on > owned.ended_on and last_two.previous_on < owned.ended_on)
            )
    where owned.may_be_short and not owned.is_amalgamation

),

events as (

    select
        owned.* replace (
            case when short.event_id is null then owned.event_kind else 'ungraded' end as event_kind,
            case when short.event_id is null then owned.inspection_type else 'Short inspection' end as inspection_type,
            case when short.event_id is null then owned.raw_overall end as raw_overall,
            coalesce(owned.inspected_on, first_days.inspected_on, owned.ended_on) as inspected_on,
            coalesce(first_days.urn_inspected, owned.urn_inspected) as urn_inspected,
            coalesce(first_days.is_predecessor, owned.is_predecessor) as is_predecessor
        )
    from owned
    left join first_days using (event_id, urn)
    left join short using (event_id)

),

known_days as (

    select
        events.* replace (
            coalesce(events.published_on, min(events.published_on) over same_inspection) as published_on,
            coalesce(events.ended_on, min(events.ended_on) over same_inspection) as ended_on,
            coalesce(events.inspection_number, max(events.inspection_number) over same_inspection) as inspection_number
        )
    from events
    window same_inspection as (partition by events.urn, events.urn_inspected, events.event_kind, events.inspected_on)

)

select
    events.urn,
    events.urn_inspected,
    events.is_predecessor,
    frameworks.framework,
    events.event_kind,
    events.inspection_number,
    events.inspection_type,
    events.inspected_on,
    events.ended_on,
    events.published_on,
    case when events.raw_overall in ('1', '2', '3', '4') then cast(events.raw_overall as integer) end as overall_grade,
    {% for grade in grades -%}
    case
        when events.raw_{{ grade }} in ('1', '2', '3', '4') then cast(events.raw_{{ grade }} as integer)
    end as {{ grade }},
    {% endfor -%}
    case events.raw_safeguarding when 'Yes' then true when 'No' then false end as is_safeguarding_effective,
    {% for area in report_card_areas() -%}
    events.card_{{ area }},
    {% endfor -%}
    events.card_safeguarding_standards,
    events.category_of_concern,
    events.outcome_text,
    events.source,
    events.file_id,
    events.line
from known_days as events
cross join {{ ref('stg_parameters') }} as parameters
left join {{ ref('inspection_frameworks') }} as frameworks
    on events.inspected_on between cast(frameworks.inspected_from as date) and cast(frameworks.inspected_to as date)
where
    parameters.as_at is null
    or events.published_on <= parameters.as_at
    -- a file of the time that tells of it was out itself; a later one that does not print when the report came out
    -- cannot say that it was out at once
    or (
        events.published_on is null
        and events.inspected_on
        + case when events.is_later_copy then cast({{ policy('report_days') }} as integer) else 0 end
        <= parameters.as_at
    )
qualify row_number() over (
    partition by events.urn, events.urn_inspected, events.event_kind, events.inspected_on
    order by
        events.is_later_copy,
        events.preference,
        case when events.is_later_copy then events.listed_on end,
        events.listed_on desc,
        events.nearness, events.file_id, events.line, events.event
) = 1
