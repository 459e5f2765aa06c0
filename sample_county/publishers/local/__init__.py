"""What the authority itself writes down: returns of results, decisions and lists."""
