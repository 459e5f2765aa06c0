-- The line an adviser reads for each school of the review.
with schools as (

    select * from {{ ref('int_review_schools') }}

),

vals as (

    select * from {{ ref('int_review_measures') }}

),

results as (

    select
        urn,
        {% for measure, group, name in [
            ('ks2_rwm_expected_pct', 'all', 'ks2_rwm'),
            ('ks2_rwm_higher_pct', 'all', 'ks2_rwm_higher'),
            ('ks2_rwm_expected_pct', 'disadvantaged', 'ks2_rwm_disadvantaged'),
            ('ks4_attainment8', 'all', 'ks4_attainment8'),
            ('ks4_progress8', 'all', 'ks4_progress8'),
            ('ks4_engmaths_95_pct', 'all', 'ks4_engmaths_95'),
            ('ks4_attainment8', 'disadvantaged', 'ks4_attainment8_disadvantaged'),
            ('ks5_alevel_aps', 'all', 'ks5_alevel_aps'),
            ('ks5_alevel_value_added', 'all', 'ks5_alevel_value_added'),
            ('ks4_destination_sustained_pct', 'all', 'ks4_destinations'),
            ('absence_persistent_pct', 'all', 'persistent_absence'),
            ('absence_overall_pct', 'all', 'overall_absence'),
            ('suspension_rate_pct', 'all', 'suspensions'),
            ('eyfs_gld_pct', 'all', 'eyfs_gld'),
            ('phonics_y1_pct', 'all', 'phonics'),
            ('revenue_reserve_pct', 'all', 'revenue_reserve'),
            ('in_year_balance_pct', 'all', 'in_year_balance'),
            ('staff_cost_pct', 'all', 'staff_costs'),
            ('fsm6_pct', 'all', 'fsm6'),
            ('sen_support_pct', 'all', 'sen_support'),
            ('ehcp_pct', 'all', 'ehcp')
        ] -%}
        max(case when measure = '{{ measure }}' and pupil_group = '{{ group }}' then value end) as {{ name }},
        max(case when measure = '{{ measure }}' and pupil_group = '{{ group }}' then academic_year end)
            as {{ name }}_year,
        max(case when measure = '{{ measure }}' and pupil_group = '{{ group }}' then status end) as {{ name }}_status,
        {% if name not in ('fsm6', 'sen_support', 'ehcp', 'revenue_reserve', 'in_year_balance', 'staff_costs') -%}
        max(case when measure = '{{ measure }}' and pupil_group = '{{ group }}' then verdict end) as {{ name }}_verdict,
        {% endif -%}
        {% endfor -%}
        bool_or(is_predecessor) as uses_predecessor_results
    from vals
    group by urn

),

rolls as (

    select urn, arg_max(value, academic_year) as pupils, max(academic_year) as pupils_year
    from {{ ref('observations') }}
    where
        entity_type = 'school'
        and measure = 'pupils_n'
        and pupil_group = 'all'
        and status = 'reported'
        and not is_predecessor
    group by urn

),

gaps as (

    select urn,
        max(gap) filter (where measure = 'ks2_rwm_expected_pct') as ks2_rwm_gap_to_national_other,
        max(gap) filter (where measure = 'ks4_attainment8') as ks4_attainment8_gap_to_national_other
    from {{ ref('gaps') }}
    cross join {{ ref('stg_parameters') }} as parameters
    where
        entity_type = 'school'
        and pupil_group = 'disadvantaged'
        and gap_type = 'to_national_other'
        and academic_year = parameters.review_academic_year
    group by urn

),

drafts as (

    select
        urn,
        max(draft_rating) filter (where provision = 'whole_school') as whole_school_draft,
        max(rule) filter (where provision = 'whole_school') as whole_school_rule,
        max(reason) filter (where provision = 'whole_school') as whole_school_reason,
        max(confidence) filter (where provision = 'whole_school') as whole_school_confidence,
        max(cusp_with) filter (where provision = 'whole_school') as whole_school_cusp_with,
        max(final_rating) filter (where provision = 'whole_school') as whole_school_final,
        max(draft_rating) filter (where provision = 'early_years') as early_years_draft,
        max(draft_rating) filter (where provision = 'post_16') as post_16_draft
    from {{ ref('rayg_drafts') }}
    group by urn

),

standing as (

    select * from {{ ref('int_inspection_standing') }} where provision = 'whole_school'

)

select
    schools.review_year,
    schools.urn,
    schools.laestab,
    schools.school_name,
    schools.la_code,
    schools.phase,
    schools.school_kind,
    schools.sector,
    schools.establishment_type,
    schools.trust_name,
    schools.religious_character,
    schools.predecessor_urns,
    rolls.pupils,
    rolls.pupils_year,
    results.* exclude (urn),
    gaps.ks2_rwm_gap_to_national_other,
    gaps.ks4_attainment8_gap_to_national_other,
    standing.inspection_standing,
    standing.graded_on as last_graded_on,
    standing.grade_in_words as last_graded_outcome,
    standing.ungraded_on as last_ungraded_on,
    standing.ungraded_outcome as last_ungraded_outcome,
    standing.category_of_concern,
    screen.band,
    screen.points,
    screen.points_possible,
    screen.coverage_pct,
    screen.rank,
    screen.top_reasons,
    screen.route,
    drafts.* exclude (urn)
from schools
left join results using (urn)
left join rolls using (urn)
left join gaps using (urn)
left join standing using (urn)
left join {{ ref('risk_screen') }} as screen using (urn)
left join drafts using (urn)
