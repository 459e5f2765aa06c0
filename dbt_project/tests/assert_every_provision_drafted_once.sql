-- Early-years and post-16 provisions of the review's schools without exactly one draft, and drafts for a provision that
-- the school does not have.
with due as (

    select urn, 'early_years' as provision
    from {{ ref('int_review_schools') }}
    -- a nursery school is early years: its one row is the whole school's
    where has_early_years and school_kind is distinct from 'nursery'
    union all
    select urn, 'post_16' as provision
    from {{ ref('int_review_schools') }}
    inner join {{ ref('school_kinds') }} as kinds using (school_kind)
    where has_sixth_form and kinds.is_sixth_form_rated

),

drafted as (

    select urn, provision, count(*) as drafts_n
    from {{ ref('rayg_drafts') }}
    where provision != 'whole_school'
    group by urn, provision

)

select urn, provision, due.urn is not null as is_due, coalesce(drafted.drafts_n, 0) as drafts_n
from due
full outer join drafted using (urn, provision)
where due.urn is null or coalesce(drafted.drafts_n, 0) != 1
