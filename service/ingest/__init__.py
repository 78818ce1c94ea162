"""Taking facts in: what is sent, how it is checked, and how it reaches the ledger with a receipt for each item."""
