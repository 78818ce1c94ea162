"""Guessing how a file is written and what its columns mean, so that people map it with a few choices."""
