-- Observations that carry a number although their cell holds a published code for an absence, or nothing at all.
select
    observations.entity_type, observations.entity_code, observations.measure, observations.value, observations.raw_value
from {{ ref('observations') }} as observations
left join {{ ref('value_codes') }} as codes on observations.raw_value = codes.token
where
    (observations.value is not null or observations.status = 'reported')
    and (codes.token is not null or not regexp_matches(observations.raw_value, '[0-9]'))
