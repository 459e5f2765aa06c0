-- Ofsted management information of September 2019 to June 2022: full inspections stand as graded ones, section 8
-- inspections as ungraded ones, as the publisher has called them since.
{{ register_rows(
    'ofsted_schools_2019',
    fields=ofsted_school_fields(),
    dates=ofsted_school_dates(),
    integers=['idaci_quintile', 'pupils_n', 'age_low', 'age_high']
) }}
