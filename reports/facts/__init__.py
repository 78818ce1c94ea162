"""The kinds of fact, one file each: what one row is, how it is resolved, and the populations that metrics count."""
