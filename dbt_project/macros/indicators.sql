{#
The state of an indicator from what is known and what is found. Nothing is clear that is not known: an unknown keeps its
own word. `is_too_small` comes first, because a figure of few pupils is no figure.
#}
{% macro state(is_known, is_met, is_too_small=none, unknown='no_data') -%}
case
    {% if is_too_small %}when {{ is_too_small }} then 'too_small' {% endif -%}
    when {{ is_known }} then case when {{ is_met }} then 'triggered' else 'clear' end
    else '{{ unknown }}'
end
{%- endmacro %}

{#
The sentence of an indicator, made from the columns of risk_indicators' rows: the seed's wording with its places filled
as people write numbers, or why nothing can be said.
#}
{% macro indicator_sentence() -%}
{%- set shown_value -%}
case
    when value < 0 and round(value, decimals) = 0 then 'just under 0'
    else {{ plain_number('value', 'decimals') }}
end
{%- endset -%}
{%- set places = [
    ('{value}', shown_value, 'not known'),
    ('{benchmark}', plain_number('benchmark_value', 'benchmark_decimals'), 'not known'),
    ('{cohort}', 'cast(cast(cohort_n as integer) as varchar)', 'an unpublished number of'),
    ('{year}', 'year_in_words', 'an unknown year'),
    ('{detail}', 'detail', 'not stated'),
] -%}
case
    when not does_apply then 'Does not apply to this kind of school.'
    when state in ('triggered', 'clear')
        then {% for _ in places %}replace({% endfor -%}
            case when state = 'clear' then coalesce(wording_when_clear, wording) else wording end
            {%- for place, text, otherwise in places %},
            '{{ place }}', coalesce({{ text }}, '{{ otherwise }}'))
            {%- endfor %}
            || case
                when domain = 'finance' and sector = 'academy'
                    then ' What the academy''s trust holds centrally is left out.'
                else ''
            end
            || case when is_predecessor then ' Results wholly or partly of the predecessor school.' else '' end
    when state = 'too_small' then 'Too few pupils to judge.'
    else 'Not visible: ' || coalesce(absence_in_words, detail, 'no value for this school in the files held') || '.'
end
{%- endmacro %}
