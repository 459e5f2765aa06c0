-- The extract of open academies: one row per academy and file.
{{ register_rows(
    'gias_extract',
    fields=[
        'urn', 'la_code', 'la_name', 'estab', 'school_name', 'establishment_type', 'school_status', 'open_reason',
        'open_on', 'phase', 'age_low', 'age_high', 'sixth_form', 'religious_character', 'admissions_policy', 'ukprn',
        'constituency'
    ],
    dates=[
        'open_on'
    ],
    integers=[
        'age_low', 'age_high'
    ]
) }}
