"""What is published where: the source catalogue. Parsing of files belongs in `landing`."""
