-- Files left out of everything downstream, each with one reason a person can act on. A strange cell is set aside alone;
-- a column of which more than one cell in a hundred is strange (and more than one of ten or more: a short table has its
-- slip too) has another meaning than the seeds say, and so its file.
with failed_checks as (

    select file_id, 'failed its checks: ' || verdict_reason as reason
    from {{ ref('stg_files') }}
    where has_failed_checks

),

strange_columns as (

    select file_id, column_name
    from {{ ref('int_numbers') }}
    group by file_id, column_name
    having
        count(*) filter (where status = 'unrecognised')
        > greatest(floor(count(*) * {{ policy('unrecognised_most_pct') }} / 100), (count(*) >= 10)::int)

),

unrecognised as (

    select
        file_id,
        printf(
            'line %d, column %s holds %s, which is neither a number nor a published code (%d such cells)',
            min(line),
            arg_min(source_column, (line, length(source_column), source_column)),
            {{ quoted('arg_min(raw_value, (line, length(source_column), source_column))') }},
            count(*)
        ) as reason
    from {{ ref('int_numbers') }}
    inner join strange_columns using (file_id, column_name)
    where status = 'unrecognised'
    group by file_id, column_name
    -- of several columns the one with the first such cell
    qualify row_number() over (
        partition by file_id order by min(line), length(min(source_column)), min(source_column)
    ) = 1

)

select * from failed_checks
union all
select * from unrecognised
