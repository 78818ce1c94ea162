"""The metrics, one per file: its docstring is what it means, its METRIC is how it is counted."""
