"""Importing files: from a file's columns to the ledger, row by row and chunk by chunk, resumable at any time.

A file is read in chunks (open_file, chunks). The mapping turns cells into fields (mapping, cells, times,
wire_fields). Plain rows are validated a column at a time, other rows by their forms (vectorised_validation,
row_validation). Valid rows are staged and merged (staging, write), and rejected rows go to a file of their own
(rejects). The whole import is in run.
"""
