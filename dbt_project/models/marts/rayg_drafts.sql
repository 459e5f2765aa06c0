-- A draft rating per school and provision from the decision table: the first rule that fits, named, with its reason.
-- People decide: a draft is a proposal, and red or dark green from data alone asks for an adviser's word.
with axes as (

    select * from {{ ref('int_rating_axes') }}

),

rules as (

    select * from {{ ref('rayg_rules') }}

),

decided as (

    select axes.*, rules.rule, rules.rating, rules.needs_adviser_to_confirm, rules.sentence
    from axes
    inner join rules
        on
            axes.provision = rules.provision
            {% for axis in ['inspection_standing', 'outcomes', 'attendance', 'trajectory'] -%}
            and (rules.{{ axis }} = '*' or list_contains(string_split(rules.{{ axis }}, '|'), axes.{{ axis }}))
            {% endfor %}
    qualify row_number() over (partition by axes.urn, axes.provision order by rules.priority) = 1

),

releases as (

    -- how far this year's results have come: the newest release of the school's own key stages
    select vals.urn, case when measures.key_stage = 'ks5' then 'post_16' else 'whole_school' end as provision,
        max(stages.evidence_stage) as evidence_stage,
        min(vals.years_back) as years_back
    from {{ ref('int_review_values') }} as vals
    inner join {{ ref('measures') }} as measures using (measure)
    left join {{ ref('evidence_stages') }} as stages on measures.key_stage = stages.key_stage and vals.release = stages.release and vals.years_back = 0
    where measures.key_stage in ('ks2', 'ks4', 'ks5')
    group by all

),

intake as (

    -- quarters of the review's own schools by disadvantage, 1 the most disadvantaged: does a rating only restate intake?
    select urn, ntile(4) over (order by value desc, urn) as intake_quarter
    from {{ ref('int_review_values') }}
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
    decided.sentence
        || case when decided.domains_below_names is not null and decided.outcomes not in ('not_visible') then ' Below national: ' || replace(decided.domains_below_names, '_', ' ') || '.' else '' end
        || case when decided.outcomes = 'well_above' and not decided.is_disadvantaged_visible and decided.provision = 'whole_school' then ' Disadvantaged pupils are too few to see.' else '' end
        || case when decided.attendance = 'below' and decided.rule != 'attendance_below' then ' Persistent absence is above national for the phase.' else '' end
        || case when decided.selective_intake is not null then ' The school selects ' || case decided.selective_intake when 'partially_selective' then 'part of its intake.' else 'its intake.' end else '' end
        || case when decided.uses_predecessor_years then ' Results are wholly or partly those of the predecessor school.' else '' end
        || case when decided.needs_adviser_to_confirm then ' Adviser to confirm.' else '' end as reason,
    decided.needs_adviser_to_confirm,
    intake.intake_quarter,
    decided.inspection_standing,
    decided.outcomes,
    decided.attendance,
    decided.trajectory,
    decided.domains_visible,
    decided.outcome_detail,
    decided.uses_predecessor_years,
    decided.selective_intake,
    case
        when decided.rating = 'insufficient_evidence' then 'none'
        when coalesce(releases.years_back > 0, true) or coalesce(decided.years_since_any > {{ policy('recent_inspection_years') }}, true) or decided.domains_visible = 0 or decided.uses_predecessor_years then 'low'
        when decided.domains_visible >= {{ policy('domains_for_high_confidence') }} and decided.trajectory != 'unknown' and decided.attendance != 'not_visible' then 'high'
        else 'medium'
    end as confidence,
    cast(null as varchar) as cusp_with,
    moderation.previous_rating,
    moderation.moderated_rating,
    moderation.moderated_by,
    moderation.moderated_on,
    coalesce(moderation.moderated_rating, decided.rating) as final_rating,
    coalesce(releases.evidence_stage, 'S1') as evidence_stage,
    coalesce(releases.years_back > 0, true) as is_carried_forward,
    -- what the rating could not see, said with the rating
    concat_ws('; ',
        case when decided.outcomes = 'not_visible' then 'outcomes comparable with national' end,
        case when decided.provision = 'whole_school' and decided.attendance = 'not_visible' then 'attendance' end,
        case when decided.trajectory = 'unknown' then 'trajectory over earlier years' end,
        case when decided.inspection_standing in ('not_yet_inspected', 'not_judged') then 'a judgement of this school by the inspectorate' end,
        case when decided.provision = 'whole_school' then 'similar schools' end,
        'curriculum, teaching, safeguarding and leadership, which only an adviser can judge'
    ) as not_visible
from decided
inner join {{ ref('int_review_schools') }} as schools using (urn)
left join releases on decided.urn = releases.urn and decided.provision = releases.provision
left join intake on decided.urn = intake.urn
left join {{ ref('int_moderation') }} as moderation
    on decided.urn = moderation.urn and decided.review_year = moderation.review_year and decided.provision = moderation.provision
