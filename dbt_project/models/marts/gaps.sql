-- Gaps of disadvantaged pupils, three kinds (methods section 3): to the school's own others (shown, never scored), to
-- other pupils nationally and to disadvantaged pupils nationally. Negative means behind, whatever the measure's polarity
-- shows best; no gap is made from a value that is not reported on both sides.
with comparable as (

    select *
    from {{ ref('int_comparable') }}
    where pupil_group in ('disadvantaged', 'other') and unit != 'count' and measure not like '%published_gap'

    union all by name

    select
        'country' as entity_type, 'ENG' as entity_code, observations.academic_year, observations.measure, observations.pupil_group,
        observations.value, observations.denominator, observations.lower_ci, observations.upper_ci, observations.status,
        observations.basis, observations.basis as national_basis, observations.release, observations.file_id, measures.* exclude (measure, national_basis)
    from {{ ref('observations') }} as observations
    inner join {{ ref('measures') }} as measures using (measure)
    where
        observations.entity_type = 'country'
        and observations.pupil_group in ('disadvantaged', 'other')
        and measures.unit != 'count'
        and observations.measure not like '%published_gap'

),

disadvantaged as (

    select * from comparable where pupil_group = 'disadvantaged'

),

others as (

    select entity_type, entity_code, basis, academic_year, measure, value as other_value, status as other_status,
        lower_ci as other_lower_ci, upper_ci as other_upper_ci
    from comparable
    where pupil_group = 'other'

),

national as (

    select measure, academic_year, basis as national_basis,
        max(value) filter (where pupil_group = 'other') as national_other,
        max(value) filter (where pupil_group = 'disadvantaged') as national_disadvantaged
    from {{ ref('int_national') }}
    group by all

),

wide as (

    select disadvantaged.*, others.other_value, others.other_status, others.other_lower_ci, others.other_upper_ci,
        national.national_other, national.national_disadvantaged
    from disadvantaged
    left join others using (entity_type, entity_code, basis, academic_year, measure)
    left join national using (measure, academic_year, national_basis)

),

kinds_of_gap as (

    select *, 'within_entity' as gap_type, other_value as comparator_value, coalesce(other_status, 'not_published') as comparator_status,
        other_lower_ci as comparator_lower_ci, other_upper_ci as comparator_upper_ci
    from wide
    union all by name
    select *, 'to_national_other' as gap_type, national_other as comparator_value,
        case when national_other is null then 'not_published' else 'reported' end as comparator_status,
        national_other as comparator_lower_ci, national_other as comparator_upper_ci
    from wide
    union all by name
    select *, 'to_national_disadvantaged' as gap_type, national_disadvantaged as comparator_value,
        case when national_disadvantaged is null then 'not_published' else 'reported' end as comparator_status,
        national_disadvantaged as comparator_lower_ci, national_disadvantaged as comparator_upper_ci
    from wide
    where entity_type != 'country'

),

measured as (

    select
        *,
        round(value - comparator_value, decimals) as gap_value,
        case when status != 'reported' then status when comparator_status != 'reported' then comparator_status else 'reported' end as gap_status
    from kinds_of_gap

),

with_history as (

    select
        now.*,
        one_year.gap_value as gap_1y,
        three_years.gap_value as gap_3y
    from measured as now
    left join measured as one_year
        on
            now.entity_type = one_year.entity_type and now.entity_code = one_year.entity_code and now.basis = one_year.basis
            and now.measure = one_year.measure and now.gap_type = one_year.gap_type
            and {{ year_end('now.academic_year') }} - 1 = {{ year_end('one_year.academic_year') }}
    left join measured as three_years
        on
            now.entity_type = three_years.entity_type and now.entity_code = three_years.entity_code and now.basis = three_years.basis
            and now.measure = three_years.measure and now.gap_type = three_years.gap_type
            and {{ year_end('now.academic_year') }} - 3 = {{ year_end('three_years.academic_year') }}

)

select
    entity_type,
    entity_code,
    case when entity_type = 'school' then entity_code end as urn,
    la_code,
    basis,
    academic_year,
    measure,
    gap_type,
    value as disadvantaged_value,
    denominator as disadvantaged_n,
    comparator_value,
    gap_value as gap,
    -- independent groups: the half-widths add in squares; a national comparator is taken as exact
    case when lower_ci is not null and comparator_lower_ci is not null
        then round(value - comparator_value - sqrt(power(value - lower_ci, 2) + power(comparator_upper_ci - comparator_value, 2)), 2) + 0.0 end as gap_lower_ci,
    case when upper_ci is not null and comparator_upper_ci is not null
        then round(value - comparator_value + sqrt(power(upper_ci - value, 2) + power(comparator_value - comparator_lower_ci, 2)), 2) + 0.0 end as gap_upper_ci,
    case when unit = 'pct' then trunc(denominator * (value - comparator_value) / 100) + 0 end as pupils_equivalent,
    round(gap_value - gap_1y, decimals) as change_1y,
    round(gap_value - gap_3y, decimals) as change_3y,
    gap_status as status,
    release,
    file_id
from with_history
