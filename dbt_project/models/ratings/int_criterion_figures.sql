-- Figures that bear on a criterion of the strategy and that no indicator reads (seed rayg_criteria_figures): a verdict,
-- or a gap to other pupils nationally. One row per school, criterion and figure, as indicators have them.
with figures as (

    select
        figures.criterion,
        figures.measure,
        figures.pupil_group,
        figures.gap_type,
        measures.title,
        measures.polarity,
        measures.decimals,
        measures.key_stage,
        measures.margin,
        measures.well_margin,
        measures.minimum_cohort,
        measures.national_basis
    from {{ ref('rayg_criteria_figures') }} as figures
    inner join {{ ref('measures') }} as measures using (measure)

),

-- whether a figure of the school may be set against all of England, by its kind
comparable as (

    select
        schools.urn,
        figures.criterion,
        figures.measure,
        figures.title,
        case figures.key_stage
            when 'ks2' then kinds.is_ks2_comparable
            when 'ks4' then kinds.is_ks4_comparable
        end as is_comparable
    from figures
    cross join {{ ref('int_review_schools') }} as schools
    inner join {{ ref('school_kinds') }} as kinds using (school_kind)

),

judged as (

    select
        vals.urn,
        figures.criterion,
        figures.title,
        case when vals.verdict = 'below' then 'triggered' else 'clear' end as state,
        printf(
            '%s: %s against %s.', figures.title, {{ plain_number('vals.value', 'figures.decimals') }},
            {{ plain_number('vals.compared_with', 'figures.decimals') }}
        ) as evidence
    from figures
    inner join {{ ref('int_review_measures') }} as vals using (measure, pupil_group)
    inner join comparable
        on
            vals.urn = comparable.urn and figures.criterion = comparable.criterion
            and figures.measure = comparable.measure and comparable.is_comparable
    where
        figures.gap_type is null
        and vals.verdict in ('below', 'in_line', 'above')
        and vals.years_back <= {{ policy('oldest_outcome_years') }}

),

gaps as (

    select
        own.urn,
        figures.*,
        own.academic_year,
        own.gap,
        own.disadvantaged_value,
        own.disadvantaged_n,
        own.comparator_value,
        england.gap as england_gap,
        own.gap * figures.polarity
        <= england.gap * figures.polarity - figures.well_margin as is_well_behind
    from figures
    inner join {{ ref('gaps') }} as own using (measure, pupil_group, gap_type)
    inner join comparable
        on
            own.urn = comparable.urn and figures.criterion = comparable.criterion
            and figures.measure = comparable.measure and comparable.is_comparable
    inner join {{ ref('gaps') }} as england
        on
            own.measure = england.measure and own.pupil_group = england.pupil_group
            and own.gap_type = england.gap_type and own.academic_year = england.academic_year
            and figures.national_basis = england.basis and england.entity_type = 'country'
    where own.entity_type = 'school' and own.status = 'reported' and own.disadvantaged_n >= figures.minimum_cohort

),

newest as (

    select gaps.*, before.is_well_behind as was_well_behind
    from gaps
    cross join {{ ref('stg_parameters') }} as parameters
    left join gaps as before
        on
            gaps.urn = before.urn and gaps.criterion = before.criterion and gaps.measure = before.measure
            and {{ year_end('gaps.academic_year') }} = {{ year_end('before.academic_year') }} + 1
    where
        {{ year_end('parameters.review_academic_year') }} - {{ year_end('gaps.academic_year') }}
        between 0 and {{ policy('oldest_outcome_years') }}
    qualify
        row_number() over (partition by gaps.urn, gaps.criterion, gaps.measure order by gaps.academic_year desc) = 1

)

select urn, criterion, title, state, evidence from judged
union all
select
    urn,
    criterion,
    title || ' of disadvantaged pupils well below other pupils nationally' as title,
    case
        when is_well_behind and was_well_behind then 'triggered'
        when gap * polarity < -margin then 'behind'
        else 'clear'
    end as state,
    printf(
        '%s of disadvantaged pupils: %s against %s of other pupils nationally (the gap in England is %s).', title,
        {{ plain_number('disadvantaged_value', 'decimals') }}, {{ plain_number('comparator_value', 'decimals') }},
        {{ plain_number('abs(england_gap)', 'decimals') }}
    ) as evidence
from newest
union all
select urn, criterion, title, 'not_applicable' as state, null as evidence
from comparable
where not is_comparable
