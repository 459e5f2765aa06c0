-- Every school and LA value beside England's: difference, significance, verdict, percentile, quintile, LA rank, trend.
-- The verdict is below, in line or above only where a difference is significant (or, for scores without an interval,
-- outside the national middle), is more than two pupils and more than the measure's margin; else it says why not.
{% set who = small_key(['entity_type', 'entity_code', 'basis']) -%}
{% set topic = small_key(['measure', 'pupil_group']) -%}
{% set key = 'who, topic, year_end' -%}
with comparable as (

    -- progress and value added of all pupils are judged against 0, as the published bands are
    select
        *,
        coalesce(case when pupil_group = 'all' then fixed_benchmark end, national_value) as compared_with,
        {{ who }} as who,
        {{ topic }} as topic,
        {{ year_end('academic_year') }} as year_end
    from {{ ref('int_comparable') }}

),

-- a rank needs every authority: one is given where an England file gave the year's rows of that group
distributions as (

    select distinct
        observations.basis, {{ topic }} as topic, {{ year_end('observations.academic_year') }} as year_end
    from {{ ref('observations') }} as observations
    inner join {{ ref('stg_files') }} as files using (file_id)
    where observations.entity_type = 'la' and files.scope = 'england'

),

las_with_a_value as (

    select comparable.*
    from comparable
    inner join distributions using (basis, topic, year_end)
    where entity_type = 'la' and status = 'reported' and polarity != 0

),

pieces as (

    {{ authorities_in_pieces(
        'las_with_a_value', 'entity_code', ['basis', 'topic', 'year_end'], 'own.year_end'
    ) | indent(4) }}

),

ranked_las as (

    select
        {{ key }},
        {{ la_standing('topic, year_end, basis') }}
    from las_with_a_value
    anti join pieces using (entity_code, basis, topic, year_end)

),

las as (

    select * from comparable where entity_type = 'la'

),

neighbours as (

    {{ neighbour_means('las', 'entity_code', ['entity_type', 'basis', 'topic', 'year_end']) | indent(4) }}

),

published_pools as (

    -- a publisher's three-year figure knows the years whose own figures are too small to print
    select
        comparable.who,
        {{ small_key(['pools.measure', 'comparable.pupil_group']) }} as topic,
        comparable.year_end,
        comparable.value,
        comparable.denominator,
        comparable.national_value
    from comparable
    inner join {{ ref('three_year_measures') }} as pools on comparable.measure = pools.three_year_measure
    where comparable.status = 'reported' and comparable.denominator > 0

),

history as (

    -- three years together, weighted by pupils, unsuppressed years only; and the year before
    select
        {{ key }},
        {{ pooled('pooled_value', 'poolable_n', 'over three_years') }} as pooled_3y_value,
        sum(case when value is not null then poolable_n end) over three_years as pooled_3y_n,
        string_agg(case when value is not null and poolable_n is not null then academic_year end, ', ')
            over three_years
            as pooled_years,
        count(case when value is not null then poolable_n end) over three_years as pooled_years_n,
        -- England's pool stands only beside the same years
        case
            when count(case when value is not null then poolable_n end) over three_years
                = count(case when value is not null and national_value is not null then poolable_n end) over three_years
                then {{ pooled(
                    'national_value', 'case when value is not null then poolable_n end', 'over three_years'
                ) }}
        end as pooled_3y_national_value,
        string_agg(academic_year, ', ') over three_years as years_with_rows,
        count(*) over three_years as years_with_rows_n,
        max(value) over year_before as previous_value
    from (
        select
            *,
            -- a three-year figure is a pool already
            case
                when
                    denominator > 0
                    and interval_method != 'published'
                    and measure not in (select three_year_measure from {{ ref('three_year_measures') }})
                    then denominator
            end as poolable_n,
            {{ of_whole_pupils('value', 'denominator', 'comparable') }} as pooled_value
        from comparable
    )
    window
        three_years as (partition by who, topic order by year_end range between 2 preceding and current row),
        year_before as (partition by who, topic order by year_end range between 1 preceding and 1 preceding)

),

percentiles as (

    select
        {{ small_key(["'school'", 'urn', 'basis']) }} as who,
        {{ topic }} as topic,
        {{ year_end('academic_year') }} as year_end,
        percentile_rank
    from {{ ref('int_percentiles') }}

),

similar_values as (

    select
        'school' as entity_type, urn as entity_code, {{ topic }} as topic, {{ year_end('academic_year') }} as year_end,
        * exclude (urn, measure, pupil_group, academic_year)
    from {{ ref('int_similar_results') }}

),

progress_rules as (

    select years.measure, years.academic_year, 'all' as pupil_group, rules.well_threshold, true as is_banded
    from (select distinct measure, academic_year from comparable) as years
    inner join {{ ref('progress_bands') }} as rules
        on
            years.measure = rules.measure
            and years.academic_year between rules.academic_year_from and rules.academic_year_to

),

differences as (

    select
        comparable.*,
        round(comparable.value - comparable.national_value, 4) as difference,
        round(comparable.value - comparable.compared_with, 4) as judged_difference,
        case
            when
                comparable.unit = 'pct'
                then {{ pupil_equivalents('comparable.denominator', 'comparable.value - comparable.national_value') }}
        end as pupils_equivalent,
        percentiles.percentile_rank,
        cast(ceil(percentiles.percentile_rank / 20.0) as integer) as quintile,
        ranked_las.la_rank,
        ranked_las.la_count,
        {{ la_quartile() }} as la_quartile,
        round(coalesce(published_pools.value, history.pooled_3y_value), 2) as pooled_3y_value,
        coalesce(published_pools.denominator, history.pooled_3y_n) as pooled_3y_n,
        case when published_pools.value is null then history.pooled_years else history.years_with_rows end
            as pooled_years,
        case when published_pools.value is null then history.pooled_years_n else history.years_with_rows_n end
            as pooled_years_n,
        round(
            case
                when published_pools.value is null then history.pooled_3y_national_value
                else published_pools.national_value
            end,
            2
        ) as pooled_3y_national_value,
        round(comparable.value - history.previous_value, 4) as change_1y,
        neighbours.neighbour_mean,
        neighbours.neighbours_n,
        similar_values.similar_schools_value,
        similar_values.similar_schools_n,
        similar_values.similar_schools_fifth,
        similar_values.similar_schools_distance,
        similar_values.similar_schools_scope,
        coalesce(progress_rules.is_banded, false) as is_banded,
        progress_rules.well_threshold,
        spread.overdispersion as overdispersion_used,
        spread.overdispersion_from
    from comparable
    left join similar_values using (entity_type, entity_code, topic, year_end)
    left join percentiles using (who, topic, year_end)
    left join ranked_las using (who, topic, year_end)
    left join history using (who, topic, year_end)
    -- where our pool counts the same pupils and rounds to the publisher's figure, it is that figure with its decimals
    left join published_pools
        on
            comparable.who = published_pools.who
            and comparable.topic = published_pools.topic
            and comparable.year_end = published_pools.year_end
            and not coalesce(
                history.pooled_3y_n = published_pools.denominator
                and abs(history.pooled_3y_value - published_pools.value) <= 0.5,
                false
            )
    left join neighbours using (entity_type, entity_code, basis, topic, year_end)
    left join progress_rules using (academic_year, measure, pupil_group)
    left join {{ ref('int_overdispersion') }} as spread using (academic_year, measure, pupil_group)
),

judged as (

    select
        *,
        case
            when lower_ci is null or compared_with is null or not is_set_against_national then 'not_tested'
            when lower_ci > compared_with then 'significantly_above'
            when upper_ci < compared_with then 'significantly_below'
            else 'not_significant'
        end as significance,
        -- areas and trusts have no fifth of the nation's schools: the margin alone decides for them
        case
            when entity_type = 'school' then quintile
            when (value - compared_with) * polarity < 0 then 5
            else 1
        end as place_in_nation
    from differences

)

select
    entity_type,
    entity_code,
    case when entity_type = 'school' then entity_code end as urn,
    la_code,
    school_kind,
    basis,
    academic_year,
    measure,
    title as measure_title,
    is_headline,
    pupil_group,
    value,
    denominator as cohort_n,
    lower_ci,
    upper_ci,
    overdispersion_used as overdispersion,
    overdispersion_from,
    national_value,
    national_basis,
    compared_with,
    difference,
    is_set_against_national,
    significance,
    percentile_rank,
    quintile,
    pupils_equivalent,
    case
        when status != 'reported' then status
        when compared_with is null then 'no_data: national value not held'
        when polarity = 0 then 'not_applicable'
        when not is_set_against_national then 'not_applicable'
        else
            coalesce(
                {{ verdict(
                    'value', 'denominator', 'compared_with', 'lower_ci', 'upper_ci', 'place_in_nation', 'judged'
                ) }},
                case
                    when interval_method = 'none' then 'no_data: national distribution not held'
                    else 'no_data: interval not published'
                end
            )
    end as verdict,
    case
        when entity_type != 'school' then null
        when percentile_rank is null and status = 'reported' then 'no_data: national distribution not held'
    end as percentile_note,
    similar_schools_value,
    similar_schools_n,
    similar_schools_fifth,
    similar_schools_distance,
    similar_schools_scope,
    neighbour_mean,
    neighbours_n,
    la_rank,
    la_count,
    la_quartile,
    pooled_3y_value,
    pooled_3y_n,
    pooled_years,
    pooled_years_n,
    pooled_3y_national_value,
    change_1y,
    case
        when not is_banded or not is_set_against_national or value is null or lower_ci is null then null
        when lower_ci > 0 and value >= well_threshold then 'well_above'
        when lower_ci > 0 then 'above'
        when upper_ci < 0 and value < -well_threshold then 'well_below'
        when upper_ci < 0 then 'below'
        else 'average'
    end as progress_band,
    -- published verdicts may seem to disagree: one sentence says why (methods section 1)
    case
        when
            status = 'reported'
            and interval_method = 'published'
            and significance = 'not_significant'
            and quintile in (1, 5)
            then printf(
                '%s is %s, among the %s fifth of schools of its kind, yet its interval (%s to %s) contains %s: '
                || 'with a cohort of this size that can be chance, so it counts as average.',
                title, {{ plain_number('value', 'decimals') }}, case when quintile = 5 then 'lowest' else 'highest' end,
                {{ plain_number('lower_ci', 'decimals') }}, {{ plain_number('upper_ci', 'decimals') }},
                case
                    when pupil_group = 'all' and fixed_benchmark is not null then '0' else
                        'England''s ' || {{ plain_number('compared_with', 'decimals') }}
                end
            )
    end as disagreement_note,
    case
        when change_1y is null then 'no_consecutive_year'
        when abs(change_1y) <= margin then 'steady'
        when change_1y * polarity > 0 then 'improving'
        else 'falling'
    end as trend,
    status,
    status_reason,
    release,
    is_predecessor,
    is_carried,
    source,
    file_id,
    line,
    source_column,
    nullif(concat_ws('; ', doubt, 'England''s figure: ' || national_doubt), '') as doubt
from judged
