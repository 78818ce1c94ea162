"""Answering reports: the one way from a question to numbers, with its cache and its limit."""
