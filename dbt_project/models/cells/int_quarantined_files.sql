-- Files left out of everything downstream, each with one reason a person can act on.
with failed_checks as (

    select file_id, 'failed its checks: ' || verdict_reason as reason
    from {{ ref('stg_files') }}
    where has_failed_checks

),

unrecognised as (

    select
        file_id,
        printf(
            'line %d, column %s holds "%s", which is neither a number nor a published code (%d such cells)',
            min(line),
            arg_min(source_column, (line, length(source_column), source_column)),
            arg_min(raw_value, (line, length(source_column), source_column)),
            count(*)
        ) as reason
    from {{ ref('int_numbers') }}
    where status = 'unrecognised'
    group by file_id

)

select * from failed_checks
union all
select * from unrecognised
