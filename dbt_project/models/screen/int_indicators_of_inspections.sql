-- What inspections under the school's own number say, for the indicators that rest on them. A school that was never
-- graded under its own number is not clear: nothing is known.
with pairs as (

    select * from {{ ref('int_indicator_pairs') }}
    where
        test in (
            'category', 'below_good', 'early_years_below_good', 'ungraded_concerns',
            'years_since_inspection', 'years_since_any_inspection'
        )

)

select
    pairs.review_year,
    pairs.urn,
    pairs.indicator,
    cast(standing.deciding_grade as double) as value,
    {{ day_in_words(
        "case pairs.test when 'ungraded_concerns' then standing.ungraded_on else standing.graded_on end"
    ) }} as year_in_words,
    case pairs.test
        when 'category'
            then {{ state('standing.graded_on is not null', 'standing.category_of_concern is not null') }}
        when 'ungraded_concerns'
            then {{ state(
                'standing.ungraded_on is not null', 'standing.has_ungraded_concerns', unknown='not_applicable'
            ) }}
        when 'years_since_inspection'
            then {{ state('standing.graded_on is not null', 'standing.years_since_graded > pairs.threshold') }}
        when 'years_since_any_inspection'
            then {{ state('standing.years_since_any is not null', 'standing.years_since_any > pairs.threshold') }}
        else
            -- below good: a report card says so itself, before it a grade did
            {{ state(
                'standing.graded_on is not null'
                ~ ' and (standing.card_standing is not null or standing.deciding_grade is not null)',
                "coalesce(standing.card_standing = 'below_good', standing.deciding_grade >= "
                ~ policy('below_good_grade') ~ ')'
            ) }}
    end as state,
    case pairs.test
        when 'category'
            then case
                when standing.graded_on is null then 'no graded inspection under its own number'
                else coalesce(categories.plain_words, standing.category_of_concern)
            end
        when 'ungraded_concerns'
            then coalesce(standing.ungraded_outcome, 'no ungraded inspection since the last graded one')
        when 'years_since_inspection'
            then coalesce(
                printf(
                    'Last graded inspection of this school on %s, %.1f years before %s, the day of the newest list',
                    {{ day_in_words('standing.graded_on') }},
                    standing.years_since_graded,
                    {{ day_in_words('standing.known_to') }}
                ),
                'This school has not had a graded inspection under its own number'
            )
        when 'years_since_any_inspection'
            then coalesce(
                printf(
                    'Last inspection of this school, graded or not, on %s, '
                    || '%.1f years before %s, the day of the newest list',
                    {{ day_in_words('greatest(standing.graded_on, standing.ungraded_on)') }},
                    standing.years_since_any,
                    {{ day_in_words('standing.known_to') }}
                ),
                'This school has not been inspected under its own number'
            )
        else
            coalesce(
                standing.grade_in_words,
                case
                    when standing.graded_on is null then 'no graded inspection under its own number'
                    else 'not graded at the last inspection'
                end
            )
    end as detail,
    0 as decimals,
    standing.file_id,
    standing.line,
    'inspection columns' as source_column
from pairs
left join {{ ref('int_inspection_standing') }} as standing
    on
        pairs.urn = standing.urn
        and standing.provision
        = case pairs.test when 'early_years_below_good' then 'early_years' else 'whole_school' end
left join {{ ref('inspection_categories') }} as categories on standing.category_of_concern = categories.category
