"""How much of one file is read. Real publications stay far below each limit; a file beyond one is refused in one line.

Every reader of this room keeps to these numbers, so that one file can never take the memory or the time of the others.
"""

FILE_BYTES_MAX = 500_000_000  # as it lies there, or unpacked; the largest file of a real home has 16 million
CELLS_MAX = 30_000_000  # rows times columns; the whole register of England has 8 million
COLUMNS_MAX = 16_384  # as many as a spreadsheet has
FIELD_CHARACTERS_MAX = 1_000_000  # of one cell; a spreadsheet takes 32,767
# Workbooks and Parquet are read by libraries that can end the process they run in: they get one of their own.
CHILD_BYTES_MAX = 4_000_000_000
CHILD_SECONDS_MAX = 300


def megabytes(size: int) -> str:
    return f"{size // 10**6} MB"
