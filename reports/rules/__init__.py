"""The rules that resolve rows: call outcomes, populations, deals, touchpoints, attribution models."""
