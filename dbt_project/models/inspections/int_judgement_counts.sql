-- Schools judged, and their pupils, at or above the line of each inspection series, counted by authority and file.
-- A school without a published roll is left out of the pupils and named, never counted as nobody.
select
    la_code,
    snapshot_on,
    academic_year,
    series,
    area,
    count(*) as judged_n,
    count(*) filter (where is_at_or_above) as at_or_above_n,
    count(*) filter (where is_predecessors) as of_predecessors_n,
    coalesce(sum(cast(pupils_n as bigint)), 0) as judged_pupils_n,
    coalesce(sum(cast(pupils_n as bigint)) filter (where is_at_or_above), 0) as at_or_above_pupils_n,
    count(*) filter (where is_census_roll) as census_rolls_n,
    count(*) filter (where pupils_n is null) as without_roll_n,
    string_agg(coalesce(school_name || ' ', '') || '(' || urn || ')', ', ' order by urn) filter (
        where pupils_n is null
    ) as without_roll,
    file_id
from {{ ref('int_school_judgements') }}
group by all
