"""Local returns: what the authority gathers itself, declared column by column in `schemas/`, checked cell by cell.

The shape of each return, its blank file, its checks and the ledger of moderation belong here. Keeping and landing
files belongs in `landing`; what the numbers mean, in dbt's seeds.
"""
