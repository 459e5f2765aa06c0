-- The ledger of moderation: every decision known on the as-at day, and whether it is the one that stands.
with decisions as (

    {{ local_return(
        'local_moderation',
        fields=[
            'urn', 'review_year', 'provision', 'from_rating', 'to_rating', 'decided_by', 'role', 'decided_on', 'reason',
            'supersedes'
        ],
        key=['urn', 'review_year', 'provision', 'decided_on'],
        noted_on='decided_on',
        later_dates=['supersedes'],
        integers=['review_year']
    ) }}

)

select
    file_id, line, urn, review_year, provision, from_rating, to_rating, decided_by, role, decided_on, reason,
    supersedes as supersedes_on,
    decided_on = max(decided_on) over (partition by urn, review_year, provision) as is_standing
from decisions
