-- School and LA values beside the national value of the same measure, year and group on their own basis.
-- A school's earlier incarnation lends its value only where the school itself has none for that year.
with observations as (

    select * from {{ ref('observations') }}

),

schools as (

    select schools.urn, schools.la_code, schools.school_kind, kinds.attendance_basis
    from {{ ref('schools') }} as schools
    left join {{ ref('school_kinds') }} as kinds using (school_kind)

),

entities as (

    select
        observations.* exclude (la_code, entity_code),
        coalesce(observations.urn, observations.entity_code) as entity_code,
        observations.entity_code as published_entity_code,
        coalesce(schools.la_code, observations.la_code) as la_code,
        schools.school_kind,
        case
            when measures.national_basis = 'state_funded' then 'state_funded'
            when observations.entity_type = 'la' then observations.basis
            else schools.attendance_basis
        end as national_basis,
        measures.* exclude (measure, national_basis)
    from observations
    inner join {{ ref('measures') }} as measures using (measure)
    left join schools on observations.entity_type = 'school' and observations.urn = schools.urn
    where observations.entity_type in ('school', 'la')
    qualify row_number() over (
        partition by observations.entity_type, coalesce(observations.urn, observations.entity_code), observations.basis,
            observations.academic_year, observations.measure, observations.pupil_group
        order by (observations.status = 'reported') desc, observations.is_predecessor, observations.entity_code desc
    ) = 1

)

select
    entities.*,
    national.value as national_value,
    national.release as national_release,
    national.file_id as national_file_id
from entities
left join {{ ref('int_national') }} as national
    on
        entities.academic_year = national.academic_year
        and entities.measure = national.measure
        and entities.pupil_group = national.pupil_group
        and entities.national_basis = national.basis
