-- Every LA and England figure that can be made again from the school rows of the same file, beside the published one.
-- Made before the observations, which carry what does not reconcile as a doubt.
with parameters as (

    select * from {{ ref('stg_parameters') }}

),

reconciliations as (

    select * from {{ ref('reconciliations') }}

),

observations as (

    select
        chosen.* exclude (value),
        round(chosen.value, 4) as value,
        -- a printed percentage is that of whole pupils: the count that it rounds is summed, not the rounding
        case
            when chosen.published_numerator is not null then 100 * chosen.published_numerator
            when measures.unit = 'pct' then 100 * round(round(chosen.value, 4) * chosen.denominator / 100)
            else round(chosen.value, 4) * chosen.denominator
        end as product
    from {{ ref('int_preferred_candidates') }} as chosen
    inner join {{ ref('measures') }} as measures using (measure)

),

published as (

    select
        reconciliations.*,
        observations.entity_code as area_code,
        observations.academic_year,
        observations.value,
        observations.denominator,
        observations.source,
        observations.file_id,
        observations.line,
        case when measures.unit = 'pct' then 0 else measures.least end as least_possible,
        case when measures.unit = 'pct' then 100 else measures.most end as most_possible
    from observations
    inner join {{ ref('measures') }} as measures using (measure)
    inner join reconciliations
        on
            observations.entity_type = reconciliations.level
            and observations.basis = reconciliations.basis
            and observations.measure = reconciliations.measure
            and observations.pupil_group = reconciliations.pupil_group
    inner join {{ ref('releases') }} as releases using (release)
    inner join {{ ref('stg_files') }} as files on observations.file_id = files.file_id
    cross join parameters
    where
        observations.status = 'reported'
        and not observations.is_carried
        and releases.release_rank >= reconciliations.least_release_rank
        and (
            (
                observations.entity_type = 'la'
                and (parameters.la_code = 'all' or observations.entity_code = parameters.la_code)
            )
            -- one authority's schools cannot make England
            or (observations.entity_type = 'country' and files.scope = 'england')
        )

),

school_values as (

    select
        observations.file_id,
        observations.la_code,
        observations.academic_year,
        observations.measure,
        observations.pupil_group,
        observations.value,
        observations.product,
        observations.denominator,
        coalesce(schools.sector, '') as sector,
        schools.attendance_basis
    from observations
    left join {{ ref('schools') }} as schools on observations.entity_code = schools.urn
    where observations.entity_type = 'school' and observations.status = 'reported' and not observations.is_carried

),

recomputed as (

    select
        published.reconciliation,
        published.level,
        published.area_code,
        published.academic_year,
        sum(cast(school_values.value as decimal(18, 4))) as values_sum,
        sum(cast(school_values.product as decimal(18, 4))) as products_sum,
        sum(cast(school_values.denominator as decimal(18, 4))) as pupils_sum,
        count(*) as schools_n
    from published
    inner join school_values
        on
            published.file_id = school_values.file_id
            and published.academic_year = school_values.academic_year
            and published.measure = school_values.measure
            and published.pupil_group = school_values.pupil_group
            and (published.level = 'country' or published.area_code = school_values.la_code)
            and (published.basis in ('state_funded', 'all_schools') or published.basis = school_values.attendance_basis)
            and not list_contains(string_split(coalesce(published.excluded_sectors, ''), ' '), school_values.sector)
    group by all

),

compared as (

    select
        published.*,
        recomputed.schools_n,
        recomputed.products_sum,
        recomputed.pupils_sum,
        published.denominator - recomputed.pupils_sum as hidden_n,
        case published.method
            when 'sum' then recomputed.values_sum
            when 'weighted_mean' then recomputed.products_sum / nullif(recomputed.pupils_sum, 0)
            when 'mean_over_area_pupils' then recomputed.products_sum / nullif(published.denominator, 0)
        end as recomputed_value
    from published
    inner join recomputed using (reconciliation, level, area_code, academic_year)

),

-- What the figure can be, whatever the pupils did whose schools' figures are not shown. A table that shows few of an
-- area's pupils says no more than this, and a published figure within it does not contradict the schools' rows.
bounded as (

    select
        *,
        (products_sum + hidden_n * least_possible) / denominator as least_value,
        (products_sum + hidden_n * most_possible) / denominator as most_value
    from compared

)

select
    compared.reconciliation,
    compared.level,
    compared.area_code,
    compared.academic_year,
    compared.measure,
    compared.pupil_group,
    compared.basis,
    compared.source,
    compared.file_id,
    compared.line,
    compared.schools_n,
    compared.value as published_value,
    round(compared.recomputed_value, 2) as recomputed_value,
    round(compared.recomputed_value - compared.value, 2) as difference,
    compared.tolerance,
    abs(compared.recomputed_value - compared.value) <= compared.tolerance as is_reconciled,
    case
        when abs(compared.recomputed_value - compared.value) <= compared.tolerance then null
        when exceptions.explanation is not null then exceptions.explanation
        -- a table's own looseness does not excuse an area that lies far off: that one is still to be looked into
        when
            of_the_table.explanation is not null
            and abs(compared.recomputed_value - compared.value)
            <= {{ policy('reconciliation_of_table_most_pct') }} / 100 * abs(compared.value)
            then of_the_table.explanation
        when
            compared.method != 'sum' and compared.hidden_n > 0
            and compared.value between compared.least_value - compared.tolerance
            and compared.most_value + compared.tolerance
            then format(
                '{:,} of {:,} pupils are in schools whose figure is shown: the others can make up the difference',
                cast(compared.pupils_sum as bigint), cast(compared.denominator as bigint)
            )
    end as explanation
from bounded as compared
left join {{ ref('reconciliation_exceptions') }} as exceptions
    on
        compared.reconciliation = exceptions.reconciliation
        and compared.area_code = exceptions.area_code
        and compared.academic_year = exceptions.academic_year
left join {{ ref('reconciliation_exceptions') }} as of_the_table
    on
        compared.reconciliation = of_the_table.reconciliation
        and of_the_table.area_code = '*'
        and compared.level = 'la'
        and compared.academic_year = of_the_table.academic_year
where compared.recomputed_value is not null
