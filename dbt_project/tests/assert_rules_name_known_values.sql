-- Values named in the decision table, or reached by a school, that rayg_axes does not list.
with named as (

    {% for axis in rayg_axes() -%}
    select '{{ axis }}' as axis, unnest(string_split({{ axis }}, '|')) as value, 'rule ' || rule as named_by
    from {{ ref('rayg_rules') }}
    union all
    select '{{ axis }}' as axis, {{ axis }} as value, 'school ' || urn as named_by
    from {{ ref('int_rating_axes') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select named.*
from named
left join {{ ref('rayg_axes') }} as axes using (axis, value)
where axes.value is null and coalesce(named.value, '') != '*'
