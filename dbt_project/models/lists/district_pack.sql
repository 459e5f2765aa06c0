-- What a district meeting looks at: every school of the review under its district, those to be talked about first, with
-- rating, screen, registers, circumstances, support under way and who could help.
with schools as (

    select * from {{ ref('int_review_schools') }}

),

ratings as (

    select
        urn,
        max(final_rating) filter (where provision = 'whole_school') as whole_school_rating,
        max(previous_rating) filter (where provision = 'whole_school') as previous_rating,
        bool_or(is_previous_of_predecessor) filter (where provision = 'whole_school') as is_previous_of_predecessor,
        max(final_rating) filter (where provision = 'early_years') as early_years_rating,
        max(final_rating) filter (where provision = 'post_16') as post_16_rating,
        bool_or(moderated_rating is not null) filter (where provision = 'whole_school') as is_moderated,
        coalesce(
            bool_or(consider_red and moderated_rating is null) filter (where provision = 'whole_school'), false
        ) as consider_red
    from {{ ref('rayg_drafts') }}
    group by urn

),

circumstances as (

    select
        urn,
        string_agg(title, '; ' order by strategy_paragraph, trigger) filter (where state = 'met') as circumstances_met,
        string_agg(title, '; ' order by strategy_paragraph, trigger) filter (where state = 'adviser_to_confirm')
            as circumstances_to_confirm,
        min(due_on) filter (where state = 'met') as statement_of_action_due_on
    from {{ ref('concern_triggers') }}
    group by urn

),

support as (

    select urn, string_agg(distinct intervention, '; ' order by intervention) as support_under_way
    from {{ ref('interventions') }}
    where is_going_on
    group by urn

),

offers as (

    select urn, string_agg(distinct offering_school_name, '; ' order by offering_school_name) as could_be_supported_by
    from {{ ref('support_offer') }}
    where place = 1
    group by urn

),

lines as (

    select
        schools.review_year,
        coalesce(schools.district, 'district not known') as district,
        schools.urn,
        schools.school_name,
        schools.la_code,
        schools.school_kind,
        schools.sector,
        schools.trust_name,
        ratings.whole_school_rating,
        coalesce(ratings.is_moderated, false) as is_moderated,
        coalesce(ratings.consider_red, false) as consider_red,
        ratings.previous_rating,
        ratings.is_previous_of_predecessor,
        ratings.early_years_rating,
        ratings.post_16_rating,
        screen.band,
        screen.top_reasons,
        screen.rank,
        concern.inspection_standing,
        concern.registers,
        concern.is_over_18_months,
        circumstances.circumstances_met,
        circumstances.circumstances_to_confirm,
        circumstances.statement_of_action_due_on,
        support.support_under_way,
        offers.could_be_supported_by,
        coalesce(
            concern.has_concerns
            or screen.band = 'high'
            or {{ is_of_concern('ratings.early_years_rating') }}
            or {{ is_of_concern('ratings.post_16_rating') }}
            or circumstances.circumstances_met is not null,
            false
        ) as is_for_discussion
    from schools
    left join ratings on schools.urn = ratings.urn
    left join {{ ref('risk_screen') }} as screen on schools.urn = screen.urn
    left join {{ ref('int_school_concern') }} as concern on schools.urn = concern.urn
    left join circumstances on schools.urn = circumstances.urn
    left join support on schools.urn = support.urn
    left join offers on schools.urn = offers.urn

)

select
    review_year,
    district,
    row_number() over (
        partition by review_year, district
        order by
            is_for_discussion desc,
            consider_red desc,
            case whole_school_rating when 'red' then 1 when 'amber' then 2 else 3 end,
            is_over_18_months desc nulls last,
            rank nulls last,
            urn
    ) as place,
    lines.* exclude (review_year, district, rank),
    count(*) over (partition by review_year, district) as district_schools_n,
    count(*) filter (where is_for_discussion) over (partition by review_year, district) as district_for_discussion_n
from lines
