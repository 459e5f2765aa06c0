-- The KPIs of results and of school inspections for each district of the county and for each kind of school, made from
-- school rows: weighted by pupils (a share of schools by schools), schools that are not shown counted and left out.
-- Districts come from the full register; without it there are none. Early years are published by district and stand as
-- published.
with kpis as (

    select * from {{ ref('kpis') }} where gap_type is null

),

measures as (

    select measure, unit, decimals, minimum_cohort from {{ ref('measures') }} where unit in ('pct', 'score', 'rate')

),

schools as (

    select schools.urn, schools.la_code, schools.district, schools.school_kind
    from {{ ref('schools') }} as schools
    cross join {{ ref('stg_parameters') }} as parameters
    where
        schools.is_state_funded
        and coalesce(schools.sector, '') != 'non_maintained_special'
        and (parameters.la_code = 'all' or schools.la_code = parameters.la_code)

),

school_values as (

    select
        kpis.kpi,
        kpis.title,
        schools.la_code,
        schools.district,
        schools.school_kind,
        observations.academic_year,
        observations.measure,
        observations.pupil_group, observations.denominator, observations.status,
        observations.denominator as judged_by_n,
        coalesce(100 * observations.numerator, observations.value * observations.denominator) as product
    from {{ ref('observations') }} as observations
    inner join kpis using (measure, pupil_group)
    inner join schools on observations.urn = schools.urn
    where
        observations.entity_type = 'school'
        and not observations.is_carried
        and observations.status != 'no_pupils'
        and observations.status != 'not_published'

),

-- each school's judgement in the file that the county's own share stands on: one school, or its pupils, at or above the
-- line or not; a school without a published roll is not shown
judgements as (

    select
        kpis.kpi,
        kpis.title,
        schools.la_code,
        schools.district,
        schools.school_kind,
        judged.academic_year,
        series.measure,
        kpis.pupil_group,
        case when series.inspected = 'schools' then 1 else judged.pupils_n end as denominator,
        case when series.inspected = 'schools' or judged.pupils_n is not null then 'reported' else 'not_published' end
            as status,
        -- many pupils of one school are one inspection
        1 as judged_by_n,
        case when judged.is_at_or_above then 100.0 else 0 end
        * case when series.inspected = 'schools' then 1 else judged.pupils_n end as product
    from {{ ref('int_school_judgements') }} as judged
    inner join {{ ref('inspection_series') }} as series
        on judged.series = series.series and judged.area = series.area and series.inspected in ('schools', 'pupils')
    inner join kpis on series.measure = kpis.measure
    inner join schools on judged.urn = schools.urn
    inner join {{ ref('observations') }} as observations
        on
            observations.entity_type = 'la'
            and observations.entity_code = judged.la_code
            and observations.measure = series.measure
            and observations.academic_year = judged.academic_year and observations.file_id = judged.file_id

),

every_school as (

    select * from school_values
    union all by name
    select * from judgements

),

cut as (

    select *, 'district' as area_type, district as area from every_school where district is not null
    union all by name
    select *, 'school_kind' as area_type, school_kind as area from every_school where school_kind is not null

),

made as (

    select
        kpi, min(title) as title, la_code, area_type, area, academic_year, measure, pupil_group,
        sum(cast(product as decimal(18, 4)))
        / nullif(sum(case when product is not null then cast(denominator as decimal(18, 4)) end), 0) as value,
        sum(case when product is not null then cast(denominator as decimal(18, 4)) end) as pupils_n,
        sum(case when product is not null then judged_by_n end) as judged_by_n,
        count(*) filter (where status = 'reported' and denominator is not null) as schools_n,
        count(*) filter (where status != 'reported') as schools_not_shown_n
    from cut
    group by kpi, la_code, area_type, area, academic_year, measure, pupil_group
    -- a figure without pupils behind it (absence by rate alone) cannot be put together
    having count(*) filter (where status = 'reported' and denominator is not null) > 0

),

published as (

    select
        kpis.kpi,
        kpis.title,
        observations.la_code,
        'district' as area_type,
        observations.entity_code as area,
        observations.academic_year,
        observations.measure, observations.pupil_group, observations.value, observations.denominator as pupils_n,
        observations.denominator as judged_by_n
    from {{ ref('observations') }} as observations
    inner join kpis using (measure, pupil_group)
    cross join {{ ref('stg_parameters') }} as parameters
    where
        observations.entity_type = 'district'
        and observations.status = 'reported'
        and (parameters.la_code = 'all' or observations.la_code = parameters.la_code)

),

every_area as (

    select *, 'made_from_schools' as basis from made
    union all by name
    select *, 'published_district' as basis from published

),

county as (

    select kpi, la_code, academic_year, value as county_value, national_value from {{ ref('japr_kpis') }}

)

select
    every_area.kpi,
    every_area.title,
    every_area.la_code,
    every_area.area_type,
    every_area.area,
    every_area.academic_year,
    case
        when every_area.judged_by_n < measures.minimum_cohort then null
        else round(cast(every_area.value as double), measures.decimals) + 0.0
    end as value,
    cast(every_area.pupils_n as double) as pupils_n,
    every_area.schools_n,
    every_area.schools_not_shown_n,
    county.county_value,
    county.national_value,
    every_area.basis,
    case when every_area.judged_by_n < measures.minimum_cohort then 'too_small' else 'reported' end as status
from every_area
inner join measures using (measure)
left join county using (kpi, la_code, academic_year)
