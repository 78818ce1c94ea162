"""The demonstration: a ledger of its own, a real service on it, and a simulated floor that talks to it over HTTP."""
