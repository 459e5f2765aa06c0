-- Targets agreed for the KPIs: one row per KPI and academic year, the latest agreed by the as-at day.
with entries as (

    {{ local_return(
        'local_targets',
        fields=['kpi', 'academic_year', 'target', 'agreed_by', 'agreed_on'],
        key=['kpi', 'academic_year', 'agreed_on'],
        noted_on='agreed_on'
    ) }}

)

select file_id, line, kpi, academic_year, try_cast(target as double) as target, agreed_by, agreed_on
from entries
qualify row_number() over (partition by kpi, academic_year order by agreed_on desc) = 1
