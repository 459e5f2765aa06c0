-- Trusts, federations and other groups: one row per group and file.
{{ register_rows(
    'gias_groups',
    fields=[
        'trust_id', 'trust_name', 'companies_house_number', 'group_type', 'open_on', 'incorporated_on', 'close_on'
    ],
    dates=[
        'open_on', 'incorporated_on', 'close_on'
    ]
) }}
