"""What happens on a simulated sales floor, as rows of the ledger's tables."""
