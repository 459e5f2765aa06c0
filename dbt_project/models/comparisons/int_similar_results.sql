-- What similar schools reached, and where the school stands among them: one row per school, year, measure and group.
-- Nothing is said where too few of them have a value or where they are too far to be called similar.
with pairs as (

    select * from {{ ref('int_similar_schools') }}

),

distances as (

    select urn, avg(cast(distance as decimal(18, 6))) as mean_distance, max(scope) as scope
    from pairs
    group by urn

),

school_values as materialized (

    select
        vals.urn, vals.academic_year, vals.measure, vals.pupil_group, vals.value, measures.polarity,
        {{ small_key(['vals.academic_year', 'vals.measure', 'vals.pupil_group']) }} as topic,
        row_number() over () as value_no
    from {{ ref('int_school_values') }} as vals
    inner join {{ ref('measures') }} as measures using (measure)
    where vals.status = 'reported' and measures.polarity != 0

),

-- over all England these are hundreds of millions of pairs of values: they are counted by one small number
beside as (

    select
        own.value_no,
        sum(cast(others.value as decimal(18, 4))) / count(*) as similar_schools_value,
        count(*) as similar_schools_n,
        count(*) filter (where others.value * own.polarity > own.value * own.polarity) as better_n
    from school_values as own
    inner join pairs using (urn)
    inner join school_values as others
        on
            pairs.similar_urn = others.urn
            and own.topic = others.topic
    group by own.value_no

)

select
    vals.urn,
    vals.academic_year,
    vals.measure,
    vals.pupil_group,
    round(beside.similar_schools_value, 2) as similar_schools_value,
    beside.similar_schools_n,
    -- the school's place among itself and them, ties on the better place
    cast(1 + floor(5.0 * beside.better_n / (beside.similar_schools_n + 1)) as integer) as similar_schools_fifth,
    round(distances.mean_distance, 3) as similar_schools_distance,
    distances.scope as similar_schools_scope
from beside
inner join school_values as vals using (value_no)
inner join distances using (urn)
where
    beside.similar_schools_n >= {{ policy('similar_schools_least_n') }}
    and distances.mean_distance <= {{ policy('similar_schools_furthest') }}
