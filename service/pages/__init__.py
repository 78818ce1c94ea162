"""Pages for people who would rather look than read JSON: the same reports, over the same path, without scripts."""
