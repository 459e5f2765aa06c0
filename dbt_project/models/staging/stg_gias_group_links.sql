-- Members of groups: one row per school, group and day of joining, and file.
{{ register_rows(
    'gias_group_links',
    fields=[
        'urn', 'trust_id', 'trust_name', 'companies_house_number', 'group_type', 'close_on', 'joined_on'
    ],
    dates=[
        'close_on', 'joined_on'
    ]
) }}
