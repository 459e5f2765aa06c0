-- The performance tables' own register: one row per school and file.
{{ register_rows(
    'school_information',
    fields=[
        'urn', 'la_name', 'la_code', 'estab', 'laestab', 'school_name', 'town', 'postcode', 'school_status',
        'open_on', 'close_on', 'establishment_group', 'establishment_type', 'is_primary', 'is_secondary',
        'is_post16', 'age_low', 'age_high', 'religious_character', 'admissions_policy', 'graded_rating',
        'graded_ended_on'
    ],
    dates=[
        'open_on', 'close_on', 'graded_ended_on'
    ],
    integers=[
        'age_low', 'age_high'
    ]
) }}
