"""What moves bytes: fetching, its memory of past downloads, the client, a connector for each route of delivery."""
