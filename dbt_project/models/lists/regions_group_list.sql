-- The termly list for the Department's regions group: the academies about which there are concerns, with what may be
-- shared: published evidence of more than a handful of pupils, never the authority's own returns, notes or names.
with academies as (

    select
        screen.review_year,
        screen.urn,
        screen.school_name,
        screen.la_code,
        screen.school_kind,
        screen.trust_name,
        schools.reference_on
    from {{ ref('risk_screen') }} as screen
    inner join {{ ref('int_review_schools') }} as schools using (urn)
    where screen.sector = 'academy'

),

ratings as (

    select
        urn,
        final_rating,
        moderated_rating is not null as is_moderated,
        moderated_on,
        inspection_standing = 'category' as is_in_category
    from {{ ref('rayg_drafts') }}
    where provision = 'whole_school'

),

evidence as (

    select
        indicators.urn,
        string_agg(indicators.evidence, ' ' order by indicators.points desc, indicators.indicator) as published_evidence
    from {{ ref('risk_indicators') }} as indicators
    inner join {{ ref('stg_files') }} as files using (file_id)
    where
        indicators.state = 'triggered'
        and files.role != 'return'
        and files.release != 'local_unvalidated'
        and coalesce(indicators.cohort_n > {{ policy('shown_above_n') }}, true)
    group by indicators.urn

)

select
    academies.review_year,
    academies.reference_on as as_known_on,
    academies.urn,
    academies.school_name,
    academies.la_code,
    academies.school_kind,
    academies.trust_name,
    ratings.final_rating as rating,
    ratings.is_moderated,
    ratings.is_moderated or ratings.is_in_category as is_confirmed,
    case
        when ratings.is_in_category then 'In an inspection category of concern.'
        when
            ratings.is_moderated
            then
                'Rated '
                || ratings.final_rating
                || ' by the authority''s advisers on '
                || {{ day_in_words('ratings.moderated_on') }}
                || '.'
        else 'Draft ' || ratings.final_rating || ': not to be shared before an adviser has confirmed it.'
    end
    || ' To be discussed with the trust first; with the Department termly and where the trust does not engage.'
        as reason,
    coalesce(evidence.published_evidence, 'No published figure of enough pupils to show points to it.')
        as published_evidence,
    '102, A15' as strategy_paragraph
from academies
inner join ratings using (urn)
left join evidence using (urn)
where {{ is_of_concern('ratings.final_rating') }} or ratings.is_in_category
