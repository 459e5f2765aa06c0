-- Ofsted management information of July 2022 to August 2025: one row per state-funded school and file, with its latest
-- graded, previous graded and latest ungraded inspection.
{{ register_rows(
    'ofsted_schools',
    fields=ofsted_school_fields(),
    dates=ofsted_school_dates(),
    integers=['idaci_quintile', 'pupils_n', 'age_low', 'age_high']
) }}
