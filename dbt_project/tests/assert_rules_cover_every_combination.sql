-- Every combination of the four axes, for each provision, that no rule of the decision table fits.
with combinations as (

    select
        provisions.provision,
        standing.value as inspection_standing,
        outcomes.value as outcomes,
        attendance.value as attendance,
        trajectory.value as trajectory
    from (select distinct provision from {{ ref('rayg_rules') }}) as provisions
    cross join {{ ref('rayg_axes') }} as standing
    cross join {{ ref('rayg_axes') }} as outcomes
    cross join {{ ref('rayg_axes') }} as attendance
    cross join {{ ref('rayg_axes') }} as trajectory
    where
        standing.axis = 'inspection_standing'
        and outcomes.axis = 'outcomes'
        and attendance.axis = 'attendance'
        and trajectory.axis = 'trajectory'

)

select combinations.*
from combinations
where not exists (
    select 1
    from {{ ref('rayg_rules') }} as rules
    where
        rules.provision = combinations.provision
        {% for axis in ['inspection_standing', 'outcomes', 'attendance', 'trajectory'] -%}
        and (rules.{{ axis }} = '*' or list_contains(string_split(rules.{{ axis }}, '|'), combinations.{{ axis }}))
        {% endfor %}
)
