{#
One value of each entity, year, measure and group out of a relation of observations with `shown_code`: a school's
earlier incarnation lends its value only where the school itself has none for that year. Only the years of schools that
have such a row need looking at: all others stand as they are.
#}
{% macro shown_values(observations) -%}
select observations.*
from {{ observations }} as observations
anti join (select shown_code, academic_year from {{ observations }} where is_predecessor) as lenders
    using (shown_code, academic_year)
union all
select observations.*
from {{ observations }} as observations
semi join (select shown_code, academic_year from {{ observations }} where is_predecessor) as lenders
    using (shown_code, academic_year)
qualify row_number() over (
    partition by entity_type, shown_code, basis, academic_year, measure, pupil_group
    order by (status = 'reported') desc, is_predecessor, entity_code desc
) = 1
{%- endmacro %}
