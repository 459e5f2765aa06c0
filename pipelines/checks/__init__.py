"""Great Expectations over the landed files: a verdict per file. Thresholds live in `expectations/`."""
