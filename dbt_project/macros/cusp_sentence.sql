{#
The nearest thing that would change a draft's colour, from its cusp (rayg_drafts): one pupil more or fewer, or a score a
little higher or lower. Null without a cusp.
#}
{% macro cusp_sentence() -%}
case
    when cusps.cusp_with is null then null
    when moved_measures.interval_method = 'wilson' then
        case split_part(cusps.cusp_case, ' ', 3) when 'up' then 'One more ' else 'One fewer ' end
        || coalesce('of the ' || moved_groups.title, 'pupil')
        || ' would make this ' || cusp_ratings.plain_words || '.'
    else
        moved_measures.title
        || case split_part(cusps.cusp_case, ' ', 3) when 'up' then ' a little higher' else ' a little lower' end
        || ' would make this ' || cusp_ratings.plain_words || '.'
end
{%- endmacro %}
