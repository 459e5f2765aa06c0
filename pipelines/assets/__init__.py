"""Dagster's view of the flow, one module per layer: raw, landing, warehouse, publication. No SQL
and no parsing.
"""
