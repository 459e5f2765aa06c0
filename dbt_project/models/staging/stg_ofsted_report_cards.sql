-- Ofsted management information since November 2025: one row per state-funded school and file, with its report card
-- (`card_`), its latest graded inspection under the 2019 framework and its latest ungraded one.
{{ register_rows(
    'ofsted_report_cards',
    fields=[
        'urn', 'laestab', 'school_name', 'ofsted_phase', 'establishment_type', 'open_on',
        'admissions_policy', 'sixth_form', 'religious_character', 'region_name', 'la_name', 'constituency',
        'trust_id', 'trust_name', 'postcode', 'idaci_quintile', 'pupils_n', 'age_low', 'age_high',
        'card_number', 'card_inspection_type', 'card_inspected_on', 'card_published_on', 'card_is_current',
        'card_urn', 'card_category', 'card_safeguarding', 'card_inclusion', 'card_curriculum_and_teaching',
        'card_achievement', 'card_attendance_and_behaviour', 'card_personal_development_and_wellbeing',
        'card_leadership_and_governance', 'card_early_years', 'card_sixth_form',
        'graded_number', 'graded_inspection_type', 'graded_inspected_on', 'graded_published_on',
        'graded_is_current', 'graded_urn', 'graded_overall', 'graded_category',
        'graded_quality_of_education', 'graded_behaviour_and_attitudes', 'graded_personal_development',
        'graded_leadership', 'graded_safeguarding', 'graded_early_years', 'graded_sixth_form',
        'ungraded_number', 'ungraded_inspected_on', 'ungraded_published_on', 'ungraded_is_current',
        'ungraded_urn', 'ungraded_outcome'
    ],
    dates=[
        'open_on', 'card_inspected_on', 'card_published_on', 'graded_inspected_on', 'graded_published_on',
        'ungraded_inspected_on', 'ungraded_published_on'
    ],
    integers=['idaci_quintile', 'pupils_n', 'age_low', 'age_high']
) }}
