-- Who came from whom: one row per descendant and direct ancestor, read from both directions of the register's links.
-- Every held copy counts, of two that name the same pair the newer: copies lose links now and then. Links are dated
-- after the fact or not at all: a blank is the day the ancestor closed, else the day the descendant opened. What is
-- dated after the day the build stands for is not yet true, whichever copy prints it.
-- Links without a direction ('Result of Amalgamation') lead from the establishment that is open to the one that is not.
with register as (

    select
        register.urn,
        register.open_on,
        register.close_on,
        coalesce(
            register.close_on <= parameters.reference_on,
            lower(register.school_status) in ('closed', 'no longer listed', 'proposed to open'),
            false
        ) as is_not_open
    from {{ ref('int_register') }} as register
    cross join {{ ref('stg_parameters') }} as parameters

),

open_schools as (

    select urn from register where not is_not_open

),

copies as (

    select
        links.urn,
        links.link_urn,
        links.link_type,
        links.link_on,
        files.published_on,
        min(files.published_on) over pair as first_seen_on
    from {{ ref('stg_gias_links') }} as links
    inner join {{ ref('stg_files') }} as files using (file_id)
    where links.urn != links.link_urn
    window pair as (partition by least(links.urn, links.link_urn), greatest(links.urn, links.link_urn))
    qualify files.published_on = max(files.published_on) over pair

),

typed as (

    select copies.*, types.* exclude (link_type)
    from copies
    inner join {{ ref('link_types') }} as types using (link_type)
    where types.is_lineage

),

directed as (

    select urn, link_urn as ancestor_urn, * exclude (urn, link_urn) from typed where link_urn_is = 'ancestor'
    union all
    select link_urn, urn, * exclude (urn, link_urn) from typed where link_urn_is = 'descendant'
    union all
    select typed.urn, typed.link_urn, typed.* exclude (urn, link_urn)
    from typed
    semi join open_schools on typed.urn = open_schools.urn
    anti join open_schools on typed.link_urn = open_schools.urn
    where typed.link_urn_is = 'either'
    union all
    select typed.link_urn, typed.urn, typed.* exclude (urn, link_urn)
    from typed
    semi join open_schools on typed.link_urn = open_schools.urn
    anti join open_schools on typed.urn = open_schools.urn
    where typed.link_urn_is = 'either'

),

dated as (

    select
        directed.urn,
        directed.ancestor_urn,
        directed.link_type,
        coalesce(directed.link_on, ancestors.close_on, descendants.open_on) as link_on,
        case
            when directed.link_on is not null then 'printed'
            when ancestors.close_on is not null then 'ancestor_closed'
            when descendants.open_on is not null then 'descendant_opened'
        end as link_on_basis,
        directed.is_amalgamation,
        directed.is_split,
        directed.first_seen_on,
        -- some pairs are printed both ways round: the one that closed came first, else the one that opened first
        case
            when
                coalesce(ancestors.is_not_open, false) != coalesce(descendants.is_not_open, false)
                then coalesce(ancestors.is_not_open, false)
            else coalesce(ancestors.open_on < descendants.open_on, false)
        end as is_in_order
    from directed
    left join register as ancestors on directed.ancestor_urn = ancestors.urn
    left join register as descendants on directed.urn = descendants.urn

),

known as (

    select dated.*
    from dated
    cross join {{ ref('stg_parameters') }} as parameters
    where coalesce(dated.link_on, dated.first_seen_on) <= parameters.reference_on

),

merged as (

    select
        urn,
        ancestor_urn,
        min(link_type) as link_type,
        -- a printed day before one filled in
        arg_max(link_on, (link_on_basis = 'printed', link_on, link_on_basis)) as link_on,
        arg_max(link_on_basis, (link_on_basis = 'printed', link_on, link_on_basis)) as link_on_basis,
        bool_or(is_amalgamation) as is_amalgamation,
        bool_or(is_split) as is_split,
        bool_and(is_in_order) as is_in_order
    from known
    group by urn, ancestor_urn

)

select merged.* exclude (is_in_order)
from merged
left join merged as reverse on merged.urn = reverse.ancestor_urn and merged.ancestor_urn = reverse.urn
where reverse.urn is null or merged.is_in_order
