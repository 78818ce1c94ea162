"""From parameters to a report: the request, the snapshot it reads, the engine and what is added to its numbers."""
