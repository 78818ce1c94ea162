"""The language of mappings: a TOML file says which column of a file fills which field, and how values are written."""
