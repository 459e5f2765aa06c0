"""The sample county: publishers' files for a fictional authority (998, Exampleshire), invented from a seed.

It belongs to the command line and the tests alone: nothing that builds results imports it, and it imports nothing
from the pipeline. What it plants, and what each planted case should lead to, it writes to planted-cases.json.
"""

from sample_county.write import write_sample

__all__ = ["write_sample"]
