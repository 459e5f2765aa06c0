-- What the census says for the indicators of pupil numbers: the roll beside that of three years before.
with pairs as (

    select * from {{ ref('int_indicator_pairs') }} where test = 'roll_fall'

)

select
    pairs.review_year,
    pairs.urn,
    pairs.indicator,
    rolls.change_pct as value,
    rolls.earlier_pupils_n as benchmark_value,
    rolls.pupils_n as cohort_n,
    rolls.academic_year as year_in_words,
    {{ state('rolls.change_pct is not null', 'rolls.change_pct < -pairs.threshold') }} as state,
    case
        when rolls.urn is null then 'no census of this school is held'
        when rolls.change_pct is null then 'no census of three years before is held for this school'
        else
            printf(
                '%d pupils in %s, %d in %s',
                cast(rolls.pupils_n as integer), rolls.academic_year,
                cast(rolls.earlier_pupils_n as integer), rolls.earlier_academic_year
            )
    end as detail,
    1 as decimals,
    rolls.file_id,
    rolls.line,
    rolls.source_column
from pairs
left join {{ ref('int_review_rolls') }} as rolls on pairs.urn = rolls.urn
