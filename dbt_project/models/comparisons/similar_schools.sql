-- Each review school beside the schools of its kind whose pupils are most alike, by name, with what they were compared
-- on.
{% set characteristics = similar_characteristics() -%}
with pairs as (

    select * from {{ ref('int_similar_schools') }}

),

census as (

    select
        entity_code as urn,
        academic_year,
        {% for characteristic in characteristics -%}
        max(value) filter (where measure = '{{ characteristic }}') as {{ characteristic }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('observations') }}
    where entity_type = 'school' and pupil_group = 'all' and status = 'reported' and measure in (
        {% for characteristic in characteristics -%}
        '{{ characteristic }}'{{ ',' if not loop.last }}
        {% endfor %}
    )
    group by all

)

select
    pairs.urn,
    schools.la_code,
    pairs.similar_urn,
    others.school_name as similar_school_name,
    others.la_code as similar_la_code,
    pairs.school_kind,
    pairs.academic_year,
    row_number() over (partition by pairs.urn order by pairs.distance, pairs.similar_urn) as rank,
    round(pairs.distance, 4) as distance,
    avg(cast(pairs.distance as decimal(18, 6))) over (partition by pairs.urn)
        <= {{ policy('similar_schools_furthest') }} as is_near_enough,
    {% for characteristic in characteristics -%}
    own.{{ characteristic }},
    theirs.{{ characteristic }} as similar_{{ characteristic }},
    {% endfor -%}
    pairs.scope
from pairs
inner join {{ ref('schools') }} as schools on pairs.urn = schools.urn
inner join {{ ref('schools') }} as others on pairs.similar_urn = others.urn
inner join census as own on pairs.urn = own.urn and pairs.academic_year = own.academic_year
inner join census as theirs on pairs.similar_urn = theirs.urn and pairs.academic_year = theirs.academic_year
