-- Where each school of the authority stands among England's state-funded schools of its kind:
-- 1 + floor(100 × (rank − 1) / N), 1 best; ties share the better rank. A rank needs the whole country: one is given
-- where an England file gave the year's rows of that group. Schools with the same value are counted together, so that
-- England is sorted by value, not by school.
with distributions as (

    select distinct observations.basis, observations.measure, observations.academic_year, observations.pupil_group
    from {{ ref('observations') }} as observations
    inner join {{ ref('stg_files') }} as files using (file_id)
    where observations.entity_type = 'school' and files.scope = 'england'

),

ranked as (

    select
        vals.urn, vals.basis, vals.academic_year, vals.measure, vals.pupil_group, schools.school_kind,
        vals.value * measures.polarity as standing
    from {{ ref('int_school_values') }} as vals
    inner join {{ ref('measures') }} as measures on vals.measure = measures.measure and measures.polarity != 0
    inner join {{ ref('schools') }} as schools on vals.urn = schools.urn and schools.is_state_funded
    inner join distributions
        on
            vals.basis = distributions.basis and vals.measure = distributions.measure
            and vals.academic_year = distributions.academic_year and vals.pupil_group = distributions.pupil_group
    where vals.status = 'reported'

),

counted as (

    select academic_year, measure, pupil_group, school_kind, standing, count(*) as schools_n
    from ranked
    group by all

),

places as (

    select
        * exclude (schools_n),
        1 + cast(floor(
            100.0 * (sum(schools_n) over (this_kind order by standing desc) - schools_n) / sum(schools_n) over this_kind
        ) as integer) as percentile_rank
    from counted
    window this_kind as (partition by academic_year, measure, pupil_group, school_kind)

)

select ranked.urn, ranked.basis, ranked.academic_year, ranked.measure, ranked.pupil_group, places.percentile_rank
from ranked
semi join {{ ref('int_authority_schools') }} as asked on ranked.urn = asked.urn
inner join places
    on
        ranked.academic_year = places.academic_year and ranked.measure = places.measure
        and ranked.pupil_group = places.pupil_group and ranked.standing = places.standing
        and ranked.school_kind is not distinct from places.school_kind
