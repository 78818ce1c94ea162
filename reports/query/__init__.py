"""From parameters to a report: the request, its snapshot, the engine and the additions to its numbers."""
