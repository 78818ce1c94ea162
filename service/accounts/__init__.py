"""Access control: accounts, API keys, sessions, and the administrator's connection."""
