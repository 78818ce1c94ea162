"""Taking files into the ledger: what a file's columns mean, row by row, chunk by chunk, resumable at any moment.

A file is read in chunks (reading), its cells become wire fields by the mapping (mapping, cells, times, wire), each row
is checked (vouching for what is plain, forms for the rest), staged and merged (staging, writing), and what cannot be
taken goes to a file of its own (rejects). The run as a whole is in run.
"""
