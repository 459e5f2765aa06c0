"""Bytes to lines for csv, workbook, zip and Parquet. No meaning: no renaming, no numbers."""
