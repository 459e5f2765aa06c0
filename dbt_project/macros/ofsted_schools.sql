{# The fields that the monthly files of schools share, whatever the layout calls them. #}
{% macro ofsted_school_fields() -%}
{{ return([
    'urn', 'laestab', 'school_name', 'ofsted_phase', 'establishment_type', 'open_on',
    'admissions_policy', 'sixth_form', 'religious_character', 'region_name', 'la_name', 'constituency',
    'trust_id', 'trust_name', 'postcode', 'idaci_quintile', 'pupils_n', 'age_low', 'age_high',
    'ungraded_is_current', 'ungraded_urn', 'ungraded_inspected_on', 'ungraded_published_on',
    'ungraded_outcome', 'ungraded_number', 'ungraded_converted', 'graded_number',
    'graded_inspection_type', 'graded_type_group', 'graded_inspected_on', 'graded_published_on',
    'graded_is_current', 'graded_urn', 'graded_overall', 'graded_category',
    'graded_quality_of_education', 'graded_behaviour_and_attitudes', 'graded_personal_development',
    'graded_leadership', 'graded_safeguarding', 'graded_early_years', 'graded_sixth_form',
    'previous_number', 'previous_inspected_on', 'previous_published_on', 'previous_is_current',
    'previous_urn', 'previous_overall', 'previous_category', 'previous_quality_of_education',
    'previous_behaviour_and_attitudes', 'previous_personal_development', 'previous_leadership',
    'previous_safeguarding', 'previous_early_years', 'previous_sixth_form',
    'graded_ended_on', 'previous_ended_on'
]) }}
{%- endmacro %}

{% macro ofsted_school_dates() -%}
{{ return([
    'open_on', 'ungraded_inspected_on', 'ungraded_published_on', 'graded_inspected_on', 'graded_published_on',
    'previous_inspected_on', 'previous_published_on', 'graded_ended_on', 'previous_ended_on'
]) }}
{%- endmacro %}

{# Areas of a report card, as columns of the marts; post-16 provision is called a sixth form throughout. #}
{% macro report_card_areas() -%}
{{ return([
    'inclusion', 'curriculum_and_teaching', 'achievement', 'attendance_and_behaviour',
    'personal_development_and_wellbeing', 'leadership_and_governance', 'early_years', 'sixth_form'
]) }}
{%- endmacro %}

{# A field of one of a row's inspections (`graded_overall`), null where the layout does not print it. #}
{% macro printed_cell(printed, event, field, type='varchar') -%}
{{ event ~ '_' ~ field if field in printed else 'cast(null as ' ~ type ~ ')' }}
{%- endmacro %}
