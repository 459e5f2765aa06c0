-- A `not_published` value for every year of a series that no publication covers, so that no series has a hole: for
-- areas, and for the schools of the LA that was asked for (of the others, and where every LA was asked for, schools are
-- left out: their holes would outnumber everybody's values). A series is what has a number in some year; a value that a
-- publisher printed, even a blank, is never displaced. Years that had not ended when the build stands are not judged.
with candidates as (

    select * from {{ ref('int_candidates') }}
    union all by name
    select * from {{ ref('int_inspection_shares') }}

),

series as (

    select
        candidates.entity_type, candidates.entity_code, candidates.basis, candidates.measure, candidates.pupil_group,
        -- the authority of its newest value
        arg_max(candidates.la_code, (candidates.academic_year, candidates.la_code)) as la_code
    from candidates
    cross join {{ ref('stg_parameters') }} as parameters
    where
        candidates.status = 'reported'
        and (candidates.entity_type != 'school' or candidates.la_code = parameters.la_code)
    group by all

)

select
    series.*,
    unpublished.academic_year,
    'not_published' as status,
    '' as raw_value,
    'final' as release,
    -1 as release_rank,
    false as is_carried,
    false as is_denominator_estimated,
    'unpublished_years' as source,
    'seed' as file_id,
    0 as line,
    '' as source_column
from series
inner join {{ ref('int_unpublished_years') }} as unpublished
    on
        series.measure = unpublished.measure
        and series.entity_type = unpublished.entity_type
        and unpublished.pupil_group in ('', series.pupil_group)
cross join {{ ref('stg_parameters') }} as parameters
anti join candidates
    on
        series.entity_type = candidates.entity_type
        and series.entity_code = candidates.entity_code
        and series.basis = candidates.basis
        and series.measure = candidates.measure
        and series.pupil_group = candidates.pupil_group
        and unpublished.academic_year = candidates.academic_year
left join {{ ref('int_register') }} as register on series.entity_type = 'school' and series.entity_code = register.urn
where
    make_date(unpublished.year_end, 8, 31) <= parameters.reference_on
    -- a school has no year before it opened or after it closed
    and coalesce(register.open_on <= make_date(unpublished.year_end, 8, 31), true)
    and coalesce(register.close_on > make_date(unpublished.year_end - 1, 9, 1), true)
-- a group's own reason and everybody's give one row
qualify row_number() over (
    partition by
        series.entity_type,
        series.entity_code,
        series.basis,
        series.measure,
        series.pupil_group,
        unpublished.academic_year
    order by unpublished.pupil_group desc
) = 1
