"""The sample county: publishers' files for a fictional authority (998, Exampleshire), invented from a seed.

It belongs to the command line and the tests alone: nothing that builds results imports it, and it imports nothing
from the pipeline. What it plants, and what each planted case should lead to, it writes to planted-cases.json.
"""

from sample_county.write import write_sample

PLANTED_WARNINGS = (
    "The first build warns of two things that are planted: two schools whose key stage 2 result differs between two "
    "files, and a letter typed among the digits of local_eyfsp.csv."
)

__all__ = ["PLANTED_WARNINGS", "write_sample"]
