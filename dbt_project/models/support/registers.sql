-- Entries of the authority's two registers as at the reference day, with the clock that runs for one of them.
with entries as (

    select
        entries.*,
        -- an entry that stood when the authority last told may have ended since
        least(entries.told_to, parameters.reference_on) as known_to,
        case when entries.removed_on <= parameters.reference_on then entries.removed_on end as left_on
    from {{ ref('stg_local_registers') }} as entries
    cross join {{ ref('stg_parameters') }} as parameters
    where entries.entered_on <= parameters.reference_on

)

select
    entries.register,
    entries.urn,
    schools.school_name,
    schools.la_code,
    schools.sector,
    entries.entered_on,
    entries.reason,
    entries.reviewed_on,
    entries.removed_on,
    entries.left_on is null as is_standing,
    entries.known_to,
    greatest(datesub('month', entries.entered_on, coalesce(entries.left_on, entries.known_to)), 0)
        as months_on_register,
    kinds.longest_months,
    entries.entered_on + to_months(kinds.longest_months)
    < coalesce(entries.left_on, entries.known_to) as is_over_18_months,
    cast(case when entries.left_on is null then entries.entered_on + to_months(kinds.longest_months) end as date)
        as expected_off_by,
    kinds.strategy_paragraph,
    kinds.authority,
    entries.file_id,
    entries.line
from entries
left join {{ ref('register_kinds') }} as kinds on entries.register = kinds.register
left join {{ ref('schools') }} as schools on entries.urn = schools.urn
