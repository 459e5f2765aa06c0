-- Schools where what the data say and what inspectors said point different ways, both ways: a reason to look, and to
-- ask which of the two is out of date.
with drafts as (

    select * from {{ ref('rayg_drafts') }} where provision = 'whole_school'

),

standing as (

    select * from {{ ref('int_inspection_standing') }} where provision = 'whole_school'

),

worded as (

    select axis, value, plain_words from {{ ref('rayg_axes') }}

)

select
    drafts.review_year,
    drafts.urn,
    drafts.school_name,
    drafts.la_code,
    drafts.sector,
    drafts.school_kind,
    case
        when drafts.inspection_standing in ('category', 'below_good') then 'data_better_than_inspection'
        else 'data_worse_than_inspection'
    end as direction,
    drafts.inspection_standing,
    drafts.outcomes,
    greatest(standing.graded_on, standing.ungraded_on) as inspected_on,
    round(standing.years_since_any, 1) as years_since_inspection,
    printf(
        'Outcomes are %s; the school is %s (last inspected on %s).',
        outcome_words.plain_words,
        standing_words.plain_words,
        {{ day_in_words('greatest(standing.graded_on, standing.ungraded_on)') }}
    ) as sentence,
    drafts.draft_rating,
    drafts.confidence
from drafts
inner join standing using (urn)
inner join worded as outcome_words on outcome_words.axis = 'outcomes' and outcome_words.value = drafts.outcomes
inner join worded as standing_words
    on standing_words.axis = 'inspection_standing' and standing_words.value = drafts.inspection_standing
where
    (
        drafts.inspection_standing in ('good', 'strong', 'strong_recent')
        and drafts.outcomes in ('two_below_in_context', 'well_below_two')
    )
    or (
        drafts.inspection_standing in ('strong', 'strong_recent')
        and drafts.outcomes in ('one_below', 'two_below', 'two_below_context_unknown')
    )
    or (
        drafts.inspection_standing in ('category', 'below_good')
        and drafts.outcomes in ('above', 'top_in_context', 'well_above')
    )
