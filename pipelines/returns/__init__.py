"""Local returns: what the authority gathers itself, declared column by column in `schemas/`, checked cell by cell.

The shape of each return, its blank file, its checks and the ledger of moderation belong here. `landing` keeps and lands
the files; dbt's seeds say what the numbers mean.
"""
