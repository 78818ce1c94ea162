"""The permissions of a key, by name. The command offers them, so this module imports nothing heavy."""

SCOPES = ("ingest", "configure", "reports", "rows", "phone-numbers", "admin")
USUAL_SCOPES = ("ingest", "configure", "reports", "rows")
