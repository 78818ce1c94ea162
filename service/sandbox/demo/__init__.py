"""The demo: a ledger of its own, a real service on it, and the live driver of a small floor."""
