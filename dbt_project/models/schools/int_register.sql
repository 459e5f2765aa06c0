-- Every establishment the held files name. Field by field the full register speaks first, where one is held; else the
-- performance tables' own register (school information, before it the spine), the extract of academies, the inspection
-- list. Of several copies the newest that was out on the as-at day speaks; an establishment that none of those names
-- takes name and type, which may have changed since, from the earliest copy out later, and its status from days alone.
with copies as (

    select
        files.file_id,
        files.source,
        files.scope,
        files.published_on,
        files.academic_year,
        {{ is_later_copy('files.published_on', 'parameters.as_at') }} as is_later,
        parameters.as_at
    from {{ ref('stg_files') }} as files
    anti join {{ ref('int_quarantined_files') }} as quarantined using (file_id)
    cross join {{ ref('stg_parameters') }} as parameters

),

registered as (

    select register.*, copies.published_on, copies.is_later
    from {{ ref('stg_gias_register') }} as register
    inner join copies using (file_id)
    qualify row_number() over (
        partition by register.urn
        order by {{ copy_order('copies.published_on', 'copies.as_at') }}, copies.file_id, register.line
    ) = 1

),

extracted as (

    select extract_.*, copies.published_on, copies.is_later
    from {{ ref('stg_gias_extract') }} as extract_
    inner join copies using (file_id)
    qualify row_number() over (
        partition by extract_.urn
        order by {{ copy_order('copies.published_on', 'copies.as_at') }}, copies.file_id, extract_.line
    ) = 1

),

table_rows as (

    select * from {{ ref('stg_school_information') }}
    union all by name
    select spine.* exclude (status_code), statuses.school_status
    from {{ ref('stg_spine') }} as spine
    left join {{ ref('establishment_statuses') }} as statuses using (status_code)

),

dated_table_rows as (

    select table_rows.*, copies.published_on, copies.academic_year, copies.is_later, copies.as_at
    from table_rows
    inner join copies using (file_id)

),

information as (

    select *
    from dated_table_rows
    qualify row_number() over (
        partition by urn order by {{ copy_order('published_on', 'as_at') }}, academic_year desc, file_id, line
    ) = 1

),

days as (

    -- these tables print a day of opening for a few years only, and a closure when it has come
    select
        urn,
        arg_max(open_on, (published_on, file_id, line)) filter (where open_on is not null) as open_on,
        arg_max(close_on, (published_on, file_id, line)) filter (
            where close_on is not null and is_later
        ) as later_close_on
    from dated_table_rows
    group by urn

),

inspected as (

    select inspected.*, copies.is_later
    from {{ ref('int_ofsted_listings') }} as inspected
    inner join copies using (file_id)

),

newest_lists as (

    -- the newest list that covers each authority: who is missing from it is not open any more
    select la_code, max(published_on) as listed_on
    from dated_table_rows
    where not is_later
    group by la_code

),

newest_inspection_list as (

    select max(inspected.listed_on) as listed_on
    from inspected
    inner join copies using (file_id)
    where copies.scope = 'england' and not inspected.is_later

),

trust_statements as (

    select registered.urn, registered.trust_id, registered.trust_name, registered.published_on, 1 as preference
    from registered
    inner join {{ ref('group_types') }} as types on lower(registered.trust_flag) = lower(types.trust_flag)
    where types.group_kind = 'academy_trust' and registered.trust_id is not null and not registered.is_later
    union all
    select urn, trust_id, trust_name, listed_on, 2 from {{ ref('int_trust_members') }}
    union all
    select urn, trust_id, trust_name, listed_on, 3 from inspected where trust_id is not null and not is_later

),

trusts as (

    select statements.*
    from trust_statements as statements
    cross join {{ ref('stg_parameters') }} as parameters
    qualify row_number() over (
        partition by statements.urn
        order by {{ copy_order('statements.published_on', 'parameters.as_at') }}, statements.preference
    ) = 1

),

joined as (

    select
        coalesce(registered.urn, information.urn, inspected.urn, extracted.urn) as urn,
        coalesce(
            registered.la_code || registered.estab,
            information.laestab,
            inspected.laestab,
            extracted.la_code || extracted.estab
        ) as laestab,
        coalesce(registered.la_code, information.la_code, left(inspected.laestab, 3), extracted.la_code) as la_code,
        coalesce(registered.la_name, information.la_name, inspected.la_name, extracted.la_name) as la_name,
        coalesce(registered.school_name, information.school_name, inspected.school_name, extracted.school_name)
            as school_name,
        coalesce(
            registered.establishment_type,
            information.establishment_type,
            inspected.establishment_type,
            extracted.establishment_type
        ) as establishment_type,
        coalesce(registered.age_low, information.age_low, inspected.age_low, extracted.age_low) as age_low,
        coalesce(registered.age_high, information.age_high, inspected.age_high, extracted.age_high) as age_high,
        coalesce(
            {{ known_word('registered.admissions_policy') }},
            {{ known_word('information.admissions_policy') }},
            inspected.admissions_policy,
            {{ known_word('extracted.admissions_policy') }},
            registered.admissions_policy,
            information.admissions_policy,
            extracted.admissions_policy
        ) as admissions_policy,
        coalesce(
            {{ known_word('registered.religious_character') }},
            {{ known_word('information.religious_character') }},
            {{ known_word('inspected.religious_character') }},
            {{ known_word('extracted.religious_character') }}
        ) as religious_character,
        coalesce(registered.open_on, days.open_on, inspected.open_on, extracted.open_on) as open_on,
        coalesce(registered.close_on, information.close_on, days.later_close_on) as close_on,
        case when registered.urn is not null then registered.open_reason else extracted.open_reason end as open_reason,
        registered.close_reason,
        -- of a copy out later, `Closed` without a day is all that is known of a school closed long ago
        case
            when registered.urn is not null
                then
                    case
                        when
                            not registered.is_later
                            or (registered.school_status = 'Closed' and registered.close_on is null)
                            then registered.school_status
                    end
            when
                not information.is_later or (information.school_status = 'Closed' and information.close_on is null)
                then information.school_status
        end as printed_status,
        information.is_post16,
        coalesce({{ known_word('registered.phase') }}, inspected.ofsted_phase, {{ known_word('extracted.phase') }})
            as phase,
        coalesce(
            {{ known_word('registered.sixth_form') }}, inspected.sixth_form, {{ known_word('extracted.sixth_form') }}
        ) as sixth_form,
        {{ known_word('registered.nursery_provision') }} as nursery_provision,
        registered.capacity_n,
        coalesce(registered.ukprn, extracted.ukprn) as ukprn,
        registered.federation_name,
        registered.district,
        {{ known_word('registered.diocese') }} as diocese,
        coalesce(registered.constituency, inspected.constituency, extracted.constituency) as constituency,
        inspected.idaci_quintile,
        coalesce(registered.pupils_n, inspected.pupils_n) as pupils_n,
        inspected.graded_early_years,
        inspected.previous_early_years,
        registered.urn is not null as is_in_register,
        information.urn is not null as is_in_school_information,
        inspected.urn is not null as is_in_inspection_file,
        registered.published_on as registered_on,
        information.published_on as informed_on,
        inspected.listed_on as inspected_on,
        extracted.published_on as extracted_on,
        coalesce(registered.file_id, information.file_id, inspected.file_id, extracted.file_id) as file_id
    from registered
    full outer join information on registered.urn = information.urn
    full outer join inspected on coalesce(registered.urn, information.urn) = inspected.urn
    full outer join extracted on coalesce(registered.urn, information.urn, inspected.urn) = extracted.urn
    left join days on information.urn = days.urn

)

select
    joined.urn,
    joined.laestab,
    joined.la_code,
    joined.la_name,
    joined.school_name,
    joined.establishment_type,
    joined.age_low,
    joined.age_high,
    joined.admissions_policy,
    joined.religious_character,
    joined.open_on,
    joined.close_on,
    joined.open_reason,
    joined.close_reason,
    case
        when
            joined.informed_on < newest_lists.listed_on
            and coalesce(joined.inspected_on < newest_lists.listed_on, true)
            and coalesce(joined.registered_on < newest_lists.listed_on, true) then 'No longer listed'
        -- every state-funded school stands in the inspection list, inspected or not
        when
            types.is_state_funded and types.establishment_kind != 'post_16'
            and greatest(joined.registered_on, joined.informed_on, joined.inspected_on, joined.extracted_on)
            < newest_inspection_list.listed_on
            then 'No longer listed'
        else joined.printed_status
    end as school_status,
    joined.is_post16,
    joined.phase,
    joined.sixth_form,
    joined.nursery_provision,
    joined.capacity_n,
    joined.ukprn,
    joined.federation_name,
    joined.district,
    joined.diocese,
    trusts.trust_id,
    trusts.trust_name,
    joined.constituency,
    joined.idaci_quintile,
    joined.pupils_n,
    joined.graded_early_years,
    joined.previous_early_years,
    joined.is_in_register,
    joined.is_in_school_information,
    joined.is_in_inspection_file,
    joined.file_id
from joined
left join newest_lists using (la_code)
left join trusts on joined.urn = trusts.urn
cross join newest_inspection_list
left join {{ ref('establishment_types') }} as types
    on lower(joined.establishment_type) = lower(types.establishment_type)
