-- Ofsted's workbook of 2015: one row per school and file, with its latest and its previous inspection. It prints the
-- last day of an inspection, no day of publication, and not under which URN it took place.
{{ register_rows(
    'ofsted_schools_2015',
    fields=[
        'urn', 'laestab', 'school_name', 'ofsted_phase', 'establishment_type', 'la_name', 'pupils_n', 'graded_ended_on',
        'graded_overall', 'graded_sixth_form', 'graded_early_years', 'graded_achievement_of_pupils',
        'graded_learners_achieve', 'graded_quality_of_teaching', 'graded_behaviour_and_safety', 'graded_leadership',
        'graded_category', 'previous_ended_on', 'previous_overall', 'previous_category'
    ],
    dates=['graded_ended_on', 'previous_ended_on'],
    integers=['pupils_n']
) }}
