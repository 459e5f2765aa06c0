-- The schools of the same kind whose pupils are most alike, for each school of the authority asked for (methods section
-- 2): nearest by disadvantage, SEN support, EHC plans, English as an additional language and size, each as its percentile
-- among schools of the kind in the same census. Prior attainment is left out: no table after 2022/23 prints it.
-- Where only one authority's census of that year is held, `scope` says so.
{% set characteristics = ['fsm6_pct', 'sen_support_pct', 'ehcp_pct', 'eal_pct', 'pupils_n'] -%}
with census as (

    select
        observations.entity_code as urn,
        observations.academic_year,
        {% for characteristic in characteristics -%}
        max(observations.value) filter (where observations.measure = '{{ characteristic }}') as {{ characteristic }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('observations') }} as observations
    where
        observations.entity_type = 'school'
        and observations.pupil_group = 'all'
        and observations.status = 'reported'
        and observations.measure in ('{{ characteristics | join("', '") }}')
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
        percent_rank() over (partition by school_kind, academic_year order by {{ characteristic }}) as {{ characteristic }}{{ ',' if not loop.last }}
        {% endfor %}
    from schools

),

asked as (

    select scaled.*
    from scaled
    inner join {{ ref('int_review_schools') }} as review_schools using (urn)
    qualify row_number() over (partition by scaled.urn order by scaled.academic_year desc) = 1

),

-- the distance and the school in one text, so that the nearest are the smallest and ties fall the same way every time
nearest as (

    select
        asked.urn,
        asked.school_kind,
        asked.academic_year,
        min(
            printf(
                '%.6f %s',
                sqrt((
                    {% for characteristic in characteristics -%}
                    power(asked.{{ characteristic }} - others.{{ characteristic }}, 2) {{ '+' if not loop.last }}
                    {% endfor %}
                ) / {{ characteristics | length }}),
                others.urn
            ),
            cast({{ policy('similar_schools_n') }} as bigint)
        ) as nearest,
        case when count(distinct others.la_code) = 1 then 'one authority' else 'all held authorities' end as scope
    from asked
    inner join scaled as others
        on
            asked.school_kind = others.school_kind
            and asked.academic_year = others.academic_year
            and asked.urn != others.urn
    group by asked.urn, asked.school_kind, asked.academic_year

),

pairs as (

    select urn, school_kind, academic_year, scope, unnest(nearest) as pair
    from nearest

)

select
    urn,
    split_part(pair, ' ', 2) as similar_urn,
    school_kind,
    academic_year,
    cast(split_part(pair, ' ', 1) as double) as distance,
    scope
from pairs
