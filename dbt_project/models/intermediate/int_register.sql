-- Every establishment the held files name: the newest row of the school information, else of the inspection file.
with information as (

    select information.*, files.published_on
    from {{ ref('stg_school_information') }} as information
    inner join {{ ref('stg_files') }} as files using (file_id)
    anti join {{ ref('int_quarantined_files') }} as quarantined using (file_id)
    qualify row_number() over (partition by information.urn order by files.published_on desc, files.academic_year desc, files.file_id) = 1

),

inspected as (

    select inspected.*, files.published_on
    from {{ ref('stg_ofsted_schools') }} as inspected
    inner join {{ ref('stg_files') }} as files using (file_id)
    anti join {{ ref('int_quarantined_files') }} as quarantined using (file_id)
    qualify row_number() over (partition by inspected.urn order by files.published_on desc, files.file_id) = 1

),

newest_lists as (

    -- the newest list that covers each authority: who is missing from it is not open any more
    select information.la_code, max(files.published_on) as listed_on
    from {{ ref('stg_school_information') }} as information
    inner join {{ ref('stg_files') }} as files using (file_id)
    anti join {{ ref('int_quarantined_files') }} as quarantined using (file_id)
    group by information.la_code

),

newest_inspection_list as (

    select max(published_on) as listed_on
    from {{ ref('stg_files') }}
    anti join {{ ref('int_quarantined_files') }} as quarantined using (file_id)
    where source = 'ofsted_schools' and scope = 'england'

)

select
    coalesce(information.urn, inspected.urn) as urn,
    coalesce(information.laestab, inspected.laestab) as laestab,
    coalesce(information.la_code, left(inspected.laestab, 3)) as la_code,
    coalesce(information.la_name, inspected.la_name) as la_name,
    coalesce(information.school_name, inspected.school_name) as school_name,
    coalesce(information.establishment_type, inspected.establishment_type) as establishment_type,
    coalesce(information.age_low, inspected.age_low) as age_low,
    coalesce(information.age_high, inspected.age_high) as age_high,
    coalesce(nullif(information.admissions_policy, 'Not applicable'), inspected.admissions_policy, information.admissions_policy) as admissions_policy,
    coalesce(
        case when information.religious_character not in ('None', 'Does not apply') then information.religious_character end,
        case when inspected.religious_character not in ('None', 'Does not apply', 'Unknown') then inspected.religious_character end
    ) as religious_character,
    coalesce(information.open_on, inspected.open_on) as open_on,
    information.close_on,
    case
        when information.published_on < newest_lists.listed_on and coalesce(inspected.published_on < newest_lists.listed_on, true) then 'No longer listed'
        -- every state-funded school stands in the inspection list, inspected or not
        when types.is_state_funded and not types.establishment_kind = 'post_16' and inspected.urn is null
            and information.published_on < newest_inspection_list.listed_on then 'No longer listed'
        else information.school_status
    end as school_status,
    information.is_post16,
    inspected.ofsted_phase,
    inspected.sixth_form,
    inspected.trust_id,
    inspected.trust_name,
    inspected.constituency,
    inspected.idaci_quintile,
    inspected.pupils_n,
    inspected.graded_early_years,
    inspected.previous_early_years,
    information.urn is not null as is_in_school_information,
    inspected.urn is not null as is_in_inspection_file,
    coalesce(information.file_id, inspected.file_id) as file_id
from information
full outer join inspected on information.urn = inspected.urn
left join newest_lists on information.la_code = newest_lists.la_code
cross join newest_inspection_list
left join {{ ref('establishment_types') }} as types on lower(information.establishment_type) = lower(types.establishment_type)
