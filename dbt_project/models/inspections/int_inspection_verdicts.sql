-- Every graded inspection and report card of a school's own URN, below good or not. Read by the back-test, which scores
-- past reviews by what inspections found afterwards. Where there is no overall grade the lowest key judgement decides,
-- and of a report card any area that its seed calls below good; `judged_by` keeps the three apart.
with own as (

    select
        *, greatest(quality_of_education, behaviour_and_attitudes, personal_development, leadership) as lowest_judgement
    from {{ ref('inspections') }}
    where event_kind = 'graded' and not is_predecessor

),

card_areas as (

    {% for area in report_card_areas() + ['safeguarding_standards'] -%}
    select urn, file_id, line, inspected_on, '{{ area }}' as area, lower(card_{{ area }}) as grade
    from own
    where card_{{ area }} is not null
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

),

cards as (

    select
        card_areas.urn,
        card_areas.file_id,
        card_areas.line,
        card_areas.inspected_on,
        bool_or(standings.standing = 'below_good') as is_below_good
    from card_areas
    inner join {{ ref('report_card_standings') }} as standings using (area, grade)
    where standings.provision = 'whole_school'
    group by all

)

select
    own.urn,
    own.inspected_on,
    coalesce(
        coalesce(own.overall_grade, own.lowest_judgement) >= {{ policy('below_good_grade') }}, cards.is_below_good
    ) as is_below_good,
    case
        when own.overall_grade is not null then 'overall_grade'
        when own.lowest_judgement is not null then 'key_judgements'
        else 'report_card'
    end as judged_by,
    own.file_id,
    own.line
from own
left join cards using (urn, file_id, line, inspected_on)
where own.overall_grade is not null or own.lowest_judgement is not null or cards.is_below_good is not null
