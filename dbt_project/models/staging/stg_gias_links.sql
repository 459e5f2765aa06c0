-- Links between establishments in the register, as printed: one row per link and file.
{{ register_rows(
    'gias_links',
    fields=[
        'urn', 'link_urn', 'link_type', 'link_on'
    ],
    dates=[
        'link_on'
    ]
) }}
