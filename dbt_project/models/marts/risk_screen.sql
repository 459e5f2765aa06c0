-- One line per school: points of risk, how much could be seen, band, rank, reasons and the route for its sector.
-- Points that do not apply to the kind of school, or were not published for any school of that kind, are left out of
-- what was possible. Where less than half could be seen the school is not banded, and stands first.
with schools as (

    select * from {{ ref('int_review_schools') }}

),

indicators as (

    select *
    from {{ ref('risk_indicators') }}
    where provision = 'whole_school'

),

published as (

    -- an indicator that no school of the kind could show this year is nobody's gap
    select indicators.indicator, schools.school_kind,
        bool_or(indicators.state in ('triggered', 'clear', 'too_small', 'suppressed')) as is_published
    from indicators
    inner join schools using (urn)
    group by all

),

totals as (

    select
        indicators.urn,
        sum(indicators.points) as points,
        sum(indicators.points_at_stake) filter (where indicators.state != 'not_applicable' and published.is_published) as points_possible,
        sum(indicators.points_at_stake) filter (where indicators.state in ('triggered', 'clear')) as points_seen,
        -- inspection, accounts or a roll alone say nothing about outcomes: coverage asks what results and attendance show
        sum(indicators.points_at_stake) filter (where indicators.domain in ('attainment', 'progress', 'disadvantaged', 'trajectory', 'attendance') and indicators.state != 'not_applicable' and published.is_published) as outcome_points_possible,
        sum(indicators.points_at_stake) filter (where indicators.domain in ('attainment', 'progress', 'disadvantaged', 'trajectory', 'attendance') and indicators.state in ('triggered', 'clear')) as outcome_points_seen,
        list(indicators.title order by indicators.points desc, indicators.indicator) filter (where indicators.points > 0) as all_reasons,
        bool_or(indicators.domain in ('attainment', 'progress', 'disadvantaged') and indicators.state != 'not_applicable' and published.is_published) as has_outcome_indicators,
        bool_or(indicators.indicator = 'category_of_concern' and indicators.state = 'triggered') as is_in_category
    from indicators
    inner join schools using (urn)
    -- a school of unknown kind stands with others of unknown kind: it is not lost
    inner join published on indicators.indicator = published.indicator and schools.school_kind is not distinct from published.school_kind
    group by indicators.urn

),

coverage as (

    select
        *,
        case when coalesce(outcome_points_possible, 0) = 0 then 0.0 else round(100.0 * coalesce(outcome_points_seen, 0) / outcome_points_possible, 1) end as coverage_pct,
        points / nullif(points_seen, 0) as share
    from totals

),

banded as (

    select
        coverage.*,
        case
            when coverage.is_in_category then 'high'
            when coverage.coverage_pct < {{ policy('least_coverage_pct') }} or not coverage.has_outcome_indicators then 'cannot_be_screened'
            else bands.band
        end as band
    from coverage
    left join {{ ref('screen_bands') }} as bands on coverage.share >= bands.from_share
    qualify row_number() over (partition by coverage.urn order by bands.from_share desc) = 1

),

standing as (

    select urn, years_since_any, graded_on
    from {{ ref('int_inspection_standing') }}
    where provision = 'whole_school'

),

explained as (

    select
        schools.review_year,
        schools.urn,
        schools.school_name,
        schools.la_code,
        schools.sector,
        schools.school_kind,
        schools.trust_name,
        banded.points,
        banded.points_possible,
        banded.points_seen,
        banded.coverage_pct,
        cast(null as double) as probability,
        banded.band,
        case
            when banded.band != 'cannot_be_screened' then null
            when banded.has_outcome_indicators or schools.school_kind is null then 'unexpected'
            else 'by_design'
        end as unscreened_reason,
        banded.share,
        array_to_string(banded.all_reasons[: cast({{ policy('top_reasons_n') }} as integer)], '; ')
            || case
                when len(banded.all_reasons) > {{ policy('top_reasons_n') }}
                    then printf('; and %d more', len(banded.all_reasons) - cast({{ policy('top_reasons_n') }} as integer))
                else ''
            end as top_reasons,
        case
            when schools.religious_character is not null then routes.route || '; diocese or faith body of: ' || schools.religious_character
            else routes.route
        end as route,
        standing.years_since_any as years_since_inspection
    from schools
    inner join banded using (urn)
    left join {{ ref('routes') }} as routes on schools.sector = routes.sector
    left join standing using (urn)

)

select
    * exclude (share),
    row_number() over (
        partition by review_year
        order by
            case when unscreened_reason = 'unexpected' then 1 when unscreened_reason = 'by_design' then 2 else 3 end,
            case when unscreened_reason is null then share end desc nulls last,
            case when unscreened_reason is not null then years_since_inspection end desc nulls first,
            points desc,
            urn
    ) as rank
from explained
