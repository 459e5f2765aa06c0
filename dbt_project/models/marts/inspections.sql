-- One row per inspection event known for a current school: latest graded, previous graded and latest ungraded.
-- A predecessor's inspection is kept as context, marked, and is never a verdict on the present school (methods section 5).
-- Codes 9, 8 and 0 say that there is no such judgement; they are null here, never a grade.
with register as (

    select stg.*
    from {{ ref('stg_ofsted_schools') }} as stg
    inner join {{ ref('stg_files') }} as files using (file_id)
    anti join {{ ref('int_quarantined_files') }} as quarantined using (file_id)
    qualify row_number() over (partition by stg.urn order by files.published_on desc, files.file_id) = 1

),

{% for prefix in ['graded', 'previous'] -%}
{{ prefix }}_events as (

    select
        urn,
        {{ prefix }}_urn as urn_inspected,
        {{ prefix }}_is_current = 'No' as is_predecessor,
        'graded' as event_kind,
        {{ 'graded_inspection_type' if prefix == 'graded' else 'cast(null as varchar)' }} as inspection_type,
        {{ prefix }}_inspected_on as inspected_on,
        {{ prefix }}_published_on as published_on,
        {{ prefix }}_overall as raw_overall,
        nullif({{ prefix }}_quality_of_education, '') as raw_quality_of_education,
        nullif({{ prefix }}_behaviour_and_attitudes, '') as raw_behaviour_and_attitudes,
        nullif({{ prefix }}_personal_development, '') as raw_personal_development,
        nullif({{ prefix }}_leadership, '') as raw_leadership,
        nullif({{ prefix }}_safeguarding, '') as raw_safeguarding,
        nullif({{ prefix }}_early_years, '') as raw_early_years,
        nullif({{ prefix }}_sixth_form, '') as raw_sixth_form,
        nullif({{ prefix }}_category, '') as category_of_concern,
        cast(null as varchar) as outcome_text,
        file_id,
        line
    from register
    where {{ prefix }}_inspected_on is not null

),

{% endfor -%}
ungraded as (

    select
        urn,
        ungraded_urn as urn_inspected,
        ungraded_is_current = 'No' as is_predecessor,
        'ungraded' as event_kind,
        'Ungraded inspection' as inspection_type,
        ungraded_inspected_on as inspected_on,
        ungraded_published_on as published_on,
        cast(null as varchar) as raw_overall,
        cast(null as varchar) as raw_quality_of_education,
        cast(null as varchar) as raw_behaviour_and_attitudes,
        cast(null as varchar) as raw_personal_development,
        cast(null as varchar) as raw_leadership,
        cast(null as varchar) as raw_safeguarding,
        cast(null as varchar) as raw_early_years,
        cast(null as varchar) as raw_sixth_form,
        cast(null as varchar) as category_of_concern,
        ungraded_outcome as outcome_text,
        file_id,
        line
    from register
    where ungraded_inspected_on is not null

),

events as (

    select * from graded_events
    union all
    select * from previous_events
    union all
    select * from ungraded

),

heirs as (

    -- a school too new for the file still has its predecessor's inspections as context
    select lineage.urn, lineage.ancestor_urn
    from {{ ref('school_lineage') }} as lineage
    inner join {{ ref('schools') }} as schools on lineage.urn = schools.urn
    anti join register on lineage.urn = register.urn
    where not lineage.is_split

),

all_events as (

    select * from events
    union all by name
    select events.* replace (heirs.urn as urn, true as is_predecessor)
    from events
    inner join heirs on events.urn = heirs.ancestor_urn

)

select
    events.urn,
    events.urn_inspected,
    coalesce(events.is_predecessor, events.urn_inspected != events.urn) as is_predecessor,
    frameworks.framework,
    events.event_kind,
    events.inspection_type,
    events.inspected_on,
    events.published_on,
    case when events.raw_overall in ('1', '2', '3', '4') then cast(events.raw_overall as integer) end as overall_grade,
    case when events.raw_quality_of_education in ('1', '2', '3', '4') then cast(events.raw_quality_of_education as integer) end as quality_of_education,
    case when events.raw_behaviour_and_attitudes in ('1', '2', '3', '4') then cast(events.raw_behaviour_and_attitudes as integer) end as behaviour_and_attitudes,
    case when events.raw_personal_development in ('1', '2', '3', '4') then cast(events.raw_personal_development as integer) end as personal_development,
    case when events.raw_leadership in ('1', '2', '3', '4') then cast(events.raw_leadership as integer) end as leadership,
    case when events.raw_early_years in ('1', '2', '3', '4') then cast(events.raw_early_years as integer) end as early_years,
    case when events.raw_sixth_form in ('1', '2', '3', '4') then cast(events.raw_sixth_form as integer) end as sixth_form,
    case events.raw_safeguarding when 'Yes' then true when 'No' then false end as is_safeguarding_effective,
    events.category_of_concern,
    events.outcome_text,
    'ofsted_schools' as source,
    events.file_id,
    events.line
from all_events as events
cross join {{ ref('stg_parameters') }} as parameters
left join {{ ref('inspection_frameworks') }} as frameworks
    on events.inspected_on between cast(frameworks.inspected_from as date) and cast(frameworks.inspected_to as date)
where parameters.as_at is null or coalesce(events.published_on, events.inspected_on) <= parameters.as_at
