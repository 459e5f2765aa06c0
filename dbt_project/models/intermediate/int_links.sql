-- Who came from whom: one row per descendant and direct ancestor, read from both directions of the register's links.
-- Links dated after the day the build stands for are not yet true.
-- Links without a direction ('Result of Amalgamation') point from the establishment that is not open to the one that is.
with newest_file as (

    select file_id
    from {{ ref('stg_files') }}
    where source = 'gias_links' and not has_failed_checks
    order by published_on desc, file_id
    limit 1

),

links as (

    select links.urn, links.link_urn, links.link_on, types.*
    from {{ ref('stg_gias_links') }} as links
    inner join newest_file using (file_id)
    inner join {{ ref('link_types') }} as types using (link_type)
    cross join {{ ref('stg_parameters') }} as parameters
    where
        types.is_lineage
        and links.urn != links.link_urn
        -- the register names conversions before they happen
        and coalesce(links.link_on <= parameters.reference_on, true)

),

open_urns as (

    select urn from {{ ref('int_register') }} where coalesce(school_status, 'Open') ilike 'open%'

),

directed as (

    select
        case link_urn_is when 'ancestor' then urn when 'descendant' then link_urn else open_urns.urn end as urn,
        case link_urn_is when 'ancestor' then link_urn when 'descendant' then urn when 'either' then links.link_urn end as ancestor_urn,
        link_type,
        link_on,
        is_amalgamation,
        is_split
    from (select * from links) as links
    left join open_urns using (urn)
    where links.link_urn_is != 'either' or open_urns.urn is not null

)

select
    urn,
    ancestor_urn,
    min(link_type) as link_type,
    max(link_on) as link_on,
    bool_or(is_amalgamation) as is_amalgamation,
    bool_or(is_split) as is_split
from directed
group by urn, ancestor_urn
