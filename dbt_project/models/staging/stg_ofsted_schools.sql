-- Ofsted management information: one row per state-funded school and file, with its latest graded, previous graded and latest ungraded inspection.
with fields as (

    select cells.file_id, cells.line, field_map.field, cells.raw_value
    from {{ ref('stg_cells') }} as cells
    inner join {{ ref('stg_files') }} as files using (file_id)
    inner join {{ ref('field_map') }} as field_map
        on files.source = field_map.source and cells.column_name = field_map.column_name
    where files.source = 'ofsted_schools' and not files.has_failed_checks

),

renamed as (

    select
        file_id,
        line,
        nullif(max(case when field = 'urn' then raw_value end), '') as urn,
        nullif(max(case when field = 'laestab' then raw_value end), '') as laestab,
        nullif(max(case when field = 'school_name' then raw_value end), '') as school_name,
        nullif(max(case when field = 'ofsted_phase' then raw_value end), '') as ofsted_phase,
        nullif(max(case when field = 'establishment_type' then raw_value end), '') as establishment_type,
        {{ published_date("max(case when field = 'open_on' then raw_value end)") }} as open_on,
        nullif(max(case when field = 'admissions_policy' then raw_value end), '') as admissions_policy,
        nullif(max(case when field = 'sixth_form' then raw_value end), '') as sixth_form,
        nullif(max(case when field = 'religious_character' then raw_value end), '') as religious_character,
        nullif(max(case when field = 'region_name' then raw_value end), '') as region_name,
        nullif(max(case when field = 'la_name' then raw_value end), '') as la_name,
        nullif(max(case when field = 'constituency' then raw_value end), '') as constituency,
        nullif(max(case when field = 'trust_id' then raw_value end), '') as trust_id,
        nullif(max(case when field = 'trust_name' then raw_value end), '') as trust_name,
        nullif(max(case when field = 'postcode' then raw_value end), '') as postcode,
        try_cast(max(case when field = 'idaci_quintile' then raw_value end) as integer) as idaci_quintile,
        try_cast(max(case when field = 'pupils_n' then raw_value end) as integer) as pupils_n,
        try_cast(max(case when field = 'age_low' then raw_value end) as integer) as age_low,
        try_cast(max(case when field = 'age_high' then raw_value end) as integer) as age_high,
        nullif(max(case when field = 'ungraded_is_current' then raw_value end), '') as ungraded_is_current,
        nullif(max(case when field = 'ungraded_urn' then raw_value end), '') as ungraded_urn,
        {{ published_date("max(case when field = 'ungraded_inspected_on' then raw_value end)") }} as ungraded_inspected_on,
        {{ published_date("max(case when field = 'ungraded_published_on' then raw_value end)") }} as ungraded_published_on,
        nullif(max(case when field = 'ungraded_outcome' then raw_value end), '') as ungraded_outcome,
        nullif(max(case when field = 'ungraded_number' then raw_value end), '') as ungraded_number,
        nullif(max(case when field = 'ungraded_converted' then raw_value end), '') as ungraded_converted,
        nullif(max(case when field = 'graded_number' then raw_value end), '') as graded_number,
        nullif(max(case when field = 'graded_inspection_type' then raw_value end), '') as graded_inspection_type,
        nullif(max(case when field = 'graded_type_group' then raw_value end), '') as graded_type_group,
        {{ published_date("max(case when field = 'graded_inspected_on' then raw_value end)") }} as graded_inspected_on,
        {{ published_date("max(case when field = 'graded_published_on' then raw_value end)") }} as graded_published_on,
        nullif(max(case when field = 'graded_is_current' then raw_value end), '') as graded_is_current,
        nullif(max(case when field = 'graded_urn' then raw_value end), '') as graded_urn,
        nullif(max(case when field = 'graded_overall' then raw_value end), '') as graded_overall,
        nullif(max(case when field = 'graded_category' then raw_value end), '') as graded_category,
        nullif(max(case when field = 'graded_quality_of_education' then raw_value end), '') as graded_quality_of_education,
        nullif(max(case when field = 'graded_behaviour_and_attitudes' then raw_value end), '') as graded_behaviour_and_attitudes,
        nullif(max(case when field = 'graded_personal_development' then raw_value end), '') as graded_personal_development,
        nullif(max(case when field = 'graded_leadership' then raw_value end), '') as graded_leadership,
        nullif(max(case when field = 'graded_safeguarding' then raw_value end), '') as graded_safeguarding,
        nullif(max(case when field = 'graded_early_years' then raw_value end), '') as graded_early_years,
        nullif(max(case when field = 'graded_sixth_form' then raw_value end), '') as graded_sixth_form,
        nullif(max(case when field = 'previous_number' then raw_value end), '') as previous_number,
        {{ published_date("max(case when field = 'previous_inspected_on' then raw_value end)") }} as previous_inspected_on,
        {{ published_date("max(case when field = 'previous_published_on' then raw_value end)") }} as previous_published_on,
        nullif(max(case when field = 'previous_is_current' then raw_value end), '') as previous_is_current,
        nullif(max(case when field = 'previous_urn' then raw_value end), '') as previous_urn,
        nullif(max(case when field = 'previous_overall' then raw_value end), '') as previous_overall,
        nullif(max(case when field = 'previous_category' then raw_value end), '') as previous_category,
        nullif(max(case when field = 'previous_quality_of_education' then raw_value end), '') as previous_quality_of_education,
        nullif(max(case when field = 'previous_behaviour_and_attitudes' then raw_value end), '') as previous_behaviour_and_attitudes,
        nullif(max(case when field = 'previous_personal_development' then raw_value end), '') as previous_personal_development,
        nullif(max(case when field = 'previous_leadership' then raw_value end), '') as previous_leadership,
        nullif(max(case when field = 'previous_safeguarding' then raw_value end), '') as previous_safeguarding,
        nullif(max(case when field = 'previous_early_years' then raw_value end), '') as previous_early_years,
        nullif(max(case when field = 'previous_sixth_form' then raw_value end), '') as previous_sixth_form
    from fields
    group by file_id, line

)

select * from renamed
