-- Every establishment with each of its ancestors, generation by generation.
-- More than one direct ancestor is an amalgamation whatever the link was called; more than one descendant is a split.
with recursive links as (

    select
        urn,
        ancestor_urn,
        link_type,
        link_on,
        is_amalgamation or count(*) over (partition by urn) > 1 as is_amalgamation,
        is_split or count(*) over (partition by ancestor_urn) > 1 as is_split
    from {{ ref('int_links') }}

),

ancestry as (

    select urn, ancestor_urn, link_type, link_on, 1 as generation, is_amalgamation, is_split
    from links

    union

    select
        ancestry.urn,
        links.ancestor_urn,
        links.link_type,
        links.link_on,
        ancestry.generation + 1,
        ancestry.is_amalgamation or links.is_amalgamation,
        ancestry.is_split or links.is_split
    from ancestry
    inner join links on ancestry.ancestor_urn = links.urn
    where ancestry.generation < 8 and links.ancestor_urn != ancestry.urn

)

select urn, ancestor_urn, link_type, link_on, generation, is_amalgamation, is_split
from ancestry
qualify row_number() over (partition by urn, ancestor_urn order by generation, is_amalgamation) = 1
