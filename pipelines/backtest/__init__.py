"""The back-test: past reviews replayed with what was published then, and scored by the inspections that followed."""
