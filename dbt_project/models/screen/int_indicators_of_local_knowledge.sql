-- What the authority itself noted of a school, by kind. A note older than the months of policy no longer counts; the
-- months run to the day up to which the return tells, since of later ones it says nothing.
with returns as (

    select count(*) > 0 as is_held, max(told_to) as told_to from {{ ref('stg_local_intelligence') }}

),

pairs as (

    select pairs.*, returns.is_held, least(returns.told_to, pairs.reference_on) as told_to
    from {{ ref('int_indicator_pairs') }} as pairs
    cross join returns
    where pairs.test in ('complaint_upheld', 'governance_concern', 'safeguarding_concern', 'headteacher_change')

),

notes as (

    -- the newest note of each kind
    select pairs.urn, pairs.indicator, entries.noted_on, entries.source, entries.file_id, entries.line
    from pairs
    inner join {{ ref('stg_local_intelligence') }} as entries
        on pairs.urn = entries.urn and pairs.test = entries.kind
    where {{ is_recent_note('entries.noted_on', 'pairs.told_to', 'pairs.reference_on') }}
    qualify
        row_number() over (
            partition by pairs.urn, pairs.indicator order by entries.noted_on desc, entries.source
        ) = 1

)

select
    pairs.review_year,
    pairs.urn,
    pairs.indicator,
    {{ state('pairs.is_held', 'notes.urn is not null') }} as state,
    case
        when notes.urn is not null
            then printf('%s: noted on %s (%s)', pairs.title, {{ day_in_words('notes.noted_on') }}, notes.source)
        when pairs.is_held
            then 'None noted in the authority''s own return, which tells up to ' || {{ day_in_words('pairs.told_to') }}
        else 'the authority''s own return is not held'
    end as detail,
    0 as decimals,
    notes.file_id,
    notes.line,
    'noted_on' as source_column
from pairs
left join notes on pairs.urn = notes.urn and pairs.indicator = notes.indicator
