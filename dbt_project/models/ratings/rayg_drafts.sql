-- A draft rating per school and provision from the decision table: the first rule that fits, named, with its reason.
-- People decide: a draft is a proposal. Data alone never make red: they ask an adviser to consider it, and to confirm
-- dark green.
with axes as (

    select * from {{ ref('int_rating_axes') }}

),

rules as (

    select * from {{ ref('rayg_rules') }}

),

-- the first rule that fits, as published and in every case in which one deciding count moves by one pupil
decided_cases as (

    select
        axes.*,
        rules.rule,
        rules.rating,
        rules.needs_adviser_to_confirm,
        rules.consider_red,
        rules.sentence,
        -- the inspection itself decides, whatever results say
        rules.inspection_standing in ('category', 'below_good', 'concerns') as is_of_inspection,
        ratings.rating_order
    from axes
    inner join rules
        on
            axes.provision = rules.provision
            and {{ rule_fits('rules', 'axes') | indent(12) }}
    inner join {{ ref('ratings') }} as ratings using (rating)
    qualify row_number() over (partition by axes.urn, axes.provision, axes.moved_case order by rules.priority) = 1

),

decided as (

    select * from decided_cases where moved_case = 'as published'

),

cusps as (

    -- the nearest other colour, of two equally near the worse
    select moved.urn, moved.provision, moved.rating as cusp_with, moved.moved_case as cusp_case
    from decided_cases as moved
    inner join decided on moved.urn = decided.urn and moved.provision = decided.provision
    where moved.rating != decided.rating and moved.rating_order is not null and decided.rating_order is not null
    qualify row_number() over (
        partition by moved.urn, moved.provision
        order by abs(moved.rating_order - decided.rating_order), moved.rating_order desc, moved.moved_case
    ) = 1

),

releases as (

    -- how far this year's results have come: the newest release among the values that decide. A release of no known
    -- stage counts as not validated. A value that cannot be shown counts too: earlier years pooled with it decide.
    select
        vals.urn,
        vals.provision,
        max(stages.evidence_stage) filter (where vals.status = 'reported') as evidence_stage,
        min(vals.years_back) filter (where vals.status = 'reported') as years_back,
        bool_or(stages.is_validated) filter (where vals.status = 'reported') as has_validated,
        bool_or(vals.years_back = 0 and not coalesce(stages.is_validated, false)) as has_unvalidated
    from {{ ref('int_rating_evidence') }} as vals
    left join {{ ref('evidence_stages') }} as stages
        on vals.key_stage = stages.key_stage and vals.release = stages.release and vals.years_back = 0
    where vals.outcome_domain != 'attendance'
    group by vals.urn, vals.provision

),

intake as (

    -- quarters of the review's own schools by disadvantage, 1 the most disadvantaged: does a rating only restate
    -- intake?
    select urn, ntile(4) over (order by value desc, urn) as intake_quarter
    from {{ ref('int_review_measures') }}
    where measure = 'fsm6_pct' and pupil_group = 'all' and status = 'reported'

)

select
    decided.review_year,
    decided.urn,
    schools.school_name,
    schools.la_code,
    schools.sector,
    schools.school_kind,
    decided.provision,
    decided.rating as draft_rating,
    decided.rule,
    decided.sentence as rule_sentence,
    -- what decided, in numbers: at most four sentences, those that the colour turns on first
    case when decided.consider_red then 'Consider red. ' else '' end
    || array_to_string(list_slice(list_filter([
        case
            when decided.is_of_inspection or coalesce(reasons.lead_sentence, reasons.three_years_sentence) is null
                then decided.sentence
        end,
        reasons.lead_sentence,
        reasons.three_years_sentence,
        {{ cusp_sentence() | indent(8) }},
        case
            when
                decided.outcomes in ('well_above', 'top_in_context')
                and not decided.is_disadvantaged_visible
                and decided.provision = 'whole_school'
                then 'Disadvantaged pupils are too few to see.'
            else reasons.disadvantaged_sentence
        end,
        case
            when
                decided.attendance in ('below', 'below_in_context', 'partly_below')
                or reasons.three_years_sentence is null
                then reasons.attendance_sentence
        end
    ], lambda one: one is not null), 1, 4), ' ') as reason,
    decided.needs_adviser_to_confirm,
    decided.consider_red,
    -- what the colour does not turn on and a visit should ask about
    nullif(concat_ws(' ',
        case
            when decided.attendance = 'below' and decided.rating = 'light_green'
                then printf('Overall and persistent absence of %s are above national.', decided.attendance_year)
            when decided.attendance = 'partly_below' and decided.rating = 'light_green'
                then printf('One of overall and persistent absence of %s is above national.', decided.attendance_year)
        end,
        case
            when decided.fell_still_above is not null
                then
                    'Results fell by more than chance, and are still above national: '
                    || decided.fell_still_above || '.'
        end
    ), '') as open_matter,
    intake.intake_quarter,
    decided.inspection_standing,
    decided.outcomes,
    decided.attendance,
    decided.trajectory,
    decided.domains_visible,
    decided.similar_schools_fifth,
    decided.outcome_detail,
    decided.uses_predecessor_years,
    decided.selective_intake,
    case
        when decided.rating = 'insufficient_evidence' then 'none'
        when
            coalesce(releases.years_back > 0, true)
            or coalesce(decided.years_since_any > {{ policy('recent_inspection_years') }}, true)
            or decided.uses_predecessor_years
            or coalesce(
                {{ years_between('schools.open_on', 'schools.reference_on') }} < {{ policy('new_school_years') }}, false
            )
            then 'low'
        when
            cusps.cusp_with is null
            -- what an adviser has yet to confirm is not sure
            and not decided.needs_adviser_to_confirm
            and not decided.is_partly_missing
            and decided.domains_visible >= {{ policy('domains_for_high_confidence') }}
            and decided.trajectory != 'unknown'
            and (decided.provision != 'whole_school' or decided.attendance != 'not_visible')
            and releases.has_validated then 'high'
        else 'medium'
    end as confidence,
    cusps.cusp_with,
    cusps.cusp_case,
    moderation.previous_rating,
    moderation.is_previous_of_predecessor,
    moderation.moderated_rating,
    moderation.moderated_by,
    moderation.moderated_on,
    coalesce(moderation.moderated_rating, decided.rating) as final_rating,
    -- the stage of what it rests on, and no stage where it rests on no result of the review's own year
    coalesce(
        releases.evidence_stage,
        case when releases.has_unvalidated and decided.domains_visible > 0 then stages.first_stage end
    ) as evidence_stage,
    -- nothing held at all is carried forward from nowhere
    coalesce(releases.years_back > 0, false) as is_carried_forward,
    -- a draft that sees no outcome tells nothing of the returns it was made from
    coalesce(releases.has_unvalidated, false) and decided.domains_visible > 0 as rests_on_returns,
    case
        when
            schools.reference_on > strategy.valid_to
            then printf('criteria of the %s strategy carried forward, unconfirmed', strategy.strategy_version)
    end as criteria_note,
    -- what the rating could not see, said with the rating
    concat_ws('; ',
        case when decided.outcomes = 'not_visible' then 'outcomes comparable with national' end,
        case when decided.provision = 'whole_school' and decided.attendance = 'not_visible' then 'attendance' end,
        case when decided.trajectory = 'unknown' then 'trajectory over earlier years' end,
        case
            when
                decided.inspection_standing in ('not_yet_inspected', 'not_judged')
                then 'a judgement of this school by the inspectorate'
        end,
        case
            when
                decided.domains_visible > 0 and decided.is_low_in_context is null
                then 'what similar schools reach, or progress'
        end,
        case
            when
                decided.domains_visible > 0 and decided.is_partly_missing
                then 'some of what is published for schools of this kind'
        end,
        'curriculum, teaching, safeguarding and leadership, which only an adviser can judge'
    ) as not_visible
from decided
inner join {{ ref('int_review_schools') }} as schools using (urn)
-- the latest strategy that had begun by the day of the review; before the first began, the first
cross join lateral (
    select strategies.strategy_version, strategies.valid_to
    from {{ ref('strategies') }} as strategies
    order by
        strategies.valid_from <= schools.reference_on desc,
        abs(date_diff('day', strategies.valid_from, schools.reference_on)),
        strategies.strategy_version desc
    limit 1
) as strategy
cross join (select min(evidence_stage) as first_stage from {{ ref('evidence_stages') }}) as stages
left join cusps on decided.urn = cusps.urn and decided.provision = cusps.provision
left join {{ ref('measures') }} as moved_measures on split_part(cusps.cusp_case, ' ', 1) = moved_measures.measure
left join {{ ref('group_pairs') }} as moved_groups on split_part(cusps.cusp_case, ' ', 2) = moved_groups.pupil_group
left join {{ ref('ratings') }} as cusp_ratings on cusps.cusp_with = cusp_ratings.rating
left join {{ ref('int_draft_reasons') }} as reasons
    on decided.urn = reasons.urn and decided.provision = reasons.provision
left join releases on decided.urn = releases.urn and decided.provision = releases.provision
left join intake on decided.urn = intake.urn
left join {{ ref('int_moderation') }} as moderation
    on
        decided.urn = moderation.urn
        and decided.review_year = moderation.review_year
        and decided.provision = moderation.provision
