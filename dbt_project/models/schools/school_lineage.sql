-- Every establishment with each of its ancestors, generation by generation.
-- The register links some establishments to an ancestor's ancestor as well: the longer way is the true one.
-- More than one direct ancestor is an amalgamation whatever the link was called; more than one descendant is a split.
with recursive direct as (

    select * from {{ ref('int_links') }}

),

shortcuts as (

    select distinct links.urn, links.ancestor_urn
    from direct as links
    inner join direct as first_steps on links.urn = first_steps.urn
    inner join direct as second_steps
        on first_steps.ancestor_urn = second_steps.urn and links.ancestor_urn = second_steps.ancestor_urn

),

links as (

    select
        direct.urn,
        direct.ancestor_urn,
        direct.link_type,
        direct.link_on,
        direct.link_on_basis,
        direct.is_amalgamation or count(*) over (partition by direct.urn) > 1 as is_amalgamation,
        direct.is_split or count(*) over (partition by direct.ancestor_urn) > 1 as is_split
    from direct
    anti join shortcuts on direct.urn = shortcuts.urn and direct.ancestor_urn = shortcuts.ancestor_urn

),

ancestry as (

    select urn, ancestor_urn, link_type, link_on, link_on_basis, 1 as generation, is_amalgamation, is_split
    from links

    union

    select
        ancestry.urn,
        links.ancestor_urn,
        links.link_type,
        links.link_on,
        links.link_on_basis,
        ancestry.generation + 1,
        ancestry.is_amalgamation or links.is_amalgamation,
        ancestry.is_split or links.is_split
    from ancestry
    inner join links on ancestry.ancestor_urn = links.urn
    where ancestry.generation < 8 and links.ancestor_urn != ancestry.urn

)

select urn, ancestor_urn, link_type, link_on, link_on_basis, generation, is_amalgamation, is_split
from ancestry
qualify row_number() over (
    partition by urn, ancestor_urn
    order by generation, is_amalgamation, is_split, link_on, link_on_basis, link_type
) = 1
