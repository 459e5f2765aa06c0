-- Every combination of the axes, for each provision, that no rule of the decision table fits.
with combinations as (

    select
        provisions.provision,
        {% for axis in rayg_axes() -%}
        {{ axis }}.value as {{ axis }}{{ ',' if not loop.last }}
        {% endfor %}
    from (select distinct provision from {{ ref('rayg_rules') }}) as provisions
    {% for axis in rayg_axes() -%}
    inner join {{ ref('rayg_axes') }} as {{ axis }} on {{ axis }}.axis = '{{ axis }}'
    {% endfor %}

)

select combinations.*
from combinations
where not exists (
    select 1
    from {{ ref('rayg_rules') }} as rules
    where
        rules.provision = combinations.provision
        and {{ rule_fits('rules', 'combinations') | indent(8) }}
)
