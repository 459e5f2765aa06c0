{#
The sentences of a KPI's row, made from its numbers and nothing else (japr_kpis). Two shown numbers and the difference
between them always tally, because the difference is taken between the numbers as shown; a gap is said as so many points
behind or ahead, so that nobody has to read a sign.
#}
{% macro kpi_sentence() -%}
case
    when status = 'not_held' and file_id is null then printf('%s: no value, because no file held gives it.', title)
    when status != 'reported' then printf('%s: no value for %s (%s).', title, academic_year, replace(status, '_', ' ') || coalesce(': ' || status_reason, ''))
    else printf('%s: %s in %s', title, {{ kpi_value('value') }}, academic_year)
        || case
            when national_value is null then ', with no figure for England held'
            when gap_type is not null then ', in England ' || {{ kpi_value('national_value') }}
            when round(value, decimals) = round(national_value, decimals) then ', the same as England'
            else ', ' || {{ kpi_points('abs(round(value, decimals) - round(national_value, decimals))') }}
                || case when value > national_value then ' above' else ' below' end
                || ' England (' || {{ kpi_value('national_value') }} || ')'
        end
        || coalesce('; the year before ' || {{ kpi_value('previous_value') }}, '; no figure for the year before')
        || '.'
        || coalesce(printf(' Rank %d of %d authorities (1 is best), quartile %d.', la_rank, la_count, la_quartile), '')
        || coalesce(' Statistical neighbours on average: ' || {{ kpi_value('neighbour_mean') }} || printf(' (%d of %d have a figure).', neighbours_n, neighbours_of), '')
        || case
            when target is null then ''
            else ' Target for ' || target_year || ': ' || {{ kpi_value('target') }}
                || case target_status
                    when 'met' then case when target_year = academic_year then ', met.' else ', met already.' end
                    when 'missed' then ', not met.'
                    else printf(', which needs %+.2f a year', required_yearly_change)
                        || coalesce(printf('; the last three years brought %+.2f a year', yearly_change_3y), '; no figure three years before shows the pace')
                        || case target_status when 'on_course' then ': on course' when 'off_course' then ': off course' else '' end
                        || coalesce(printf('. Of %d authorities %d have kept up that pace over some three years, %d over these three', precedent_las_of, precedent_las_n, precedent_same_years_las_n), '')
                        || '.'
                end
        end
        || coalesce(' ' || coverage, '')
end
{%- endmacro %}

{% macro kpi_value(value) -%}
case
    when gap_type is null then {{ fixed_number(value, 'decimals') }} || case when shown_unit = 'pct' then '%' else '' end
    when round({{ value }}, decimals) = 0 then 'level'
    else {{ kpi_points('abs(' ~ value ~ ')') }} || case when {{ value }} * polarity < 0 then ' behind' else ' ahead' end
end
{%- endmacro %}

{# A difference with its unit: percentage points, points of a gap, or nothing for a score. #}
{% macro kpi_points(difference) -%}
{{ fixed_number(difference, 'decimals') }}
|| case when shown_unit = 'pct' then ' percentage point' when shown_unit = 'points' then ' point' else '' end
|| case when shown_unit in ('pct', 'points') and {{ fixed_number(difference, 'decimals') }} != '1' then 's' else '' end
{%- endmacro %}
