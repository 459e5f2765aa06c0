-- What the register says for the indicators of a school's age: the day on which it opened under its own number.
with pairs as (

    select * from {{ ref('int_indicator_pairs') }} where test = 'recently_opened'

)

select
    pairs.review_year,
    pairs.urn,
    pairs.indicator,
    {{ state(
        'schools.open_on is not null',
        years_between('schools.open_on', 'schools.reference_on') ~ ' < pairs.threshold'
    ) }} as state,
    case
        when schools.open_on is null then 'the day it opened is not known from the files held'
        else printf('Opened on %s', {{ day_in_words('schools.open_on') }})
            || case when schools.predecessor_urns is not null then ', after an earlier establishment' else '' end
    end as detail,
    0 as decimals
from pairs
inner join {{ ref('int_review_schools') }} as schools on pairs.urn = schools.urn
