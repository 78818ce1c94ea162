"""Where rows are: the ledger in PostgreSQL, the lake, and what keeps the lake up to date."""
