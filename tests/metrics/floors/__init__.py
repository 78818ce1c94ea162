"""What else happens on a generated floor: one file a kind of fact, each `rows(floor)` giving tables and their rows."""
