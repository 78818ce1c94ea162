"""What inbound calls count as: their outcomes, and which rows the kinds of fact about callers read."""
