-- Rules that fit no combination first: an earlier rule takes all of theirs, or they name a value no axis has.
with fitting as (

    select
        rules.rule,
        row_number() over (
            partition by rules.provision, standing.value, outcomes.value, attendance.value, trajectory.value
            order by rules.priority
        ) as place
    from {{ ref('rayg_rules') }} as rules
    {% for axis, alias in [('inspection_standing', 'standing'), ('outcomes', 'outcomes'), ('attendance', 'attendance'), ('trajectory', 'trajectory')] -%}
    inner join {{ ref('rayg_axes') }} as {{ alias }}
        on
            {{ alias }}.axis = '{{ axis }}'
            and (rules.{{ axis }} = '*' or list_contains(string_split(rules.{{ axis }}, '|'), {{ alias }}.value))
    {% endfor %}
)

select rule
from {{ ref('rayg_rules') }}
where rule not in (select rule from fitting where place = 1)
