"""Everything a report can show: metrics, dimensions, presets, and their definitions as a page."""
