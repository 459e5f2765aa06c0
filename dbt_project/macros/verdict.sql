{#
Whether a value is below, in line or above what it is compared with (methods section 1), or `too_small`, or null where
there is nothing to compare. Below or above asks for a significant difference (where an interval can be made), more than
the least number of pupils (percentages) and more than the measure's margin. `of` names the relation that holds the
measure's fields: polarity, margin, minimum_cohort, interval_method, unit. `quintile` is null where no rank is known:
a score without an interval beyond the margin then has no verdict, since nothing says how unusual it is.
#}
{% macro verdict(value, n, compared_with, lower, upper, quintile, of) -%}
case
    when {{ value }} is null or {{ compared_with }} is null then null
    when {{ n }} < {{ of }}.minimum_cohort then 'too_small'
    when {{ of }}.interval_method != 'none' and {{ lower }} is null then null
    when {{ of }}.interval_method != 'none' and {{ lower }} <= {{ compared_with }} and {{ upper }} >= {{ compared_with }} then 'in_line'
    when abs(round({{ value }} - {{ compared_with }}, 4)) <= {{ of }}.margin then 'in_line'
    when
        {{ of }}.unit = 'pct' and {{ of }}.interval_method = 'wilson'
        and abs({{ pupil_equivalents(n, value ~ ' - ' ~ compared_with) }}) <= {{ policy('least_pupils_difference') }} then 'in_line'
    when {{ of }}.interval_method = 'none' and {{ of }}.unit = 'score' and {{ quintile }} is null then null
    when {{ of }}.interval_method = 'none' and ({{ value }} - {{ compared_with }}) * {{ of }}.polarity < 0 and {{ quintile }} < 5 then 'in_line'
    when {{ of }}.interval_method = 'none' and ({{ value }} - {{ compared_with }}) * {{ of }}.polarity > 0 and {{ quintile }} > 1 then 'in_line'
    when ({{ value }} - {{ compared_with }}) * {{ of }}.polarity < 0 then 'below'
    else 'above'
end
{%- endmacro %}

{#
Whether a change of a percentage since an earlier one is more than chance explains: two proportions, each with its own
chance of one pupil more or less, widened as the intervals are. Null for scores, which have no such test.
#}
{% macro is_more_than_chance(change, value, n, earlier_value, earlier_n, of) -%}
case
    when {{ of }}.unit = 'pct' and {{ of }}.interval_method = 'wilson' and {{ n }} > 0 and {{ earlier_n }} > 0
        then abs({{ change }}) > {{ policy('change_z') }} * sqrt({{ of }}.overdispersion * (
            {{ value }} * (100 - {{ value }}) / {{ n }} + {{ earlier_value }} * (100 - {{ earlier_value }}) / {{ earlier_n }}
        ))
end
{%- endmacro %}

{#
A difference in percentage points as whole pupils of a cohort, towards nought (methods section 1). Rounded before it is
cut: 125 pupils by -9.6 are -12, though in binary fractions the product is a hair above it.
#}
{% macro pupil_equivalents(n, difference) -%}
(trunc(round({{ n }} * ({{ difference }}) / 100, 6)) + 0)
{%- endmacro %}
