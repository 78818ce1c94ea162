"""Hooks: the addresses dialers deliver to, and the inbox of everything they delivered.

A delivery is parsed (parse), stored in one transaction with what it says (store), parsed again after a fix
(reprocess), and removed when it is old (retention).
"""
