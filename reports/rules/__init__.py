"""What a call counts as: outcomes, populations, deals, touchpoints, attribution models."""
