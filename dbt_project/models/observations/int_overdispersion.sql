-- How far percentages of schools move from one year to the next beyond the chance of their pupils: the factor by which
-- every interval's variance is widened (methods section 1), for each measure, group and year. Estimated where England
-- files hold two years running; a year takes the newest estimate up to it. A group of pupils without one takes a share
-- of what all pupils' exceeds chance by, since what moves a whole school moves a part of it by less; else the measure's
-- default stands (seed).
-- Each school's change, less the nation's, is set against its binomial error; the middle eight tenths of these, not
-- all, say how wide they lie, so that schools that were turned round or wrongly typed do not. Real change counts as
-- spread. Of a normal distribution those eight tenths are 2.5631 standard deviations wide.
{% set middle_width = '2.5631' -%}
with measures as (

    select measure, minimum_cohort, overdispersion from {{ ref('measures') }} where interval_method = 'wilson'

),

national_values as (

    select
        chosen.entity_code, chosen.measure, chosen.pupil_group, {{ year_end('chosen.academic_year') }} as year_end,
        chosen.value / 100 as share, chosen.denominator as pupils_n
    from {{ ref('int_preferred_candidates') }} as chosen
    inner join measures using (measure)
    where
        chosen.entity_type = 'school' and chosen.scope = 'england' and chosen.status = 'reported'
        and chosen.denominator >= measures.minimum_cohort

),

-- a school with all or no pupils in both years says nothing of spread
pairs as (

    select
        now.entity_code,
        now.measure,
        now.pupil_group,
        now.year_end,
        now.share,
        now.pupils_n,
        before.share as share_before,
        before.pupils_n as pupils_before_n,
        (now.share * now.pupils_n + before.share * before.pupils_n)
        / (now.pupils_n + before.pupils_n) as both_years_share
    from national_values as now
    inner join national_values as before
        on
            now.entity_code = before.entity_code
            and now.measure = before.measure
            and now.pupil_group = before.pupil_group
            and now.year_end - 1 = before.year_end
    where both_years_share > 0 and both_years_share < 1

),

nation as (

    select
        measure, pupil_group, year_end,
        sum(cast(share * pupils_n as decimal(18, 6))) / sum(cast(pupils_n as decimal(18, 6)))
            - sum(cast(share_before * pupils_before_n as decimal(18, 6)))
            / sum(cast(pupils_before_n as decimal(18, 6))) as change
    from pairs
    group by measure, pupil_group, year_end

),

deviations as (

    select
        pairs.measure, pairs.pupil_group, pairs.year_end,
        (pairs.share - pairs.share_before - nation.change)
            / sqrt(
                pairs.both_years_share * (1 - pairs.both_years_share) * (1 / pairs.pupils_n + 1 / pairs.pupils_before_n)
            ) as deviation
    from pairs
    inner join nation using (measure, pupil_group, year_end)

),

-- chance is the least there is: never below 1
estimates as (

    select
        measure, pupil_group, year_end,
        greatest(
            1, round(power((quantile_cont(deviation, 0.9) - quantile_cont(deviation, 0.1)) / {{ middle_width }}, 2), 2)
        )
            as estimate,
        count(*) as schools_n
    from deviations
    group by measure, pupil_group, year_end
    having count(*) >= {{ policy('overdispersion_least_schools') }}

),

asked as (

    select distinct
        chosen.measure, chosen.pupil_group, chosen.academic_year, {{ year_end('chosen.academic_year') }} as year_end
    from {{ ref('int_preferred_candidates') }} as chosen
    inner join measures using (measure)

),

-- a group's own estimate first, else that of all pupils
lent as (

    select
        asked.*,
        estimates.estimate,
        estimates.year_end as estimated_in,
        estimates.schools_n,
        coalesce(estimates.pupil_group != asked.pupil_group, false) as is_of_all
    from asked
    left join estimates
        on
            asked.measure = estimates.measure
            and estimates.pupil_group in (asked.pupil_group, 'all')
            and estimates.year_end <= asked.year_end
    qualify
        row_number() over (
            partition by asked.measure, asked.pupil_group, asked.academic_year
            order by estimates.pupil_group = asked.pupil_group desc nulls last, estimates.year_end desc
        )
        = 1

)

select
    lent.measure,
    lent.pupil_group,
    lent.academic_year,
    case
        when lent.estimate is null then measures.overdispersion
        when lent.is_of_all
            then round(1 + {{ policy('overdispersion_part_share') }} * (lent.estimate - 1), 2)
        else lent.estimate
    end as overdispersion,
    case
        when lent.estimate is null then 'default'
        else
            case when lent.is_of_all then 'all pupils, ' else '' end
            || {{ academic_year('lent.estimated_in - 1') }} || ' to ' || {{ academic_year('lent.estimated_in') }}
    end as overdispersion_from,
    lent.schools_n
from lent
inner join measures using (measure)
