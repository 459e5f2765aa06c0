-- What is known of each school at this review, one row per measure: one figure, one verdict, one word, one sentence.
-- The figure is the newest published one (int_review_measures), its comparisons those of `benchmarks`.
with figures as (

    select * from {{ ref('int_review_measures') }}

),

compared as (

    select
        figures.review_year,
        figures.urn,
        schools.school_name,
        schools.la_code,
        figures.school_kind,
        headlines.provision,
        headlines.place,
        figures.measure,
        benchmarks.measure_title,
        figures.pupil_group,
        figures.academic_year,
        figures.years_back,
        figures.value,
        figures.cohort_n,
        figures.lower_ci,
        figures.upper_ci,
        case when benchmarks.is_set_against_national then figures.compared_with end as national_value,
        benchmarks.similar_schools_value,
        benchmarks.similar_schools_fifth,
        figures.pooled_3y_value,
        figures.pooled_3y_n,
        figures.pooled_years,
        case when benchmarks.is_set_against_national then figures.pooled_3y_national_value end
            as pooled_3y_national_value,
        figures.verdict,
        figures.status,
        benchmarks.status_reason,
        round(figures.value - figures.previous_value, 4) as change,
        previous.national_value as previous_national_value,
        coalesce(figures.years_back >= headlines.is_history_after_years, false) as is_history,
        coalesce(abs(figures.difference) > figures.well_margin, false) as is_beyond_well_margin,
        abs(figures.difference) / nullif(figures.well_margin, 0) as well_margins,
        coalesce(figures.polarity < 0, false) as is_less_better,
        figures.unit,
        figures.decimals,
        headlines.wording,
        figures.release,
        benchmarks.is_carried,
        figures.uses_predecessor_years,
        figures.file_id,
        figures.line,
        figures.source_column,
        benchmarks.doubt
    from figures
    inner join {{ ref('headline_measures') }} as headlines using (measure, pupil_group)
    inner join {{ ref('int_review_schools') }} as schools using (urn)
    inner join {{ ref('benchmarks') }} as benchmarks
        on
            benchmarks.entity_type = 'school'
            and figures.urn = benchmarks.urn
            and figures.measure = benchmarks.measure
            and figures.pupil_group = benchmarks.pupil_group
            and figures.academic_year = benchmarks.academic_year
    left join {{ ref('benchmarks') }} as previous
        on
            previous.entity_type = 'school'
            and figures.urn = previous.urn
            and figures.measure = previous.measure
            and figures.pupil_group = previous.pupil_group
            and {{ year_end('figures.academic_year') }} - 1 = {{ year_end('previous.academic_year') }}
    where
        figures.status != 'not_applicable'
        and (headlines.provision != 'early_years' or schools.has_early_years)
        and (headlines.provision != 'post_16' or schools.has_sixth_form)

),

said as (

    select
        compared.*,
        round(compared.change - (compared.national_value - compared.previous_national_value), 4)
            as change_beyond_national,
        case when compared.status != 'reported' then compared.status else coalesce(words.word, 'not_compared') end
            as word,
        coalesce(words.word in ('clearly_below', 'clearly_above') and not compared.is_history, false) as is_exception
    from compared
    left join {{ ref('headline_words') }} as words using (verdict, is_less_better, is_beyond_well_margin)

)

select
    review_year,
    urn,
    school_name,
    la_code,
    school_kind,
    provision,
    place,
    measure,
    measure_title,
    pupil_group,
    value,
    academic_year,
    years_back,
    cohort_n,
    lower_ci,
    upper_ci,
    national_value,
    similar_schools_value,
    similar_schools_fifth,
    pooled_3y_value,
    pooled_3y_n,
    pooled_3y_national_value,
    pooled_years,
    verdict,
    word,
    change,
    change_beyond_national,
    is_exception,
    is_exception and verdict = 'below' as is_worse,
    -- how far from England, in margins beyond which a figure is well below or above
    case when is_exception then round(well_margins, 2) end as weight,
    case when status = 'reported' then
        replace(
            replace(wording, '{value}', {{ headline_value('value') }}),
            '{pupils}', coalesce(cast(cast(cohort_n as bigint) as varchar), 'the')
        )
        || printf(' in %s', academic_year)
        || coalesce(' (' || nullif(concat_ws(
            ', ', 'England ' || {{ headline_value('national_value') }},
            'similar schools ' || {{ headline_value('similar_schools_value') }}
        ), '') || ')', '')
        || '.'
    end as sentence,
    is_history,
    status,
    status_reason,
    release,
    is_carried,
    uses_predecessor_years,
    file_id,
    line,
    source_column,
    doubt
from said
