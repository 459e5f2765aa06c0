-- Every establishment known to the held files, open or closed, with what the register and the inspection file say of
-- it. Without the full register, what it alone carries (district, diocese, capacity, federation) stays null.
with register as (

    select * from {{ ref('int_register') }}

),

parameters as (

    select * from {{ ref('stg_parameters') }}

),

typed as (

    select
        register.*,
        types.sector,
        types.establishment_kind,
        coalesce(types.is_state_funded, false) as is_state_funded
    from register
    left join {{ ref('establishment_types') }} as types
        on lower(register.establishment_type) = lower(types.establishment_type)

),

kinds as (

    select typed.urn, rules.school_kind
    from typed
    inner join {{ ref('school_kind_rules') }} as rules
        on
            typed.establishment_kind = rules.establishment_kind
            and coalesce(typed.age_low, 0) between rules.age_low_from and rules.age_low_to
            and coalesce(typed.age_high, 0) between rules.age_high_from and rules.age_high_to
    -- kinds that ages decide never take a school whose ages are not known
    where (typed.age_low is not null and typed.age_high is not null) or rules.age_high_to - rules.age_high_from = 99
    qualify row_number() over (partition by typed.urn order by rules.age_high_from, rules.school_kind) = 1

),

predecessors as (

    select urn, string_agg(ancestor_urn, ' ' order by generation, ancestor_urn) as predecessor_urns
    from {{ ref('school_lineage') }}
    group by urn

),

phase_bases as (

    select phase, attendance_basis from {{ ref('phase_bases') }}

),

inherited_provision as (

    -- a school too new for the inspection file has the provision its predecessors had
    select
        lineage.urn,
        bool_or(
            register.graded_early_years in ('1', '2', '3', '4') or register.previous_early_years in ('1', '2', '3', '4')
        ) as has_early_years,
        bool_or(register.sixth_form = 'Has a sixth form') as has_sixth_form
    from {{ ref('school_lineage') }} as lineage
    inner join register on lineage.ancestor_urn = register.urn
    anti join (select urn from register where is_in_inspection_file) as listed on lineage.urn = listed.urn
    where not lineage.is_split
    group by lineage.urn

)

select
    typed.urn,
    typed.laestab,
    typed.school_name,
    typed.la_code,
    typed.la_name,
    typed.phase,
    typed.establishment_type,
    typed.sector,
    typed.is_state_funded,
    typed.trust_name,
    typed.trust_id,
    typed.federation_name,
    kinds.school_kind,
    -- as the census counts the school itself; special schools and alternative provision have no other phase
    case
        when kind_fields.attendance_basis in (select attendance_basis from phase_bases)
            then coalesce(phase_bases.attendance_basis, kind_fields.attendance_basis)
        else kind_fields.attendance_basis
    end as attendance_basis,
    typed.district,
    typed.constituency,
    typed.religious_character,
    typed.diocese,
    typed.admissions_policy,
    typed.age_low,
    typed.age_high,
    -- the register, an early-years judgement or a nursery school shows the provision; an age range does not (methods
    -- section 7)
    coalesce(
        kinds.school_kind = 'nursery'
        or typed.nursery_provision = 'Has Nursery Classes'
        or typed.graded_early_years in ('1', '2', '3', '4')
        or typed.previous_early_years in ('1', '2', '3', '4')
        or (coalesce(typed.age_low, 99) <= 5 and inherited_provision.has_early_years),
        false
    ) as has_early_years,
    coalesce(
        typed.sixth_form = 'Has a sixth form',
        inherited_provision.has_sixth_form,
        typed.is_post16 = '1' and kinds.school_kind in ('secondary', 'upper', 'all_through', 'utc_studio'),
        false
    ) as has_sixth_form,
    typed.pupils_n,
    typed.capacity_n,
    typed.idaci_quintile,
    typed.open_on,
    typed.close_on,
    typed.open_reason,
    typed.close_reason,
    case
        when typed.close_on <= parameters.reference_on then 'closed'
        when typed.open_on > parameters.reference_on then 'proposed'
        when typed.open_on is null and lower(typed.school_status) = 'proposed to open' then 'proposed'
        when typed.close_on is null and lower(typed.school_status) in ('closed', 'no longer listed') then 'closed'
        else 'open'
    end as status,
    predecessors.predecessor_urns,
    typed.ukprn,
    typed.is_in_register,
    typed.is_in_school_information,
    typed.is_in_inspection_file,
    typed.file_id
from typed
cross join parameters
left join kinds using (urn)
left join {{ ref('school_kinds') }} as kind_fields using (school_kind)
left join phase_bases using (phase)
left join predecessors using (urn)
left join inherited_provision using (urn)
