"""Staffing: the agents that a queue needs, for numbers of one's own or for a forecast from the calls that came in."""
