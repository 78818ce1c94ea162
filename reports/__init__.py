"""The arithmetic: metrics defined one per file, and the reports compiled from them over the ledger's frames."""
