"""Explore Education Statistics: long files, one row per area or school, year and group."""
