-- Childcare and early-years providers in the layout since 2026: one row per provider and file. No name and no address.
{{ register_rows(
    'ofsted_early_years',
    fields=[
        'provider_id', 'provider_type', 'provider_subtype', 'provider_status', 'early_years_register', 'la_name',
        'inspected_on', 'overall',
        'card_inspected_on', 'card_safeguarding', 'card_inclusion', 'card_curriculum_and_teaching', 'card_achievement',
        'card_behaviour_attitudes_and_routines', 'card_welfare_and_wellbeing', 'card_leadership_and_governance'
    ],
    dates=['inspected_on', 'card_inspected_on']
) }}
