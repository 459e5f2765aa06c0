-- The academy trusts, one row each, by the register's group UID. That number is the one that stands in every file: the
-- inspection lists, the trust tables and a school's own row print it, Companies House numbers only the files of groups.
with named as (

    select trust_id, trust_name, companies_house_number, group_type, coalesce(open_on, incorporated_on) as open_on, close_on, file_id
    from {{ ref('stg_gias_groups') }}
    union all
    select trust_id, trust_name, companies_house_number, group_type, null, close_on, file_id from {{ ref('stg_gias_memberships') }}
    union all
    select trust_id, trust_name, companies_house_number, group_type, null, close_on, file_id from {{ ref('stg_gias_group_links') }}

)

select
    named.trust_id,
    named.trust_name,
    named.companies_house_number,
    named.group_type,
    named.open_on,
    named.close_on,
    named.file_id
from named
inner join {{ ref('stg_files') }} as files using (file_id)
inner join {{ ref('group_types') }} as types on lower(named.group_type) = lower(types.group_type)
cross join {{ ref('stg_parameters') }} as parameters
where types.group_kind = 'academy_trust' and named.trust_id is not null
-- a file of groups says more than one of members of the same day
qualify row_number() over (
    partition by named.trust_id
    order by {{ copy_order('files.published_on', 'parameters.as_at') }}, files.source = 'gias_groups' desc, named.file_id
) = 1
