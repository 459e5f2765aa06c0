-- Every inspection as each file prints it, in one set of columns: the same inspection stands once per file that tells
-- of it. Which copy counts, and for which school, is settled in `inspections`.
-- `event`: the columns it stood in (card, graded, previous, ungraded). A column that a layout lacks is null.
-- `may_be_short`: the performance tables print the day of a short inspection beside the grade that it left standing.
-- Their register does the same, in words and once a year: it remembers what the monthly files have forgotten since.
{% set layouts = {
    'ofsted_report_cards': ['card', 'graded', 'ungraded'],
    'ofsted_schools': ['graded', 'previous', 'ungraded'],
    'ofsted_schools_2019': ['graded', 'previous', 'ungraded'],
    'ofsted_schools_2015': ['graded', 'previous'],
    'ofsted_schools_tables': ['graded'],
    'school_information': ['graded']
} %}
{% set judgements = [
    'overall', 'quality_of_education', 'behaviour_and_attitudes', 'personal_development', 'leadership', 'safeguarding',
    'early_years', 'sixth_form', 'achievement_of_pupils', 'learners_achieve', 'quality_of_teaching',
    'behaviour_and_safety'
] %}
{% set printed = {
    'ofsted_report_cards': {
        'card': ['number', 'inspection_type', 'inspected_on', 'published_on', 'is_current', 'urn', 'category', 'safeguarding'] + report_card_areas(),
        'graded': ['number', 'inspection_type', 'inspected_on', 'published_on', 'is_current', 'urn', 'category'] + judgements[:8],
        'ungraded': ['number', 'inspected_on', 'published_on', 'is_current', 'urn', 'outcome']
    },
    'ofsted_schools_2015': {
        'graded': ['ended_on', 'category', 'overall', 'leadership', 'early_years', 'sixth_form'] + judgements[8:],
        'previous': ['ended_on', 'category', 'overall']
    },
    'ofsted_schools_tables': {'graded': ['ended_on', 'published_on', 'overall']},
    'school_information': {'graded': ['ended_on', 'overall', 'category']}
} %}
{% set monthly = {
    'graded': ['number', 'inspection_type', 'inspected_on', 'ended_on', 'published_on', 'is_current', 'urn', 'category'] + judgements[:8],
    'previous': ['number', 'inspected_on', 'ended_on', 'published_on', 'is_current', 'urn', 'category'] + judgements[:8],
    'ungraded': ['number', 'inspected_on', 'published_on', 'is_current', 'urn', 'outcome']
} %}
{% set annual = ['ofsted_schools_tables', 'school_information'] %}
with school_information as (

    select
        register.file_id, register.line, register.urn, register.laestab, register.graded_ended_on,
        words.overall as graded_overall,
        words.category as graded_category
    from {{ ref('stg_school_information') }} as register
    inner join {{ ref('rating_words') }} as words on register.graded_rating = words.rating_words

),

events as (

    {% for layout, events in layouts.items() -%}
    {% set outer = loop -%}
    {% for event in events -%}
    {% set has = printed.get(layout, monthly)[event] -%}
    select
        '{{ layout }}' as source,
        file_id,
        line,
        urn as row_urn,
        {{ 'cast(null as varchar)' if layout == 'ofsted_schools_tables' else 'left(laestab, 3)' }} as la_code,
        '{{ event }}' as event,
        '{{ 'ungraded' if event == 'ungraded' else 'graded' }}' as event_kind,
        {{ 'true' if layout in annual else 'false' }} as may_be_short,
        {{ printed_cell(has, event, 'urn') }} as urn_inspected,
        {{ printed_cell(has, event, 'is_current') }} = 'No' as is_predecessor,
        {{ printed_cell(has, event, 'number') }} as inspection_number,
        {{ "'Ungraded inspection'" if event == 'ungraded' else printed_cell(has, event, 'inspection_type') }}
            as inspection_type,
        {{ printed_cell(has, event, 'inspected_on', 'date') }} as inspected_on,
        {{ printed_cell(has, event, 'ended_on', 'date') }} as ended_on,
        {{ printed_cell(has, event, 'published_on', 'date') }} as published_on,
        {% for judgement in judgements -%}
        {{ printed_cell([] if event == 'card' else has, event, judgement) }} as raw_{{ judgement }},
        {% endfor -%}
        {% for area in report_card_areas() -%}
        nullif({{ printed_cell(has if event == 'card' else [], event, area) }}, 'Not applicable') as card_{{ area }},
        {% endfor -%}
        {{ printed_cell(has if event == 'card' else [], event, 'safeguarding') }} as card_safeguarding_standards,
        {{ printed_cell(has, event, 'category') }} as category_of_concern,
        {{ printed_cell(has, event, 'outcome') }} as outcome_text,
        {{ 'cast(null as integer)' if layout in annual else 'pupils_n' }} as printed_pupils_n
    from {{ 'school_information' if layout == 'school_information' else ref('stg_' ~ layout) }}
    {% if not (loop.last and outer.last) %}union all
    {% endif %}
    {%- endfor %}
    {%- endfor %}

)

select
    events.*,
    files.preference,
    files.role = 'inspections' as is_from_inspection_list,
    files.published_on as listed_on,
    {{ is_later_copy('files.published_on', 'parameters.as_at') }} as is_later_copy
from events
inner join {{ ref('stg_files') }} as files using (file_id)
anti join {{ ref('int_quarantined_files') }} as quarantined using (file_id)
cross join {{ ref('stg_parameters') }} as parameters
where coalesce(events.inspected_on, events.ended_on) is not null
