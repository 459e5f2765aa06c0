"""Where chance comes from: one generator per purpose, so that one table can change without reshuffling others."""

import zlib

import numpy as np


def stream(seed: int, *purpose: object) -> np.random.Generator:
    """A PCG64 generator that depends on the seed and on what it is for, never on the order of calls."""
    words = "/".join(str(part) for part in purpose)
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(words.encode())]))
