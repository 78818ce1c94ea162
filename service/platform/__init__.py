"""The platform of the service: PostgreSQL, secrets, shared commits, limits on concurrent work."""
