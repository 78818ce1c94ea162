"""The inbox: whatever dialers deliver, kept as it came, with what was taken from it or why nothing could be.

A delivery is read (reading), stored with what it says in one transaction (taking), read anew after a fix (replaying),
and removed when it is old (keeping).
"""
