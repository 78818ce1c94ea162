"""The one place that opens a snapshot, runs a request, caches and limits: pages, API and commands call it."""
