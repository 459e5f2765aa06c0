-- Each review school's pupils on roll in the newest census and three years before, its own alone: a predecessor's roll
-- says nothing of a fall.
with rolls as (

    select
        observations.entity_code as urn,
        observations.academic_year,
        {{ year_end('observations.academic_year') }} as year_end,
        observations.value,
        observations.file_id,
        observations.line,
        observations.source_column
    from {{ ref('observations') }} as observations
    inner join {{ ref('int_review_schools') }} as schools
        on observations.entity_code = schools.urn and observations.academic_year <= schools.review_academic_year
    where
        observations.entity_type = 'school'
        and observations.measure = 'pupils_n'
        and observations.pupil_group = 'all'
        and observations.status = 'reported'

),

newest as (

    select *
    from rolls
    qualify row_number() over (partition by urn order by year_end desc) = 1

)

select
    newest.urn,
    newest.academic_year,
    newest.value as pupils_n,
    earlier.academic_year as earlier_academic_year,
    earlier.value as earlier_pupils_n,
    round(100.0 * (newest.value - earlier.value) / nullif(earlier.value, 0), 1) as change_pct,
    newest.file_id,
    newest.line,
    newest.source_column
from newest
left join rolls as earlier
    on newest.urn = earlier.urn and earlier.year_end = newest.year_end - {{ policy('roll_years') }}
