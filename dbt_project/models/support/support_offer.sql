-- Which strong, sustained school could support which school in what: each school of the review with every respect in
-- which its results are below national, and the schools of the same kind that are strong in just that over years.
with schools as (

    select
        schools.*,
        concern.final_rating,
        concern.inspection_standing,
        concern.selective_intake,
        concern.registers,
        coalesce(concern.has_concerns, false) as has_concerns
    from {{ ref('int_review_schools') }} as schools
    left join {{ ref('int_school_concern') }} as concern using (urn)

),

intake as (

    select urn, value as fsm6_pct
    from {{ ref('int_review_measures') }}
    where measure = 'fsm6_pct' and pupil_group = 'all' and status = 'reported'

),

years_above as (

    select urn, measure, pupil_group, academic_year, {{ year_end('academic_year') }} as year_end
    from {{ ref('benchmarks') }}
    where entity_type = 'school' and verdict = 'above'

),

outcomes as (

    select
        vals.*,
        measures.title as measure_title,
        coalesce(nullif(vals.pooled_verdict, 'too_small'), vals.verdict) as judged
    from {{ ref('int_review_measures') }} as vals
    inner join {{ ref('measures') }} as measures using (measure)
    where
        measures.is_scored
        and vals.pupil_group in ('all', 'disadvantaged')
        and vals.years_back <= {{ policy('oldest_outcome_years') }}

),

needs as (

    select * from outcomes where judged = 'below'

),

strong as (

    select
        outcomes.urn,
        outcomes.measure,
        outcomes.pupil_group,
        outcomes.value,
        outcomes.academic_year,
        outcomes.difference,
        count(years_above.urn) as years_above_n
    from outcomes
    left join years_above
        on
            outcomes.urn = years_above.urn
            and outcomes.measure = years_above.measure
            and outcomes.pupil_group = years_above.pupil_group
            and years_above.year_end between {{ year_end('outcomes.academic_year') }}
            - 2 and {{ year_end('outcomes.academic_year') }}
    where outcomes.verdict = 'above' and coalesce(outcomes.years_below_of_three, 0) = 0
    group by all
    having
        count(years_above.urn) >= {{ policy('support_years_n') }}
        or bool_or(outcomes.pooled_verdict = 'above' and outcomes.pooled_years_n >= {{ policy('support_years_n') }})

),

able as (

    select strong.*, schools.school_name, schools.school_kind, schools.sector, schools.trust_name, schools.district
    from strong
    inner join schools using (urn)
    where
        schools.final_rating in ('dark_green', 'light_green')
        and schools.inspection_standing in ('strong_recent', 'strong', 'good')
        and not schools.has_concerns
        -- what a school that selects reaches comes in with its pupils
        and schools.selective_intake is null

),

candidates as (

    select
        needs.urn,
        needs.measure,
        needs.pupil_group,
        able.urn as offering_urn,
        able.school_name as offering_school_name,
        able.sector as offering_sector,
        able.trust_name as offering_trust_name,
        able.district as offering_district,
        able.value as offering_value,
        able.years_above_n as offering_years_above_n,
        able.difference * needs.polarity as strength,
        able_intake.fsm6_pct as offering_fsm6_pct,
        alike.distance,
        abs(own_intake.fsm6_pct - able_intake.fsm6_pct) as intake_difference
    from needs
    inner join schools on needs.urn = schools.urn and schools.has_concerns
    inner join able
        on
            schools.school_kind = able.school_kind
            and needs.measure = able.measure
            and needs.pupil_group = able.pupil_group
            and needs.urn != able.urn
    left join {{ ref('int_similar_schools') }} as alike
        on
            needs.urn = alike.urn
            and able.urn = alike.similar_urn
            and alike.distance <= {{ policy('similar_schools_furthest') }}
    left join intake as own_intake on needs.urn = own_intake.urn
    left join intake as able_intake on able.urn = able_intake.urn

),

-- no school can help everybody: schools are named for those with concerns alone, each for a few, the most alike first
asked as (

    select offering_urn, urn
    from candidates
    group by offering_urn, urn
    qualify row_number() over (
        partition by offering_urn
        order by min(distance) nulls last, min(intake_difference) nulls last, urn
    ) <= {{ policy('support_schools_of_one_n') }}

),

offers as (

    select
        candidates.*,
        row_number() over (
            partition by candidates.urn, candidates.measure, candidates.pupil_group
            order by
                candidates.distance nulls last,
                candidates.intake_difference nulls last,
                candidates.strength desc,
                candidates.offering_urn
        ) as place
    from candidates
    inner join asked using (offering_urn, urn)
    qualify place <= {{ policy('support_offers_n') }}

),

wanted as (

    select distinct urn, measure, pupil_group from candidates

),

named as (

    select offering_urn, count(distinct urn) as offered_n from offers group by offering_urn

),

visible as (

    select distinct urn from outcomes where judged in ('below', 'in_line', 'above')

)

select
    schools.review_year,
    schools.urn,
    schools.school_name,
    schools.la_code,
    schools.sector,
    schools.school_kind,
    schools.district,
    schools.final_rating,
    schools.registers,
    schools.has_concerns as is_priority,
    needs.measure,
    needs.measure_title,
    needs.pupil_group,
    needs.academic_year,
    needs.value,
    needs.compared_with,
    needs.cohort_n,
    offers.place,
    offers.offering_urn,
    offers.offering_school_name,
    offers.offering_sector,
    offers.offering_trust_name,
    offers.offering_district,
    offers.offering_value,
    offers.offering_years_above_n,
    intake.fsm6_pct,
    offers.offering_fsm6_pct,
    case when offers.offering_urn is not null then offers.distance is not null end as is_among_most_alike,
    round(offers.distance, 3) as distance,
    named.offered_n,
    case
        when offers.offering_urn is not null then
            offers.offering_school_name || ' has been better than national in this over years'
            || case
                when offers.distance is not null then ' with pupils most like these.'
                else '; its pupils are not among the most alike.'
            end
            || ' Whether it has the capacity is for the school to say.'
        when
            needs.measure is not null and not schools.has_concerns
            then 'Worse than national in this; schools are named only for those rated red or amber or on a register.'
        when
            wanted.urn is not null
            then
                'Schools that are strong in this are each named for as many schools as one can help, '
                || 'with pupils more alike.'
        when
            needs.measure is not null
            then 'No school of this kind in the area is strong in this over years, rated green and free of concerns.'
        when visible.urn is not null then 'Nothing that can be compared with national is worse than it.'
        else 'No published outcome of this school can be compared with national: what it needs does not show in data.'
    end as note
from schools
left join needs on schools.urn = needs.urn
left join offers on needs.urn = offers.urn and needs.measure = offers.measure and needs.pupil_group = offers.pupil_group
left join wanted on needs.urn = wanted.urn and needs.measure = wanted.measure and needs.pupil_group = wanted.pupil_group
left join named on offers.offering_urn = named.offering_urn
left join visible on schools.urn = visible.urn
left join intake on schools.urn = intake.urn
