"""Who may do what: accounts, API keys, sessions, and the administrator's connection."""
