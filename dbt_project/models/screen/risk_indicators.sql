-- Every school of the review with every indicator: a state, always, and the evidence as a sentence.
-- 'No verdict' is never 'nothing wrong': an absence keeps its reason. The index is int_indicator_pairs. What each kind
-- of evidence says stands in a model of its own; a column that a kind does not have is null.
with evidence as (

    select * from {{ ref('int_indicators_of_measures') }}
    union all by name
    select * from {{ ref('int_indicators_of_inspections') }}
    union all by name
    select * from {{ ref('int_indicators_of_rolls') }}
    union all by name
    select * from {{ ref('int_indicators_of_openings') }}
    union all by name
    select * from {{ ref('int_indicators_of_local_knowledge') }}

),

stated as (

    select
        pairs.*,
        evidence.value,
        evidence.benchmark_value,
        evidence.cohort_n,
        evidence.year_in_words,
        evidence.detail,
        evidence.decimals,
        coalesce(evidence.benchmark_decimals, evidence.decimals) as benchmark_decimals,
        coalesce(evidence.is_predecessor, false) as is_predecessor,
        case when evidence.value_status != 'reported' then absences.plain_words end as absence_in_words,
        -- a test that no kind of evidence answers leaves no state, and the test of the keys stops the build
        case when pairs.does_apply then evidence.state else 'not_applicable' end as state,
        evidence.file_id,
        evidence.line,
        evidence.source_column
    from {{ ref('int_indicator_pairs') }} as pairs
    left join evidence using (review_year, urn, indicator)
    left join {{ ref('absence_states') }} as absences on evidence.value_status = absences.status

)

select
    review_year,
    urn,
    school_name,
    provision,
    indicator,
    title,
    domain,
    state,
    value,
    benchmark_value,
    cohort_n,
    case when state = 'triggered' then points else 0 end as points,
    points as points_at_stake,
    {{ indicator_sentence() }} as evidence,
    is_predecessor,
    strategy_paragraph,
    authority,
    file_id,
    line,
    source_column
from stated
