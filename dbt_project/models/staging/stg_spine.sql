-- The performance tables' register before school information: one row per school, sponsor and file.
{{ register_rows(
    'spine',
    fields=[
        'urn', 'la_code', 'estab', 'laestab', 'school_name', 'town', 'postcode', 'status_code', 'open_on', 'close_on',
        'establishment_group', 'establishment_type', 'is_primary', 'is_secondary', 'is_post16', 'age_low', 'age_high',
        'religious_character', 'admissions_policy'
    ],
    dates=[
        'open_on', 'close_on'
    ],
    integers=[
        'age_low', 'age_high'
    ]
) }}
