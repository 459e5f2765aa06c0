-- Headlines whose figure or verdict is not the one of the same year in the benchmarks, and words that contradict it.
select
    headlines.urn,
    headlines.measure,
    headlines.pupil_group,
    headlines.verdict,
    headlines.word,
    benchmarks.verdict as of_benchmarks
from {{ ref('school_headlines') }} as headlines
inner join {{ ref('benchmarks') }} as benchmarks
    on
        benchmarks.entity_type = 'school'
        and headlines.urn = benchmarks.urn
        and headlines.measure = benchmarks.measure
        and headlines.pupil_group = benchmarks.pupil_group
        and headlines.academic_year = benchmarks.academic_year
where
    headlines.verdict is distinct from benchmarks.verdict
    or headlines.value is distinct from benchmarks.value
    or (headlines.word in ('clearly_below', 'clearly_above'))
    != coalesce(benchmarks.verdict in ('below', 'above'), false)
    -- the word says where the figure stands, whichever way is better
    or (headlines.word = 'clearly_below' and headlines.value >= headlines.national_value)
    or (headlines.word = 'clearly_above' and headlines.value <= headlines.national_value)
    or headlines.is_worse != (headlines.is_exception and coalesce(benchmarks.verdict = 'below', false))
