-- The years that no publication covers, one row per measure, level, year and reason (seed unpublished_years).
-- An empty pupil group stands for every group; where two lines of the seed say it, the first counts.
select
    measures.measure,
    coalesce(unpublished.pupil_group, '') as pupil_group,
    levels.entity_type,
    {{ academic_year('years.year_end') }} as academic_year,
    years.year_end,
    unpublished.reason
from {{ ref('unpublished_years') }} as unpublished
inner join {{ ref('measures') }} as measures on measures.measure like unpublished.measures
inner join (
    select *
    from
        (
            values ('school', 'school'),
            ('la', 'area'),
            ('district', 'area'),
            ('region', 'area'),
            ('country', 'area'),
            ('la', 'la'),
            ('district', 'la')
        ) as made (entity_type, entity_level)
) as levels on unpublished.entity_level in (levels.entity_level, 'any')
cross join lateral (
    select unnest(generate_series(
        {{ year_end('unpublished.year_from') }}, {{ year_end('unpublished.year_to') }}
    )) as year_end
) as years
qualify row_number() over (
    partition by measures.measure, coalesce(unpublished.pupil_group, ''), levels.entity_type, years.year_end
    order by unpublished.year_from, unpublished.reason
) = 1
