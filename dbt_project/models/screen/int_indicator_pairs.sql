-- The index of the screen: every school of the review with every indicator, and whether the indicator applies to it.
-- One model per kind of evidence (int_indicators_of_…) says what an indicator finds; risk_indicators is their union.
select
    schools.review_year,
    schools.urn,
    schools.school_name,
    schools.school_kind,
    schools.sector,
    schools.reference_on,
    indicators.*,
    list_contains(string_split(indicators.school_kinds, ' '), schools.school_kind)
        and (indicators.provision != 'early_years' or schools.has_early_years)
        and (indicators.provision != 'post_16' or schools.has_sixth_form) as does_apply
from {{ ref('int_review_schools') }} as schools
cross join {{ ref('indicators') }} as indicators
