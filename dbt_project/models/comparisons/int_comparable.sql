-- The values of the authority's schools, and of every trust and area, beside the national value of the same measure,
-- year and group on their own basis: an area is only ever compared with England of its own basis.
-- A school's earlier incarnation lends its value only where the school itself has none for that year.
with observations as (

    select *, coalesce(urn, entity_code) as shown_code
    from {{ ref('observations') }}
    where entity_type in ('trust', 'district', 'la', 'region')
    union all
    select observations.*, observations.urn as shown_code
    from {{ ref('observations') }} as observations
    semi join {{ ref('int_authority_schools') }} as asked on observations.urn = asked.urn
    where observations.entity_type = 'school'

),

shown as (

    {{ shown_values('observations') }}

),

schools as (

    select schools.urn, schools.la_code, schools.school_kind, schools.attendance_basis, kinds.key_stages_apart
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
        -- such as a special school's results: no verdict of any kind is drawn from them
        not list_contains(string_split(coalesce(schools.key_stages_apart, ''), ' '), measures.key_stage)
            as is_set_against_national,
        case
            when shown.entity_type in ('district', 'la', 'region') then shown.basis
            when measures.national_basis = 'state_funded' then 'state_funded'
            else schools.attendance_basis
        end as national_basis,
        measures.* exclude (measure, national_basis, least, most)
    from shown
    inner join {{ ref('measures') }} as measures using (measure)
    left join schools on shown.entity_type = 'school' and shown.urn = schools.urn
    where measures.unit not in ('count', 'code') and measures.is_gap is not true

)

select
    entities.*,
    national.value as national_value,
    national.doubt as national_doubt
from entities
left join {{ ref('int_national') }} as national
    on
        entities.academic_year = national.academic_year
        and entities.measure = national.measure
        and entities.pupil_group = national.pupil_group
        and entities.national_basis = national.basis
