-- Every KPI for every authority, year and basis that holds it, with England, neighbours and rank on that same basis.
-- The county's own row is picked in japr_kpis; the others say where it stands and what has been managed before.
with kpis as (

    select
        kpis.* exclude (bases),
        bases.basis,
        bases.basis_rank,
        measures.unit,
        measures.polarity,
        measures.decimals
    from {{ ref('kpis') }} as kpis
    cross join lateral (
        select
            unnest(string_split(kpis.bases, '|')) as basis,
            generate_subscripts(string_split(kpis.bases, '|'), 1) as basis_rank
    ) as bases
    inner join {{ ref('measures') }} as measures using (measure)

),

-- a rank needs every authority: one is given where a file of the whole country gave the year's rows
national_files as (

    select file_id from {{ ref('stg_files') }} where scope = 'england'

),

attained as (

    select
        kpis.*,
        benchmarks.entity_code as la_code,
        benchmarks.academic_year,
        benchmarks.value,
        benchmarks.lower_ci,
        benchmarks.upper_ci,
        benchmarks.national_value,
        benchmarks.status,
        benchmarks.status_reason,
        benchmarks.release,
        benchmarks.la_rank,
        benchmarks.la_count,
        benchmarks.la_quartile,
        benchmarks.neighbour_mean,
        benchmarks.neighbours_n,
        benchmarks.file_id,
        benchmarks.line,
        benchmarks.source_column,
        benchmarks.doubt
    from kpis
    inner join {{ ref('benchmarks') }} as benchmarks
        on
            benchmarks.entity_type = 'la'
            and kpis.measure = benchmarks.measure
            and kpis.pupil_group = benchmarks.pupil_group
            and kpis.basis = benchmarks.basis
    where kpis.gap_type is null

),

la_gaps as (

    select
        kpis.*,
        gaps.entity_code as la_code,
        gaps.academic_year,
        gaps.gap as value,
        gaps.gap_lower_ci as lower_ci,
        gaps.gap_upper_ci as upper_ci,
        england.gap as national_value, gaps.status, gaps.release, gaps.file_id, gaps.doubt,
        case
            when gaps.status = 'not_held' then 'no file held prints the figure it is set against' else own.status_reason
        end as status_reason,
        gaps.status = 'reported' and national_files.file_id is not null as is_ranked
    from kpis
    inner join {{ ref('gaps') }} as gaps
        on
            gaps.entity_type = 'la'
            and kpis.measure = gaps.measure
            and kpis.pupil_group = gaps.pupil_group
            and kpis.gap_type = gaps.gap_type
            and kpis.basis = gaps.basis
    left join {{ ref('gaps') }} as england
        on
            england.entity_type = 'country'
            and gaps.measure = england.measure
            and gaps.pupil_group = england.pupil_group
            and gaps.gap_type = england.gap_type
            and gaps.basis = england.basis
            and gaps.academic_year = england.academic_year
    left join {{ ref('benchmarks') }} as own
        on
            own.entity_type = 'la'
            and gaps.entity_code = own.entity_code
            and gaps.basis = own.basis
            and gaps.academic_year = own.academic_year
            and gaps.measure = own.measure
            and gaps.pupil_group = own.pupil_group
    left join national_files on gaps.file_id = national_files.file_id
    where kpis.gap_type is not null

),

gaps_with_a_rank as (

    select * from la_gaps where is_ranked

),

pieces as (

    {{ authorities_in_pieces(
        'gaps_with_a_rank', 'la_code', ['kpi', 'basis', 'academic_year'], year_end('own.academic_year')
    ) | indent(4) }}

),

whole_gaps as (

    select la_gaps.* exclude (is_ranked), la_gaps.is_ranked and pieces.la_code is null as is_ranked
    from la_gaps
    left join pieces using (la_code, kpi, basis, academic_year)

),

ranked_gaps as (

    select
        *,
        {{ la_standing('kpi, basis, academic_year', 'is_ranked') }}
    from whole_gaps

),

gap_neighbours as (

    {{ neighbour_means('la_gaps', 'la_code', ['kpi', 'basis', 'academic_year']) | indent(4) }}

),

gap_series as (

    select
        ranked_gaps.* exclude (is_ranked),
        {{ la_quartile() }} as la_quartile,
        gap_neighbours.neighbour_mean,
        gap_neighbours.neighbours_n,
        -- a gap is read from two cells: both stand in the observations
        cast(null as integer) as line,
        cast(null as varchar) as source_column
    from ranked_gaps
    left join gap_neighbours using (kpi, basis, la_code, academic_year)

),

series as (

    select * from attained
    union all by name
    select * from gap_series

),

-- how many neighbours the list in force names, with a value or without
neighbours as (

    select lists.la_code, count(*) as neighbours_of
    from {{ ref('statistical_neighbours') }} as lists
    cross join {{ ref('stg_parameters') }} as parameters
    where {{ in_force('lists', 'parameters.reference_on') }}
    group by lists.la_code

)

select
    *,
    {{ year_end('academic_year') }} as year_end,
    case when gap_type is not null then 'points' else unit end as shown_unit
from series
left join neighbours using (la_code)
