{#
What each authority's statistical neighbours reach on average: one row per authority (`la`) and `key` of the relation
`figures`. The list in force on the day the build stands for is used for every year, so that a series is one comparison.
A neighbour without a reported value is left out, and `neighbours_n` says how many are in.
#}
{% macro neighbour_means(figures, la, key) -%}
select
    own.{{ la }},
    {%- for column in key %}
    own.{{ column }},
    {%- endfor %}
    round(sum(cast(others.value as decimal(18, 4))) / count(*), 4) as neighbour_mean,
    count(*) as neighbours_n
from {{ figures }} as own
inner join {{ ref('statistical_neighbours') }} as lists on own.{{ la }} = lists.la_code
cross join {{ ref('stg_parameters') }} as parameters
inner join {{ figures }} as others
    on
        lists.neighbour_la_code = others.{{ la }}
        {%- for column in key %}
        and own.{{ column }} = others.{{ column }}
        {%- endfor %}
where others.status = 'reported' and {{ in_force('lists', 'parameters.reference_on') }}
group by all
{%- endmacro %}
