-- The figures of the newest back-test in this home, if there has been one.
select * from {{ source('landing', 'backtest') }}
