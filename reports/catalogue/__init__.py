"""The contents of reports: metrics, dimensions, presets, and their definitions as a page."""
