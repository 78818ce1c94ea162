"""What the service runs on: PostgreSQL, secrets, shared commits, limits on concurrent work."""
