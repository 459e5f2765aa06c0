-- What people have decided on each draft rating as at the reference day: the decision at the end of the chain, who took
-- it, when and why, and what the review before it ended with. One row per school, review and provision that the ledger
-- speaks of; also for the review at hand where only an earlier one was moderated, or only the school's predecessor was.
with decisions as (

    select decisions.*
    from {{ ref('stg_local_moderation') }} as decisions
    cross join {{ ref('stg_parameters') }} as parameters
    where decisions.decided_on <= parameters.reference_on

),

standing as (

    select
        urn,
        review_year,
        provision,
        arg_max(to_rating, decided_on) as moderated_rating,
        arg_max(decided_by, decided_on) as moderated_by,
        arg_max(role, decided_on) as moderated_as,
        max(decided_on) as moderated_on,
        arg_max(reason, decided_on) as moderation_reason,
        arg_min(from_rating, decided_on) as draft_when_decided,
        count(*) as decisions_n,
        -- each decision but the first names one that is held: else a file of the ledger is missing or failed its checks
        count(*) filter (where supersedes_on is null) = 1
            and bool_and(supersedes_on is null or list_contains(days, supersedes_on)) as is_chain_whole,
        arg_max(file_id, decided_on) as file_id,
        arg_max(line, decided_on) as line
    from (select *, list(decided_on) over (partition by urn, review_year, provision) as days from decisions)
    group by urn, review_year, provision

),

-- what each school was rated before, also under the number of the establishment it was; not where several became one or
-- one became several: there the rating was of another school
earlier as (

    select urn, 0 as generation, review_year, provision, moderated_rating
    from standing
    union all
    select lineage.urn, lineage.generation, standing.review_year, standing.provision, standing.moderated_rating
    from {{ ref('school_lineage') }} as lineage
    inner join standing on lineage.ancestor_urn = standing.urn
    where not lineage.is_amalgamation and not lineage.is_split

),

asked as (

    select urn, review_year, provision from standing
    union
    select earlier.urn, parameters.review_year, earlier.provision
    from earlier
    cross join {{ ref('stg_parameters') }} as parameters
    where earlier.review_year < parameters.review_year

),

before as (

    select
        asked.urn,
        asked.review_year,
        asked.provision,
        earlier.review_year as previous_review_year,
        earlier.moderated_rating as previous_rating,
        earlier.generation > 0 as is_previous_of_predecessor
    from asked
    inner join earlier
        on asked.urn = earlier.urn and asked.provision = earlier.provision and asked.review_year > earlier.review_year
    qualify row_number() over (
        partition by asked.urn, asked.review_year, asked.provision
        order by earlier.review_year desc, earlier.generation, earlier.moderated_rating
    ) = 1

)

select
    asked.urn,
    asked.review_year,
    asked.provision,
    standing.* exclude (urn, review_year, provision),
    before.previous_review_year,
    before.previous_rating,
    before.is_previous_of_predecessor
from asked
left join standing using (urn, review_year, provision)
left join before using (urn, review_year, provision)
