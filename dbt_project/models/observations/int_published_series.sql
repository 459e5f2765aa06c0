-- National series that are published as figures in a release's text and cannot be computed here (seed
-- published_series): the disadvantage gap index is a difference of mean ranks of pupils. Only what was out when the
-- build stands.
select
    series.entity_type,
    series.entity_code,
    series.basis,
    series.academic_year,
    series.measure,
    'all' as pupil_group,
    cast(series.value as double) as value,
    'reported' as status,
    series.value as raw_value,
    releases.release,
    releases.release_rank,
    false as is_carried,
    false as is_denominator_estimated,
    'published_series' as source,
    1 as preference,
    series.published_on,
    'england' as scope,
    'seed' as file_id,
    0 as line,
    series.source as source_column
from {{ ref('published_series') }} as series
inner join {{ ref('releases') }} as releases using (release)
cross join {{ ref('stg_parameters') }} as parameters
where series.published_on <= parameters.reference_on
