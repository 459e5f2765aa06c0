-- The values of schools, trusts and areas beside the national value of the same measure, year and group on their own
-- basis: an area is only ever compared with England of its own basis.
-- A school's earlier incarnation lends its value only where the school itself has none for that year.
{% set key = 'entity_type, shown_code, basis, academic_year, measure, pupil_group' -%}
with observations as (

    select *, coalesce(urn, entity_code) as shown_code
    from {{ ref('observations') }}
    where entity_type in ('school', 'trust', 'district', 'la', 'region')

),

own as (

    select * from observations where not is_predecessor

),

inherited as (

    select *
    from observations
    where is_predecessor
    qualify row_number() over (partition by {{ key }} order by (status = 'reported') desc, entity_code desc) = 1

),

lent as (

    select inherited.*
    from inherited
    left join (select {{ key }}, status as own_status from own) as own using ({{ key }})
    where own.own_status is null or (own.own_status != 'reported' and inherited.status = 'reported')

),

shown as (

    select * from own anti join lent using ({{ key }})
    union all
    select * from lent

),

schools as (

    select schools.urn, schools.la_code, schools.school_kind, kinds.attendance_basis, kinds.is_mainstream
    from {{ ref('schools') }} as schools
    left join {{ ref('school_kinds') }} as kinds using (school_kind)

),

entities as (

    select
        shown.* exclude (la_code, entity_code, shown_code),
        shown.shown_code as entity_code,
        shown.entity_code as published_entity_code,
        coalesce(schools.la_code, shown.la_code) as la_code,
        schools.school_kind,
        -- special schools and alternative provision are never set against mainstream results
        coalesce(schools.is_mainstream, true) or measures.key_stage = 'all' as is_set_against_national,
        case
            when shown.entity_type in ('district', 'la', 'region') then shown.basis
            when measures.national_basis = 'state_funded' then 'state_funded'
            else schools.attendance_basis
        end as national_basis,
        measures.* exclude (measure, national_basis, least, most)
    from shown
    inner join {{ ref('measures') }} as measures using (measure)
    left join schools on shown.entity_type = 'school' and shown.urn = schools.urn

)

select
    entities.*,
    national.value as national_value
from entities
left join {{ ref('int_national') }} as national
    on
        entities.academic_year = national.academic_year
        and entities.measure = national.measure
        and entities.pupil_group = national.pupil_group
        and entities.national_basis = national.basis
