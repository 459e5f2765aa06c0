-- Schools of the review that do not stand exactly once in the screen, in the desktop exercise or, as a whole school,
-- in the drafts.
{% for mart, rows in [
    ('risk_screen', 'true'),
    ('desktop_exercise', 'true'),
    ('rayg_drafts', "mart.provision = 'whole_school'")
] -%}
select '{{ mart }}' as mart, schools.urn, count(mart.urn) as rows_n
from {{ ref('int_review_schools') }} as schools
left join {{ ref(mart) }} as mart on schools.urn = mart.urn and {{ rows }}
group by schools.urn
having count(mart.urn) != 1
{{ 'union all' if not loop.last }}
{% endfor %}
