-- Gaps of pupil groups, three kinds (methods section 3): to the entity's own comparator group (shown, never scored), to
-- that comparator group nationally and to the same group nationally. Negative means lower, whatever the measure's
-- polarity shows best; no gap is made from a value that is not reported on both sides.
{% set entity_year = ['entity_type', 'entity_code', 'basis', 'academic_year', 'measure'] -%}
with comparable as (

    select *
    from {{ ref('int_comparable') }}

    union all by name

    select
        'country' as entity_type,
        'ENG' as entity_code,
        observations.academic_year,
        observations.measure,
        observations.pupil_group,
        observations.value, observations.denominator, observations.lower_ci, observations.upper_ci, observations.status,
        observations.basis,
        observations.basis as national_basis,
        observations.release,
        observations.file_id,
        observations.doubt,
        measures.* exclude (measure, national_basis, least, most)
    from {{ ref('observations') }} as observations
    inner join {{ ref('measures') }} as measures using (measure)
    where
        observations.entity_type = 'country'
        and measures.unit not in ('count', 'code')
        and measures.is_gap is not true

),

-- a measure's comparator group: the pair's own, else all pupils where the source prints no other
pairs as (

    select pupil_group, comparator_group from {{ ref('group_pairs') }}

),

groups as (

    select comparable.*, pairs.comparator_group
    from comparable
    inner join pairs using (pupil_group)

),

comparators as (

    select
        {{ entity_year | join(', ') }},
        pupil_group as comparator_group,
        value as comparator_value,
        status as comparator_status,
        lower_ci as comparator_lower_ci, upper_ci as comparator_upper_ci,
        doubt as comparator_doubt
    from comparable

),

national as (

    select
        measure,
        academic_year,
        basis as national_basis,
        pupil_group,
        value as national_value,
        doubt as comparator_doubt
    from {{ ref('int_national') }}

),

-- why England has no number; where there is not even a row, nothing of it is held
unheld as (

    select measure, academic_year, basis as national_basis, pupil_group, status
    from {{ ref('observations') }}
    where entity_type = 'country' and status != 'reported'

),

within_entity as (

    select
        groups.*, 'within_entity' as gap_type, comparators.comparator_value,
        coalesce(comparators.comparator_status, 'not_held') as comparator_status,
        comparators.comparator_lower_ci, comparators.comparator_upper_ci, comparators.comparator_doubt
    from groups
    left join comparators using ({{ entity_year | join(', ') }}, comparator_group)

),

{% for gap_type, national_group in [
    ('to_national_other', 'comparator_group'), ('to_national_disadvantaged', 'pupil_group')
] -%}
{{ gap_type }} as (

    select
        groups.*, '{{ gap_type }}' as gap_type, national.national_value as comparator_value,
        case when national.national_value is null then coalesce(unheld.status, 'not_held') else 'reported' end
            as comparator_status,
        national.national_value as comparator_lower_ci, national.national_value as comparator_upper_ci,
        national.comparator_doubt
    from groups
    left join national
        on
            groups.measure = national.measure
            and groups.academic_year = national.academic_year
            and groups.national_basis = national.national_basis
            and groups.{{ national_group }} = national.pupil_group
    left join unheld
        on
            groups.measure = unheld.measure
            and groups.academic_year = unheld.academic_year
            and groups.national_basis = unheld.national_basis
            and groups.{{ national_group }} = unheld.pupil_group
    {%- if gap_type == 'to_national_disadvantaged' %}
    where groups.entity_type != 'country'
    {%- endif %}

),

{% endfor -%}
kinds_of_gap as (

    select * from within_entity
    union all by name
    select * from to_national_other
    union all by name
    select * from to_national_disadvantaged

),

measured as (

    select
        *,
        {{ small_key(['entity_type', 'entity_code', 'basis']) }} as who,
        {{ small_key(['measure', 'pupil_group', 'gap_type']) }} as topic,
        {{ year_end('academic_year') }} as year_end,
        round(value - comparator_value, decimals) + 0.0 as gap_value,
        case
            when status != 'reported' then status when comparator_status != 'reported' then comparator_status else
                'reported'
        end as gap_status
    from kinds_of_gap

),

{% set of_the_series = 'partition by who, topic order by year_end' -%}
changed as (

    select
        *,
        round(gap_value - max(gap_value) over one_year, decimals) + 0.0 as change_1y,
        round(gap_value - max(gap_value) over three_years, decimals) + 0.0 as change_3y
    from measured
    window
        one_year as ({{ of_the_series }} range between 1 preceding and 1 preceding),
        three_years as ({{ of_the_series }} range between 3 preceding and 3 preceding)

),

-- how fast England's own gap moved, beside both gaps that are read against England's other pupils
england as (

    select
        basis as national_basis,
        measure,
        pupil_group,
        gap_type,
        year_end,
        change_1y as national_change_1y,
        change_3y as national_change_3y
    from changed
    where entity_type = 'country'

),

with_history as (

    select
        changed.*,
        case when changed.entity_type != 'country' then england.national_change_1y end as national_change_1y,
        case when changed.entity_type != 'country' then england.national_change_3y end as national_change_3y
    from changed
    left join england using (national_basis, measure, pupil_group, gap_type, year_end)

)

select
    entity_type,
    entity_code,
    case when entity_type = 'school' then entity_code end as urn,
    la_code,
    basis,
    academic_year,
    measure,
    pupil_group,
    comparator_group,
    gap_type,
    value as disadvantaged_value,
    denominator as disadvantaged_n,
    comparator_value,
    gap_value as gap,
    -- independent groups: the half-widths add in squares; a national comparator is taken as exact
    case when lower_ci is not null and comparator_lower_ci is not null
        then
            round(
                value
                - comparator_value
                - sqrt(power(value - lower_ci, 2) + power(comparator_upper_ci - comparator_value, 2)),
                2
            )
            + 0.0
        end as gap_lower_ci,
    case when upper_ci is not null and comparator_upper_ci is not null
        then
            round(
                value
                - comparator_value
                + sqrt(power(upper_ci - value, 2) + power(comparator_value - comparator_lower_ci, 2)),
                2
            )
            + 0.0
        end as gap_upper_ci,
    case when unit = 'pct' then {{ pupil_equivalents('denominator', 'value - comparator_value') }} end
        as pupils_equivalent,
    change_1y,
    change_3y,
    national_change_1y,
    national_change_3y,
    {% for years in ['1y', '3y'] -%}
    case
        when change_{{ years }} is null or national_change_{{ years }} is null or polarity = 0 then null
        when gap_value * polarity >= 0 then 'no_gap'
        when change_{{ years }} = 0 then 'unchanged'
        else
            case when change_{{ years }} * polarity > 0 then 'closing_' else 'widening_' end
            || case
                when change_{{ years }} = national_change_{{ years }} then 'as_nationally'
                when
                    abs(change_{{ years }}) > abs(national_change_{{ years }})
                    or change_{{ years }} * national_change_{{ years }} < 0
                    then 'faster'
                else 'slower'
            end
    end as pace_{{ years }},
    {% endfor -%}
    gap_status as status,
    release,
    file_id,
    case
        when gap_status = 'reported'
            then nullif(concat_ws(
                '; ',
                doubt,
                'the comparator: ' || comparator_doubt,
                case
                    when value - comparator_value not between gap_lower_ci - 0.01 and gap_upper_ci + 0.01
                        then 'its own interval does not hold it'
                end
            ), '')
    end as doubt
from with_history
