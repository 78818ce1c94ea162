"""Ingestion: reads what clients send, checks it, and writes it to the ledger with a receipt for each item."""
