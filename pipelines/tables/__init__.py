"""Bytes to lines for csv, workbook and Parquet, and which lines may stand. No meaning: no renaming, no numbers."""
