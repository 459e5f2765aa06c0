-- What people have decided on each draft rating as at the reference day: the decision at the end of the chain, who took
-- it, when and why, and what the review before it ended with. One row per school, review and provision that the ledger
-- speaks of; also for the review at hand where only an earlier one was moderated.
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

asked as (

    select urn, review_year, provision from standing
    union
    select standing.urn, parameters.review_year, standing.provision
    from standing
    cross join {{ ref('stg_parameters') }} as parameters
    where standing.review_year < parameters.review_year

),

before as (

    select
        asked.urn,
        asked.review_year,
        asked.provision,
        max(earlier.review_year) as previous_review_year,
        arg_max(earlier.moderated_rating, earlier.review_year) as previous_rating
    from asked
    inner join standing as earlier
        on asked.urn = earlier.urn and asked.provision = earlier.provision and asked.review_year > earlier.review_year
    group by all

)

select
    asked.urn,
    asked.review_year,
    asked.provision,
    standing.* exclude (urn, review_year, provision),
    before.previous_review_year,
    before.previous_rating
from asked
left join standing using (urn, review_year, provision)
left join before using (urn, review_year, provision)
