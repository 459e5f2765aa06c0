-- What every school of England is shown with, in few columns: where a school of the authority stands is counted from
-- it. The wide rows beside national values (int_comparable) are made for the authority's schools alone.
with observations as (

    select
        observations.entity_type, coalesce(observations.urn, observations.entity_code) as shown_code,
        observations.entity_code, observations.basis, observations.academic_year, observations.measure,
        observations.pupil_group, observations.value, observations.denominator, observations.status,
        observations.release, observations.is_predecessor
    from {{ ref('observations') }} as observations
    inner join {{ ref('measures') }} as measures using (measure)
    where
        observations.entity_type = 'school'
        and measures.unit not in ('count', 'code')
        and measures.is_gap is not true

)

select shown_code as urn, * exclude (entity_type, shown_code, entity_code, is_predecessor)
from ({{ shown_values('observations') }})
