"""What moves bytes: fetching, what it remembers, the client, a connector for each route of delivery."""
