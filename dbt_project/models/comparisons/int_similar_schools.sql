-- The schools of the same kind whose pupils are most alike, for each school of the authority asked for (methods section
-- 2): nearest by disadvantage, SEN support, EHC plans, English as an additional language and size, each as its
-- percentile among schools of the kind in the same census. Prior attainment is left out: no table after 2022/23 prints
-- it. Where only one authority's census of that year is held, `scope` says so.
{% set characteristics = similar_characteristics() -%}
with census as (

    select
        observations.entity_code as urn,
        observations.academic_year,
        {% for characteristic in characteristics -%}
        max(observations.value) filter (where observations.measure = '{{ characteristic }}')
            as {{ characteristic }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('observations') }} as observations
    where
        observations.entity_type = 'school'
        and observations.pupil_group = 'all'
        and observations.status = 'reported'
        and observations.measure in (
            {% for characteristic in characteristics -%}
            '{{ characteristic }}'{{ ',' if not loop.last }}
            {% endfor %}
        )
    group by all

),

schools as (

    select census.*, schools.la_code, schools.school_kind
    from census
    inner join {{ ref('schools') }} as schools using (urn)
    cross join {{ ref('stg_parameters') }} as parameters
    where
        schools.is_state_funded
        and schools.school_kind is not null
        and census.academic_year <= parameters.review_academic_year
        {% for characteristic in characteristics -%}
        and census.{{ characteristic }} is not null
        {% endfor %}
),

scaled as (

    select
        urn,
        la_code,
        school_kind,
        academic_year,
        {% for characteristic in characteristics -%}
        percent_rank()
            over (partition by school_kind, academic_year order by {{ characteristic }})
            as {{ characteristic }}{{ ',' if not loop.last }}
        {% endfor %}
    from schools

),

asked as (

    select scaled.*
    from scaled
    inner join {{ ref('int_review_schools') }} as review_schools using (urn)
    qualify row_number() over (partition by scaled.urn order by scaled.academic_year desc) = 1

),

authorities as (

    select school_kind, academic_year, la_code, count(*) as schools_n
    from scaled
    group by school_kind, academic_year, la_code

),

scopes as (

    -- whether the others of the kind lie in one authority: its own counts only where it has another school of the kind
    select
        asked.urn,
        case
            when
                count(*) filter (where authorities.la_code != asked.la_code or authorities.schools_n > 1) = 1
                then 'one authority'
            else 'all held authorities'
        end as scope
    from asked
    inner join authorities using (school_kind, academic_year)
    group by asked.urn

),

-- the distance in millionths and the school in one whole number, so that the nearest are the smallest and ties fall the
-- same way every time. Over all England these are 280 million pairs: as a left join the database goes school by school
-- and keeps one list of the nearest at hand, which is ten times as fast as an inner join, where it turns the two sides
-- round
nearest as (

    select
        asked.urn,
        asked.school_kind,
        asked.academic_year,
        min(
            10000000 * cast(round(1000000 * sqrt((
                {% for characteristic in characteristics -%}
                (asked.{{ characteristic }} - others.{{ characteristic }})
                * (asked.{{ characteristic }} - others.{{ characteristic }}) {{ '+' if not loop.last }}
                {% endfor %}
            ) / {{ characteristics | length }})) as bigint) + cast(others.urn as bigint),
            cast({{ policy('similar_schools_n') }} as bigint)
        ) as nearest
    from asked
    left join scaled as others
        on
            asked.school_kind = others.school_kind
            and asked.academic_year = others.academic_year
            and asked.urn != others.urn
    group by asked.urn, asked.school_kind, asked.academic_year

),

pairs as (

    select urn, school_kind, academic_year, unnest(nearest) as pair
    from nearest

)

select
    pairs.urn,
    cast(pairs.pair % 10000000 as varchar) as similar_urn,
    pairs.school_kind,
    pairs.academic_year,
    (pairs.pair // 10000000) / 1000000.0 as distance,
    scopes.scope
from pairs
inner join scopes using (urn)
