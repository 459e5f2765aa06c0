-- Figures that the publishers print for a school and this warehouse makes again: the band of a progress score from its
-- interval, and the gap of disadvantaged pupils to other pupils nationally. One row per school, year and figure.
with twins as (

    select * from {{ ref('published_twins') }}

),

printed as (

    select
        twins.twin,
        twins.measure,
        observations.entity_code,
        observations.academic_year,
        observations.value as printed_value,
        observations.source, observations.file_id, observations.line
    from {{ ref('observations') }} as observations
    inner join twins
        on observations.measure = twins.published_measure and observations.pupil_group = twins.published_group
    cross join {{ ref('stg_parameters') }} as parameters
    where
        observations.entity_type = 'school'
        and observations.status = 'reported'
        and not observations.is_carried
        and (parameters.la_code = 'all' or observations.la_code = parameters.la_code)

),

bands as (

    select
        observations.entity_code, observations.academic_year, observations.measure, observations.file_id,
        case when lower_ci > 0 then 'above' when upper_ci < 0 then 'below' else 'average' end as remade
    from {{ ref('observations') }} as observations
    where
        observations.entity_type = 'school' and observations.pupil_group = 'all' and observations.status = 'reported'
        and observations.lower_ci is not null

),

band_pairs as (

    select
        printed.*,
        case
            when printed.printed_value in (1, 2) then 'above' when printed.printed_value = 3 then 'average' else 'below'
        end as printed,
        bands.remade
    from printed
    inner join bands using (entity_code, academic_year, measure, file_id)
    where printed.twin = 'progress_band'

),

gap_pairs as (

    select
        printed.*,
        cast(printed.printed_value as varchar) as printed,
        -- equal where they differ by no more than the last printed place's rounding
        case
            when
                abs(printed.printed_value - gaps.gap) <= 0.5 * power(10, -measures.decimals) + 0.000001
                then cast(printed.printed_value as varchar)
            else cast(gaps.gap as varchar)
        end as remade
    from printed
    inner join {{ ref('gaps') }} as gaps
        on
            gaps.entity_type = 'school'
            and printed.entity_code = gaps.entity_code
            and printed.academic_year = gaps.academic_year
            and printed.measure = gaps.measure
            and printed.file_id = gaps.file_id
            and gaps.pupil_group = 'disadvantaged'
            and gaps.gap_type = 'to_national_other'
            and gaps.status = 'reported'
    inner join {{ ref('measures') }} as measures on printed.measure = measures.measure
    where printed.twin = 'published_gap'

)

select twin, measure, entity_code, academic_year, source, file_id, line, printed, remade, printed = remade as is_equal
from band_pairs
union all
select twin, measure, entity_code, academic_year, source, file_id, line, printed, remade, printed = remade as is_equal
from gap_pairs
