-- Childcare and early-years providers in the layout of 2018 to 2025: one row per provider and file. No name and no
-- address.
{{ register_rows(
    'ofsted_early_years_2018',
    fields=[
        'provider_id', 'provider_type', 'provider_subtype', 'provider_status', 'early_years_register', 'la_name',
        'inspected_on', 'overall'
    ],
    dates=['inspected_on']
) }}
