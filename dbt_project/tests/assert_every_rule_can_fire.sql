-- Rules that fit no combination first: an earlier rule takes all of theirs, or they name a value no axis has.
with fitting as (

    select
        rules.rule,
        row_number() over (
            partition by
                rules.provision,
                {% for axis in rayg_axes() -%}
                {{ axis }}.value{{ ',' if not loop.last }}
                {% endfor %}
            order by rules.priority
        ) as place
    from {{ ref('rayg_rules') }} as rules
    {% for axis in rayg_axes() -%}
    inner join {{ ref('rayg_axes') }} as {{ axis }}
        on
            {{ axis }}.axis = '{{ axis }}'
            and (rules.{{ axis }} = '*' or list_contains(string_split(rules.{{ axis }}, '|'), {{ axis }}.value))
    {% endfor %}
)

select rule
from {{ ref('rayg_rules') }}
where rule not in (select rule from fitting where place = 1)
