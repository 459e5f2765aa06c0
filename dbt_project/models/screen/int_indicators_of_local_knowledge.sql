-- What the authority itself noted of a school, by kind. A note older than the months of policy no longer counts.
with pairs as (

    select * from {{ ref('int_indicator_pairs') }}
    where test in ('complaint_upheld', 'governance_concern', 'safeguarding_concern', 'headteacher_change')

),

notes as (

    -- the newest note of each kind
    select pairs.urn, pairs.indicator, entries.noted_on, entries.source, entries.file_id, entries.line
    from pairs
    inner join {{ ref('stg_local_intelligence') }} as entries
        on pairs.urn = entries.urn and pairs.test = entries.kind
    where {{ is_recent_note('entries.noted_on', 'pairs.reference_on') }}
    qualify
        row_number() over (
            partition by pairs.urn, pairs.indicator order by entries.noted_on desc, entries.source
        ) = 1

),

returns as (

    select exists(select 1 from {{ ref('stg_local_intelligence') }}) as is_held

)

select
    pairs.review_year,
    pairs.urn,
    pairs.indicator,
    {{ state('returns.is_held', 'notes.urn is not null') }} as state,
    case
        when notes.urn is not null
            then printf('%s: noted on %s (%s)', pairs.title, {{ day_in_words('notes.noted_on') }}, notes.source)
        when returns.is_held then 'None noted in the authority''s own return'
        else 'the authority''s own return is not held'
    end as detail,
    0 as decimals,
    notes.file_id,
    notes.line,
    'noted_on' as source_column
from pairs
cross join returns
left join notes on pairs.urn = notes.urn and pairs.indicator = notes.indicator
