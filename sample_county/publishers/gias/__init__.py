"""Get Information about Schools."""
