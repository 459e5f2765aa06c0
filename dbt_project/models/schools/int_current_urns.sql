-- Under which establishment an earlier one's results are shown today: its only line of descent, never through an
-- amalgamation or a split (those are flagged in school_lineage and not averaged).
with lineage as (

    select * from {{ ref('school_lineage') }} where not is_amalgamation and not is_split

),

latest as (

    select ancestor_urn as urn, arg_max(urn, (generation, urn)) as current_urn
    from lineage
    -- an heir the register does not know yet cannot show anybody's results
    inner join {{ ref('int_register') }} as register using (urn)
    group by ancestor_urn

)

select urn, current_urn from latest
