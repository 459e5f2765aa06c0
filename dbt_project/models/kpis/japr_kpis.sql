-- The Joint Annual Performance Review's indicators for the county, one row per KPI and academic year.
-- Each year shows the first basis of the KPI's list that has a value; every difference and change is made on that basis
-- alone. A target's required yearly change is set beside what any authority has managed over three years.
with parameters as (

    select * from {{ ref('stg_parameters') }}

),

series as (

    select * from {{ ref('int_kpi_series') }}

),

with_history as (

    select
        now.*,
        previous.value as previous_value,
        previous.doubt as previous_doubt,
        three_years.value as value_3y_ago
    from series as now
    left join series as previous
        on
            now.kpi = previous.kpi and now.basis = previous.basis and now.la_code = previous.la_code
            and previous.status = 'reported' and now.year_end - 1 = previous.year_end
    left join series as three_years
        on
            now.kpi = three_years.kpi and now.basis = three_years.basis and now.la_code = three_years.la_code
            and three_years.status = 'reported' and now.year_end - 3 = three_years.year_end

),

held as (

    select with_history.*
    from with_history
    cross join parameters
    where parameters.la_code = 'all' or with_history.la_code = parameters.la_code
    qualify row_number() over (
        partition by with_history.kpi, with_history.la_code, with_history.academic_year
        order by (with_history.status = 'reported') desc, with_history.basis_rank
    ) = 1

),

-- a KPI that no file held gives anything for still has its line in the review's year
not_held as (

    select
        kpis.* exclude (bases), string_split(kpis.bases, '|')[1] as basis, parameters.la_code, 'not_held' as status,
        parameters.review_academic_year as academic_year, {{ year_end('parameters.review_academic_year') }} as year_end,
        measures.unit,
        measures.polarity,
        measures.decimals,
        case when kpis.gap_type is not null then 'points' else measures.unit end as shown_unit
    from {{ ref('kpis') }} as kpis
    inner join {{ ref('measures') }} as measures using (measure)
    cross join parameters
    anti join held on kpis.kpi = held.kpi
    where parameters.la_code != 'all'

),

chosen as (

    select * from held
    union all by name
    select * from not_held

),

targets as (

    select kpi, {{ year_end('academic_year') }} as target_year_end, academic_year as target_year, target
    from {{ ref('stg_local_targets') }}

),

-- a year is read against its own target, else against the next one agreed
targeted as (

    select chosen.*, targets.target, targets.target_year, targets.target_year_end
    from chosen
    left join targets on chosen.kpi = targets.kpi and targets.target_year_end >= chosen.year_end
    qualify
        row_number()
            over (partition by chosen.kpi, chosen.la_code, chosen.academic_year order by targets.target_year_end)
        = 1

),

rated as (

    select
        *,
        case
            when target is null or value is null or target_year_end = year_end then null
            else round((target - value) / (target_year_end - year_end), 2) + 0.0
        end as required_yearly_change,
        round((value - value_3y_ago) / 3, 2) + 0.0 as yearly_change_3y
    from targeted

),

-- what each authority's best three years running came to, a year, and what the same three years as the row's did
best_of_each as (

    select kpi, basis, la_code, max((value - value_3y_ago) / 3 * polarity) as best_yearly_gain
    from with_history
    where status = 'reported' and value_3y_ago is not null
    group by kpi, basis, la_code

),

precedent as (

    select
        rated.kpi, rated.la_code, rated.academic_year,
        count(*) filter (where best_of_each.best_yearly_gain >= rated.required_yearly_change * rated.polarity)
            as precedent_las_n,
        count(*) filter (
            where (same_years.value - same_years.value_3y_ago) / 3 * same_years.polarity
            >= rated.required_yearly_change * rated.polarity
        ) as precedent_same_years_las_n,
        count(*) as precedent_las_of
    from rated
    inner join best_of_each on rated.kpi = best_of_each.kpi and rated.basis = best_of_each.basis
    left join with_history as same_years
        on
            best_of_each.kpi = same_years.kpi
            and best_of_each.basis = same_years.basis
            and best_of_each.la_code = same_years.la_code
            and rated.year_end = same_years.year_end and same_years.status = 'reported'
    where rated.required_yearly_change * rated.polarity > 0
    group by rated.kpi, rated.la_code, rated.academic_year

),

judged as (

    select
        rated.*,
        precedent.precedent_las_n,
        precedent.precedent_same_years_las_n,
        precedent.precedent_las_of,
        case
            when target is null then 'no_target'
            when value is null then 'no_value'
            when (value - target) * polarity >= 0 then 'met'
            when target_year_end = year_end then 'missed'
            when yearly_change_3y is null then 'pace_not_known'
            when yearly_change_3y * polarity >= required_yearly_change * polarity then 'on_course'
            else 'off_course'
        end as target_status
    from rated
    left join precedent using (kpi, la_code, academic_year)

),

-- what an inspection share counts and whom it leaves out
covered as (

    select judged.*, shares.coverage, shares.left_out
    from judged
    left join {{ ref('int_inspection_shares') }} as shares
        on
            shares.entity_type = 'la' and judged.la_code = shares.la_code and judged.measure = shares.measure
            and judged.academic_year = shares.academic_year and judged.file_id = shares.file_id

)

select
    kpi,
    title,
    priority,
    strategy_paragraph,
    measure,
    pupil_group,
    gap_type,
    la_code,
    academic_year,
    value,
    lower_ci,
    upper_ci,
    shown_unit as unit,
    previous_value,
    round(value - previous_value, 2) + 0.0 as change,
    national_value,
    round(value - national_value, 2) + 0.0 as difference,
    neighbour_mean,
    neighbours_n,
    la_rank,
    la_count,
    la_quartile,
    target,
    target_year,
    target_status,
    required_yearly_change,
    yearly_change_3y,
    precedent_las_n,
    precedent_same_years_las_n,
    precedent_las_of,
    release,
    basis,
    {{ kpi_sentence() }} || coalesce(' In doubt: ' || covered.doubt || '.', '') as commentary,
    coverage,
    left_out,
    status,
    file_id,
    line,
    source_column,
    nullif(concat_ws('; ', covered.doubt, 'the year before: ' || previous_doubt), '') as doubt
from covered
