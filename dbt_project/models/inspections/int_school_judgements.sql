-- Each school's latest graded inspection as each inspection file printed it, at or above the line or not, with its
-- pupils: the overall grade (good or better), each key judgement (good or better) once overall grades had ended, each
-- area of the report card (expected standard or better). Three series: a snapshot after the overall grade ended counts
-- only the schools that still stand on one, so it says `overall_grade_remaining` and continues nothing.
{% set judgements = ['quality_of_education', 'behaviour_and_attitudes', 'personal_development', 'leadership'] %}
with latest as (

    select
        events.*,
        schools.school_name,
        coalesce(events.la_code, schools.la_code) as of_la_code,
        frameworks.has_overall_grade,
        {{ academic_year('year(events.listed_on) + cast(month(events.listed_on) >= 9 as integer)') }} as academic_year
    from {{ ref('int_inspection_events') }} as events
    left join {{ ref('schools') }} as schools on events.row_urn = schools.urn
    inner join {{ ref('inspection_frameworks') }} as frameworks
        on events.listed_on between cast(frameworks.inspected_from as date) and cast(frameworks.inspected_to as date)
    cross join {{ ref('stg_parameters') }} as parameters
    where
        events.is_from_inspection_list and events.event in ('card', 'graded') and not events.is_later_copy
        -- a file as at the last of a month holds reports that came out in the weeks after
        and (parameters.as_at is null or coalesce(events.published_on, events.inspected_on) <= parameters.as_at)
    -- a school with a report card stands on it, not on the grades before
    qualify row_number() over (partition by events.file_id, events.line order by events.event) = 1

),

-- the census of the file's own year; a school without one there has the roll that the inspection file prints
with_rolls as (

    select
        latest.*,
        coalesce(rolls.pupils_n, nullif(latest.printed_pupils_n, 0)) as pupils_n,
        rolls.pupils_n is not null as is_census_roll
    from latest
    left join {{ ref('int_school_rolls') }} as rolls
        on latest.row_urn = rolls.urn and latest.academic_year = rolls.academic_year

),

judged as (

    select *, case when has_overall_grade then 'overall_grade' else 'overall_grade_remaining' end as series,
        'overall' as area, raw_overall in ('1', '2') as is_at_or_above
    from with_rolls
    where raw_overall in ('1', '2', '3', '4')
    {% for judgement in judgements -%}
    union all
    select *, 'key_judgements', '{{ judgement }}', raw_{{ judgement }} in ('1', '2')
    from with_rolls
    where not has_overall_grade and raw_{{ judgement }} in ('1', '2', '3', '4')
        -- leadership was judged before 2019 too, under another framework
        and raw_quality_of_education in ('1', '2', '3', '4')
    {% endfor -%}
    {% for area in report_card_areas() -%}
    union all
    select with_rolls.*, 'report_card', '{{ area }}', grades.is_expected_or_better
    from with_rolls
    inner join {{ ref('report_card_grades') }} as grades on lower(with_rolls.card_{{ area }}) = grades.grade
    {% endfor %}

)

select
    row_urn as urn,
    school_name,
    of_la_code as la_code,
    listed_on as snapshot_on,
    academic_year,
    series,
    area,
    is_at_or_above,
    coalesce(is_predecessor, false) as is_predecessors,
    pupils_n,
    is_census_roll,
    file_id
from judged
where of_la_code is not null
