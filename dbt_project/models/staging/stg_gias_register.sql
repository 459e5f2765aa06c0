-- The full register: one row per establishment and file.
{{ register_rows(
    'gias_register',
    fields=[
        'urn', 'la_code', 'la_name', 'estab', 'school_name', 'establishment_type', 'school_status', 'open_reason',
        'open_on', 'phase', 'age_low', 'age_high', 'sixth_form', 'religious_character', 'admissions_policy', 'ukprn',
        'constituency', 'close_reason', 'close_on', 'nursery_provision', 'diocese', 'capacity_n', 'pupils_n',
        'trust_flag', 'trust_id', 'trust_name', 'federation_name', 'district'
    ],
    dates=[
        'open_on', 'close_on'
    ],
    integers=[
        'age_low', 'age_high', 'capacity_n', 'pupils_n'
    ]
) }}
