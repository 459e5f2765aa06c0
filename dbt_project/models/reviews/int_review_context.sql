-- What the similar schools of each review school reached in each measure that a rating is decided from: three years
-- together where they are published, else the newest. Nothing where too few of them have a value, or where they are too
-- far to be called similar (the distances stand in int_similar_schools).
with pairs as (

    select * from {{ ref('int_similar_schools') }}

),

distances as (

    select urn, avg(cast(distance as decimal(18, 6))) as mean_distance
    from pairs
    group by urn

),

asked as (

    select urn, measure, academic_year
    from {{ ref('int_review_measures') }}
    where is_scored and pupil_group = 'all'

),

others as (

    select urn, measure, academic_year, coalesce(pooled_3y_value, value) as value
    from {{ ref('int_school_pools') }}

)

select
    asked.urn,
    asked.measure,
    list(others.value order by others.value) as similar_values,
    count(*) as similar_schools_n
from asked
inner join pairs using (urn)
inner join distances using (urn)
inner join others
    on pairs.similar_urn = others.urn and asked.measure = others.measure and asked.academic_year = others.academic_year
where distances.mean_distance <= {{ policy('similar_schools_furthest') }}
group by asked.urn, asked.measure
having count(*) >= {{ policy('similar_schools_least_n') }}
