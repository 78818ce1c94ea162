"""Runs report requests for pages, API and commands: opens the snapshot, caches the answer, limits the work."""
