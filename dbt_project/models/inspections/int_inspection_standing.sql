-- How the present school stands with the inspectorate, for the whole school, early years and post-16.
-- Only inspections of the school's own URN count; a school whose every known inspection belongs to a predecessor is
-- not yet inspected.
with lists as (

    -- the newest list that names the school's authority: of what came after it nobody here knows
    select schools.urn, max(files.published_on) as listed_to
    from {{ ref('int_review_schools') }} as schools
    inner join {{ ref('stg_files') }} as files on files.scope = 'england' or schools.la_code = files.la_code
    where files.role = 'inspections' and files.verdict = 'passed'
    group by schools.urn

),

schools as (

    select review.*, least(lists.listed_to, review.reference_on) as listed_to
    from {{ ref('int_review_schools') }} as review
    left join lists using (urn)

),

own as (

    select inspections.*
    from {{ ref('inspections') }} as inspections
    inner join schools using (urn)
    where not inspections.is_predecessor and inspections.inspected_on <= schools.reference_on

),

-- the day up to which a school's inspections are known; an inspection is itself known
clocks as (

    select schools.urn, greatest(max(schools.listed_to), max(own.inspected_on)) as known_to
    from schools
    left join own using (urn)
    group by schools.urn

),

latest_graded as (

    select
        *, greatest(quality_of_education, behaviour_and_attitudes, personal_development, leadership) as lowest_judgement
    from own
    where event_kind = 'graded'
    qualify row_number() over (partition by urn order by inspected_on desc, file_id, line, urn_inspected) = 1

),

latest_ungraded as (

    select
        own.urn,
        own.inspected_on,
        own.outcome_text,
        outcomes.standing as ungraded_standing,
        outcomes.has_concerns,
        outcomes.renews_strong,
        outcomes.is_improving,
        own.file_id,
        own.line
    from own
    left join {{ ref('ungraded_outcomes') }} as outcomes using (outcome_text)
    left join latest_graded using (urn)
    where
        own.event_kind = 'ungraded'
        and (latest_graded.inspected_on is null or own.inspected_on > latest_graded.inspected_on)
    qualify row_number() over (
        partition by own.urn
        order by own.inspected_on desc, own.file_id, own.line, own.urn_inspected
    ) = 1

),

-- what each area of a report card says of a provision, by the seed: nothing of it is converted into a grade
card_areas as (

    {% for area in report_card_areas() + ['safeguarding_standards'] -%}
    select urn, '{{ area }}' as area, lower(card_{{ area }}) as grade
    from latest_graded
    where card_{{ area }} is not null
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

),

cards as (

    select
        card_areas.urn,
        standings.provision,
        case
            when bool_or(standings.standing = 'below_good') then 'below_good'
            when bool_and(standings.standing = 'strong') then 'strong'
            else 'good'
        end as card_standing,
        'report card: '
        || string_agg(replace(card_areas.area, '_', ' ') || ' ' || card_areas.grade, ', ' order by card_areas.area)
            as card_in_words
    from card_areas
    inner join {{ ref('report_card_standings') }} as standings using (area, grade)
    group by card_areas.urn, standings.provision

),

provisions as (

    select urn, 'whole_school' as provision from schools
    union all
    select urn, 'early_years' as provision from schools where has_early_years and school_kind is distinct from 'nursery'
    union all
    select urn, 'post_16' as provision
    from schools
    inner join {{ ref('school_kinds') }} as kinds using (school_kind)
    where has_sixth_form and kinds.is_sixth_form_rated

),

graded as (

    select
        provisions.urn,
        provisions.provision,
        latest_graded.inspected_on,
        latest_graded.category_of_concern,
        latest_graded.overall_grade,
        latest_graded.framework,
        latest_graded.file_id,
        latest_graded.line,
        case provisions.provision
            when 'early_years' then latest_graded.early_years
            when 'post_16' then latest_graded.sixth_form
            else coalesce(latest_graded.overall_grade, latest_graded.lowest_judgement)
        end as deciding_grade,
        cards.card_standing,
        case provisions.provision
            when 'early_years' then printf('early years graded %d', latest_graded.early_years)
            when 'post_16' then printf('sixth form graded %d', latest_graded.sixth_form)
            else coalesce(
                printf('overall effectiveness %d', latest_graded.overall_grade),
                printf('no overall grade; lowest key judgement %d', latest_graded.lowest_judgement)
            )
        end as grade_in_words,
        cards.card_in_words
    from provisions
    left join latest_graded using (urn)
    left join cards on provisions.urn = cards.urn and provisions.provision = cards.provision

)

select
    graded.urn,
    graded.provision,
    graded.inspected_on as graded_on,
    graded.category_of_concern,
    graded.overall_grade,
    graded.framework,
    graded.deciding_grade,
    graded.card_standing,
    coalesce(graded.grade_in_words, graded.card_in_words) as grade_in_words,
    latest_ungraded.inspected_on as ungraded_on,
    latest_ungraded.outcome_text as ungraded_outcome,
    coalesce(latest_ungraded.has_concerns, false) as has_ungraded_concerns,
    coalesce(graded.file_id, latest_ungraded.file_id) as file_id,
    coalesce(graded.line, latest_ungraded.line) as line,
    clocks.known_to,
    {{ years_between('graded.inspected_on', 'clocks.known_to') }} as years_since_graded,
    {{ years_between('greatest(graded.inspected_on, latest_ungraded.inspected_on)', 'clocks.known_to') }}
        as years_since_any,
    case
        when graded.category_of_concern is not null then 'category'
        when
            graded.deciding_grade >= {{ policy('below_good_grade') }} or graded.card_standing = 'below_good'
            then 'below_good'
        when graded.provision = 'whole_school' and latest_ungraded.has_concerns then 'concerns'
        when (graded.deciding_grade = 1 or graded.card_standing = 'strong')
            and {{ years_between(
                "case when latest_ungraded.renews_strong then latest_ungraded.inspected_on else graded.inspected_on end",
                'clocks.known_to'
            ) }} <= {{ policy('recent_inspection_years') }} then 'strong_recent'
        when graded.deciding_grade = 1 or graded.card_standing = 'strong' then 'strong'
        when graded.deciding_grade = 2 or graded.card_standing = 'good' then 'good'
        -- never graded under its own number, but visited: the visit's own words say what still stands
        when
            graded.provision = 'whole_school'
            and graded.inspected_on is null
            and latest_ungraded.ungraded_standing = 'strong'
            and {{ years_between('latest_ungraded.inspected_on', 'clocks.known_to') }}
            <= {{ policy('recent_inspection_years') }}
            then 'strong_recent'
        when
            graded.provision = 'whole_school'
            and graded.inspected_on is null
            and latest_ungraded.ungraded_standing = 'strong'
            then 'strong'
        when
            graded.provision = 'whole_school'
            and graded.inspected_on is null
            and latest_ungraded.ungraded_standing is not null
            then 'good'
        when graded.inspected_on is not null then 'not_judged'
        else 'not_yet_inspected'
    end as inspection_standing
from graded
inner join clocks using (urn)
left join latest_ungraded using (urn)
