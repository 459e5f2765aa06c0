-- Active settings on the Early Years Register at or above a line in their latest inspection, counted by authority, kind
-- of setting and file: the overall grade (good or outstanding), and each area of the report card (expected standard or
-- better). In a file that has report cards the overall grade is left only to settings without one, so it says
-- `overall_grade_remaining` and continues no series. Met and not met (no children seen) are no grade.
{% set areas = [
    'inclusion', 'curriculum_and_teaching', 'achievement', 'behaviour_attitudes_and_routines', 'welfare_and_wellbeing',
    'leadership_and_governance'
] %}
with settings as (

    select *, false as has_cards from {{ ref('stg_ofsted_early_years_2018') }}
    union all by name
    select *, true as has_cards from {{ ref('stg_ofsted_early_years') }}

),

authorities as (

    -- the file names the authority in words only: its code is the one that most of its schools have
    select la_name, arg_max(la_code, (schools_n, la_code)) as la_code
    from (
        select la_name, left(laestab, 3) as la_code, count(*) as schools_n
        from {{ ref('int_ofsted_listings') }}
        where laestab is not null
        group by all
    )
    group by la_name

),

active as (

    select settings.*, authorities.la_code, files.published_on as snapshot_on
    from settings
    inner join {{ ref('stg_files') }} as files using (file_id)
    anti join {{ ref('int_quarantined_files') }} as quarantined using (file_id)
    left join authorities on settings.la_name = authorities.la_name
    where settings.provider_status = 'Active' and settings.early_years_register = 'Y'

),

judged as (

    select la_code, la_name, provider_type, snapshot_on, file_id,
        case when has_cards then 'overall_grade_remaining' else 'overall_grade' end as series,
        'overall' as area, overall in ('1', '2') as is_at_or_above
    from active
    where overall in ('1', '2', '3', '4') and card_inspected_on is null
    {% for area in areas -%}
    union all
    select
        active.la_code,
        active.la_name,
        active.provider_type,
        active.snapshot_on,
        active.file_id,
        'report_card',
        '{{ area }}',
        grades.is_expected_or_better
    from active
    inner join {{ ref('report_card_grades') }} as grades on lower(active.card_{{ area }}) = grades.grade
    {% endfor %}

)

select
    la_code,
    la_name,
    coalesce(provider_type, 'all') as provider_type,
    snapshot_on,
    {{ academic_year('year(snapshot_on) + cast(month(snapshot_on) >= 9 as integer)') }} as academic_year,
    series,
    area,
    count(*) as judged_n,
    count(*) filter (where is_at_or_above) as at_or_above_n,
    file_id
from judged
group by grouping sets (
    (la_code, la_name, provider_type, snapshot_on, series, area, file_id),
    (la_code, la_name, snapshot_on, series, area, file_id)
)
