-- Whether there are concerns about each school of the review: rated red or amber, or standing on a register.
with registers as (

    select
        urn,
        string_agg(register, ', ' order by register) as registers,
        bool_or(is_over_18_months) as is_over_18_months
    from {{ ref('registers') }}
    where is_standing
    group by urn

)

select
    schools.review_year,
    schools.urn,
    drafts.final_rating,
    drafts.inspection_standing,
    drafts.selective_intake,
    registers.registers,
    coalesce(registers.is_over_18_months, false) as is_over_18_months,
    coalesce({{ is_of_concern('drafts.final_rating') }}, false) or registers.registers is not null as has_concerns
from {{ ref('int_review_schools') }} as schools
left join {{ ref('rayg_drafts') }} as drafts on schools.urn = drafts.urn and drafts.provision = 'whole_school'
left join registers on schools.urn = registers.urn
