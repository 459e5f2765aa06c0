{#
The day so many days after another: calendar days or, where `are_working` is true, working days (Saturdays, Sundays and
`days_off`, a list of days, left out). All four are columns. Null without a first day.
#}
{% macro days_after(day, days, are_working, days_off) -%}
cast(list_filter(
    list_transform(range(1, cast(3 * {{ days }} + 7 as bigint)), lambda later : cast({{ day }} as date) + cast(later as integer)),
    lambda one : not {{ are_working }} or (isodow(one) <= 5 and not coalesce(list_contains({{ days_off }}, one), false))
)[cast({{ days }} as integer)] as date)
{%- endmacro %}
