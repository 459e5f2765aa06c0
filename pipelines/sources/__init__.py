"""What is published where: the source catalogue. Fetching belongs in `fetching`, parsing in `landing`."""
