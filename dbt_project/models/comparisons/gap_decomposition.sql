-- Where a county's gap lies: within schools, or between them, and in which (methods section 3). For one measure and
-- year the gap D - O is the sum over schools of p(d - o), within, and (p - q)o, between, where p and q are the school's
-- shares of the county's disadvantaged and other pupils and d and o their values. Schools whose groups are not shown
-- form one block, recovered as the county's total minus what is visible; what lies between the schools inside it is not
-- seen, so the part between schools is a lower bound in size of what moves between them.
with parameters as (

    select * from {{ ref('stg_parameters') }}

),

measures as (

    select measure, unit, decimals
    from {{ ref('measures') }}
    where unit in ('pct', 'score', 'rate') and interval_method != 'published'

),

la_values as (

    select entity_code as la_code, academic_year, measure, pupil_group, value, denominator, status, source, file_id
    from {{ ref('observations') }}
    cross join parameters
    where
        entity_type = 'la'
        and basis = 'state_funded'
        and not is_carried
        and status = 'reported'
        and denominator > 0
        and pupil_group in ('disadvantaged', 'other')
        and (parameters.la_code = 'all' or entity_code = parameters.la_code)

),

counties as (

    select
        d.la_code, d.academic_year, d.measure,
        d.value as disadvantaged_value,
        d.denominator as disadvantaged_n,
        o.value as other_value,
        o.denominator as other_n,
        d.source,
        d.file_id
    from la_values as d
    inner join la_values as o using (la_code, academic_year, measure)
    inner join measures using (measure)
    where d.pupil_group = 'disadvantaged' and o.pupil_group = 'other'

),

school_groups as (

    select
        observations.la_code, observations.academic_year, observations.measure, observations.entity_code as urn,
        max(value) filter (where pupil_group = 'disadvantaged') as disadvantaged_value,
        max(case when observations.status = 'no_pupils' then 0 else denominator end) filter (
            where pupil_group = 'disadvantaged'
        ) as disadvantaged_n,
        max(value) filter (where pupil_group = 'other') as other_value,
        max(case when observations.status = 'no_pupils' then 0 else denominator end) filter (
            where pupil_group = 'other'
        ) as other_n
    from {{ ref('observations') }} as observations
    inner join counties using (la_code, academic_year, measure)
    left join {{ ref('schools') }} as schools on observations.entity_code = schools.urn
    where
        observations.entity_type = 'school'
        and not observations.is_carried
        and observations.pupil_group in ('disadvantaged', 'other')
        and coalesce(schools.sector, '') not in ('independent', 'non_maintained_special')
    group by all

),

-- a school is visible where each group is either shown with its pupils or known to have none
visible as (

    select
        la_code, academic_year, measure, urn, 'school' as component,
        coalesce(disadvantaged_value, 0) as disadvantaged_value, disadvantaged_n,
        coalesce(other_value, 0) as other_value, other_n
    from school_groups
    where
        disadvantaged_n + other_n > 0
        and (disadvantaged_n = 0 or disadvantaged_value is not null)
        and (other_n = 0 or other_value is not null)

),

not_shown as (

    select
        counties.la_code,
        counties.academic_year,
        counties.measure,
        cast(null as varchar) as urn,
        'not_shown' as component,
        counties.disadvantaged_n - coalesce(sum(cast(visible.disadvantaged_n as decimal(18, 4))), 0) as disadvantaged_n,
        counties.disadvantaged_n * counties.disadvantaged_value
            - coalesce(sum(cast(visible.disadvantaged_n * visible.disadvantaged_value as decimal(18, 4))), 0)
                as disadvantaged_sum,
        counties.other_n - coalesce(sum(cast(visible.other_n as decimal(18, 4))), 0) as other_n,
        counties.other_n * counties.other_value
            - coalesce(sum(cast(visible.other_n * visible.other_value as decimal(18, 4))), 0) as other_sum
    from counties
    left join visible using (la_code, academic_year, measure)
    group by
        counties.la_code, counties.academic_year, counties.measure,
        counties.disadvantaged_n, counties.disadvantaged_value, counties.other_n, counties.other_value

),

components as (

    select * from visible
    union all by name
    -- a block without pupils has no value; one of fewer pupils than none comes from rounded numbers of pupils
    select
        la_code, academic_year, measure, urn, component,
        cast(disadvantaged_n as double) as disadvantaged_n,
        cast(disadvantaged_sum / nullif(disadvantaged_n, 0) as double) as disadvantaged_value,
        cast(other_n as double) as other_n, cast(other_sum / nullif(other_n, 0) as double) as other_value
    from not_shown
    where disadvantaged_n > 0 or other_n > 0

),

parts as (

    select
        components.*,
        counties.file_id,
        components.disadvantaged_n / counties.disadvantaged_n as share_of_disadvantaged,
        components.other_n / counties.other_n as share_of_others
    from components
    inner join counties using (la_code, academic_year, measure)

),

national as (

    select academic_year, measure, value as national_value
    from {{ ref('int_national') }}
    where pupil_group = 'disadvantaged' and basis = 'state_funded'

),

measured as (

    select
        parts.*,
        round(share_of_disadvantaged * (coalesce(disadvantaged_value, 0) - coalesce(other_value, 0)), 4)
        + 0.0 as within_part,
        round((share_of_disadvantaged - share_of_others) * coalesce(other_value, 0), 4) + 0.0 as between_part,
        national.national_value,
        -- what is national is of mainstream schools above all: no special school is short of it
        case
            when
                measures.unit = 'pct' and coalesce(kinds.is_mainstream, true)
                then round(disadvantaged_n * (national.national_value - disadvantaged_value) / 100, 1) + 0.0
        end as pupils_short_of_national
    from parts
    inner join measures using (measure)
    left join {{ ref('schools') }} as schools using (urn)
    left join {{ ref('school_kinds') }} as kinds using (school_kind)
    left join national using (academic_year, measure)

),

county_rows as (

    select
        counties.la_code, counties.academic_year, counties.measure, cast(null as varchar) as urn, 'county' as component,
        counties.disadvantaged_n,
        counties.disadvantaged_value,
        counties.other_n,
        counties.other_value,
        counties.file_id,
        counties.source,
        cast(sum(cast(measured.within_part as decimal(18, 4))) as double) as within_part,
        cast(sum(cast(measured.between_part as decimal(18, 4))) as double) as between_part,
        national.national_value,
        case
            when
                max(measures.unit) = 'pct'
                then
                    round(counties.disadvantaged_n * (national.national_value - counties.disadvantaged_value) / 100, 1)
                    + 0.0
        end
            as pupils_short_of_national
    from counties
    inner join measured using (la_code, academic_year, measure)
    inner join measures using (measure)
    left join national on counties.academic_year = national.academic_year and counties.measure = national.measure
    group by
        counties.la_code,
        counties.academic_year,
        counties.measure,
        counties.disadvantaged_n,
        counties.disadvantaged_value,
        counties.other_n, counties.other_value, counties.file_id, counties.source, national.national_value

),

rows as (

    select * exclude (share_of_disadvantaged, share_of_others) from measured
    union all by name
    select * from county_rows

)

select
    la_code,
    academic_year,
    measure,
    component,
    urn,
    disadvantaged_n,
    -- the rounding of the visible schools can push a small recovered block beyond what a percentage can be
    case when unit != 'pct' or disadvantaged_value between 0 and 100 then round(disadvantaged_value, 2) end
        as disadvantaged_value,
    other_n,
    case when unit != 'pct' or other_value between 0 and 100 then round(other_value, 2) end as other_value,
    national_value as national_disadvantaged_value,
    within_part,
    between_part,
    pupils_short_of_national,
    -- from the school with most pupils to gain: how many pupils down to and with this one
    case
        when component = 'school' and pupils_short_of_national > 0
            then
                round(
                    sum(cast(pupils_short_of_national as decimal(18, 4))) filter (
                        where component = 'school' and pupils_short_of_national > 0
                    ) over (
                partition by la_code, academic_year, measure
                order by pupils_short_of_national desc, urn
                rows between unbounded preceding and current row
            ), 1)
    end as pupils_short_so_far,
    component = 'not_shown' as is_recovered_block,
    file_id,
    case
        when component = 'county'
            and abs(within_part + between_part - (disadvantaged_value - other_value)) > coalesce(
                -- each side is made of values and pupils that may both be off by half of what they are rounded to
                2 * rounding.values_to
                + 100 * rounding.pupils_to / 2 * (1 / rows.disadvantaged_n + 1 / rows.other_n),
                {{ policy('least_rounding') }}
            )
            then printf(
                'the parts make %.1f, the printed values %.1f: '
                || case
                    when others.counted_in = 'entries'
                        then 'points are per entry, and schools are weighed here by their students'
                    else 'more apart than the source''s rounding explains'
                end,
                within_part + between_part, disadvantaged_value - other_value
            )
    end as doubt
from rows
inner join measures using (measure)
left join {{ ref('source_rounding') }} as rounding using (source)
left join {{ ref('not_counted_in_pupils') }} as others using (measure)
