"""The live driver: sends the rows of a simulated floor over HTTP, as dialers, a CRM and marketing would.

Items arrive in pieces, late, twice and out of order; some are corrected later, and some can only be rejected. Once all
of them are in, the ledger holds what the bulk driver copies, and the same reports come of it. Two details are sent that
no report counts: the address of a recording, and the note of an agent.
"""
