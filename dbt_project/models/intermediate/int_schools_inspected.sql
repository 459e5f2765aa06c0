-- Schools at or above a line in their latest graded inspection, counted by authority as each inspection file printed it:
-- the overall grade (good or better), each key judgement (good or better) once overall grades had ended, each area of the
-- report card (expected standard or better). Three series: a snapshot after the overall grade ended counts only the
-- schools that still stand on one, so it says `overall_grade_remaining` and continues nothing.
{% set judgements = ['quality_of_education', 'behaviour_and_attitudes', 'personal_development', 'leadership'] %}
with latest as (

    select events.*, coalesce(events.la_code, schools.la_code) as of_la_code, frameworks.has_overall_grade
    from {{ ref('int_inspection_events') }} as events
    left join {{ ref('schools') }} as schools on events.row_urn = schools.urn
    inner join {{ ref('inspection_frameworks') }} as frameworks
        on events.listed_on between cast(frameworks.inspected_from as date) and cast(frameworks.inspected_to as date)
    cross join {{ ref('stg_parameters') }} as parameters
    where
        events.event in ('card', 'graded') and not events.is_later_copy
        -- a file as at the last of a month holds reports that came out in the weeks after
        and (parameters.as_at is null or coalesce(events.published_on, events.inspected_on) <= parameters.as_at)
    -- a school with a report card stands on it, not on the grades before
    qualify row_number() over (partition by events.file_id, events.line order by events.event) = 1

),

judged as (

    select of_la_code, file_id, listed_on, case when has_overall_grade then 'overall_grade' else 'overall_grade_remaining' end as series,
        'overall' as area, raw_overall in ('1', '2') as is_at_or_above
    from latest
    where raw_overall in ('1', '2', '3', '4')
    {% for judgement in judgements -%}
    union all
    select of_la_code, file_id, listed_on, 'key_judgements', '{{ judgement }}', raw_{{ judgement }} in ('1', '2')
    from latest
    where not has_overall_grade and raw_{{ judgement }} in ('1', '2', '3', '4')
        -- leadership was judged before 2019 too, under another framework
        and raw_quality_of_education in ('1', '2', '3', '4')
    {% endfor -%}
    {% for area in report_card_areas() -%}
    union all
    select latest.of_la_code, latest.file_id, latest.listed_on, 'report_card', '{{ area }}', grades.is_expected_or_better
    from latest
    inner join {{ ref('report_card_grades') }} as grades on lower(latest.card_{{ area }}) = grades.grade
    {% endfor %}

)

select
    of_la_code as la_code,
    listed_on as snapshot_on,
    {{ academic_year('year(listed_on) + cast(month(listed_on) >= 9 as integer)') }} as academic_year,
    series,
    area,
    count(*) as judged_n,
    count(*) filter (where is_at_or_above) as at_or_above_n,
    file_id
from judged
where of_la_code is not null
group by all
