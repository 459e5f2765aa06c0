"""Dagster's view of the flow, one module per layer: raw, landing, warehouse, publication. Run tags,
freshness checks and running dbt lie here too. No SQL and no parsing.
"""
