-- Which academy trust ran a school on the day the build stands for. No layout prints the day a school left: whom the
-- newest copy of its layout leaves out has left, and a membership counts from its own day of joining.
with members as (

    select urn, trust_id, trust_name, group_type, close_on, joined_on, file_id from {{ ref('stg_gias_memberships') }}
    union all
    select urn, trust_id, trust_name, group_type, close_on, joined_on, file_id from {{ ref('stg_gias_group_links') }}

),

dated as (

    select
        members.*,
        files.source,
        files.published_on as listed_on,
        files.scope,
        {{ is_later_copy('files.published_on', 'parameters.as_at') }} as is_later,
        parameters.as_at,
        parameters.reference_on
    from members
    inner join {{ ref('stg_files') }} as files using (file_id)
    inner join {{ ref('group_types') }} as types on lower(members.group_type) = lower(types.group_type)
    cross join {{ ref('stg_parameters') }} as parameters
    where types.group_kind = 'academy_trust'

),

newest as (

    select source, max(listed_on) as listed_on
    from dated
    where scope = 'england' and not is_later
    group by source

)

select dated.urn, dated.trust_id, dated.trust_name, dated.joined_on, dated.listed_on, dated.file_id
from dated
left join newest using (source)
where
    (dated.is_later or dated.listed_on >= coalesce(newest.listed_on, dated.listed_on))
    and coalesce(dated.joined_on <= dated.reference_on, not dated.is_later)
    and coalesce(dated.close_on > dated.reference_on, true)
qualify row_number() over (
    partition by dated.urn
    order by
        {{ copy_order('dated.listed_on', 'dated.as_at') }},
        dated.joined_on desc nulls last,
        dated.trust_id,
        dated.file_id,
        dated.trust_name
) = 1
