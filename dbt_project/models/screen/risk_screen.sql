-- One line per school: points of risk, how much could be seen, band, rank, reasons and the route for its sector.
-- Points that do not apply to the kind of school, or were published for hardly any school of that kind in its authority
-- and not seen of this one, are left out of what was possible: a build of all England bands a school as its own
-- authority's build does, whichever authorities' files are held. Where less than half could be seen the school is not
-- banded, and stands first.
-- The chance is read from a back-test's calibration curve (seed screen_chances), by the share of the fitted points.
with schools as (

    select * from {{ ref('int_review_schools') }}

),

indicators as (

    select
        found.*,
        seeded.fitted_on is not null as is_fitted,
        seeded.threshold,
        seeded.test,
        seeded.measure,
        seeded.pupil_group,
        tests.is_ladder, domains.is_outcome, domains.is_result
    from {{ ref('risk_indicators') }} as found
    left join {{ ref('indicators') }} as seeded using (indicator)
    left join {{ ref('indicator_tests') }} as tests using (test)
    left join {{ ref('indicator_domains') }} as domains on found.domain = domains.domain
    where found.provision = 'whole_school'

),

published as (

    -- an indicator that hardly any school of the kind and authority could show this year is nobody's gap
    select indicators.indicator, schools.school_kind, schools.la_code,
        100.0 * count(*) filter (where indicators.state in ('triggered', 'clear', 'too_small', 'suppressed')) / count(*)
            >= {{ policy('least_published_pct') }} as is_published
    from indicators
    inner join schools using (urn)
    group by all

),

possible as (

    -- what was seen was possible, however few schools of the kind could show it
    select
        indicators.*,
        indicators.state in ('triggered', 'clear') or (indicators.state != 'not_applicable' and published.is_published)
            as is_possible
    from indicators
    inner join schools using (urn)
    -- a school of unknown kind stands with others of unknown kind: it is not lost
    inner join published
        on indicators.indicator = published.indicator
        and schools.school_kind is not distinct from published.school_kind
        and schools.la_code is not distinct from published.la_code

),

totals as (

    select
        indicators.urn,
        sum(indicators.points) as points,
        sum(indicators.points_at_stake) filter (where indicators.is_possible) as points_possible,
        sum(indicators.points_at_stake) filter (where indicators.state in ('triggered', 'clear')) as points_seen,
        -- inspection, accounts or a roll alone say nothing of outcomes: coverage asks what results and attendance show
        sum(indicators.points_at_stake) filter (
            where indicators.is_outcome and indicators.is_possible
        ) as outcome_points_possible,
        sum(indicators.points_at_stake) filter (
            where indicators.is_outcome and indicators.state in ('triggered', 'clear')
        ) as outcome_points_seen,
        sum(indicators.points) filter (where indicators.is_fitted) as fitted_points,
        sum(indicators.points_at_stake) filter (
            where indicators.is_fitted and indicators.state in ('triggered', 'clear')
        ) as fitted_points_seen,
        sum(indicators.points_at_stake) filter (where indicators.is_fitted and indicators.state != 'not_applicable')
            as fitted_points_possible,
        sum(indicators.points_at_stake) filter (
            where indicators.is_fitted and indicators.state != 'not_applicable' and indicators.domain != 'progress'
        ) as fitted_points_without_progress,
        coalesce(
            bool_or(
                indicators.is_fitted
                and indicators.points_at_stake > 0
                and indicators.domain = 'progress'
                and indicators.state in ('triggered', 'clear')
            ),
            false
        ) as is_progress_seen,
        bool_or(indicators.is_result and indicators.is_possible) as has_outcome_indicators,
        bool_or(indicators.indicator = 'category_of_concern' and indicators.state = 'triggered') as is_in_category
    from possible as indicators
    group by indicators.urn

),

-- indicators of one measure and test are rungs of a ladder: the highest that was reached stands for all
rungs as (

    select
        urn,
        arg_max(title, (threshold, indicator)) as title,
        min(indicator) as indicator,
        sum(points) as points
    from indicators
    where points > 0
    group by urn, case when is_ladder then coalesce(measure || ' ' || pupil_group, '') || ' ' || test else indicator end

),

reasons as (

    select urn, list(title order by points desc, indicator) as all_reasons
    from rungs
    group by urn

),

coverage as (

    select
        *,
        fitted_points / nullif(fitted_points_seen, 0) as fitted_share,
        case when is_progress_seen then 'with_progress' else 'without_progress' end as basis,
        100.0
        * fitted_points_seen
        / nullif(case when is_progress_seen then fitted_points_possible else fitted_points_without_progress end, 0)
            as fitted_coverage_pct,
        case
            when coalesce(outcome_points_possible, 0) = 0 then 0.0 else
                round(100.0 * coalesce(outcome_points_seen, 0) / outcome_points_possible, 1)
        end as coverage_pct,
        points / nullif(points_seen, 0) as share
    from totals

),

banded as (

    select
        coverage.*,
        case
            when coverage.is_in_category then 'high'
            when
                coverage.coverage_pct < {{ policy('least_coverage_pct') }} or not coverage.has_outcome_indicators
                then 'cannot_be_screened'
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

chances as (

    -- the highest step that the share of the school reaches
    select banded.urn, steps.chance_pct, steps.lower_pct, steps.upper_pct
    from banded
    inner join schools using (urn)
    inner join {{ ref('screen_phases') }} as phases on schools.school_kind = phases.school_kind
    inner join
        {{ ref('int_inspection_standing') }} as standing
    on banded.urn = standing.urn and standing.provision = 'whole_school'
    inner join {{ ref('standing_states') }} as states on standing.inspection_standing = states.inspection_standing
    inner join {{ ref('screen_chances') }} as steps
        on
            phases.phase = steps.phase
            and states.school_state = steps.school_state
            and banded.basis = steps.basis
            and round(banded.fitted_share, 4) >= steps.from_share
    where
        banded.band != 'cannot_be_screened' and banded.fitted_coverage_pct >= {{ policy('least_chance_coverage_pct') }}
    qualify row_number() over (partition by banded.urn order by steps.from_share desc) = 1

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
        chances.chance_pct as probability,
        chances.lower_pct as probability_lower,
        chances.upper_pct as probability_upper,
        banded.band,
        case
            when banded.band != 'cannot_be_screened' then null
            when banded.has_outcome_indicators or schools.school_kind is null then 'unexpected'
            else 'by_design'
        end as unscreened_reason,
        banded.share,
        array_to_string(list_slice(reasons.all_reasons, 1, cast({{ policy('top_reasons_n') }} as integer)), '; ')
            || case
                when len(reasons.all_reasons) > {{ policy('top_reasons_n') }}
                    then
                        printf(
                            '; and %d more', len(reasons.all_reasons) - cast({{ policy('top_reasons_n') }} as integer)
                        )
                else ''
            end as top_reasons,
        case
            when
                schools.religious_character is not null
                then routes.route || '; diocese or faith body of: ' || schools.religious_character
            else routes.route
        end as route,
        standing.years_since_any as years_since_inspection
    from schools
    inner join banded using (urn)
    left join {{ ref('routes') }} as routes on schools.sector = routes.sector
    left join standing using (urn)
    left join reasons using (urn)
    left join chances using (urn)

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
