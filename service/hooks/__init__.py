"""Hooks: the addresses that dialers deliver to, and the inbox of all deliveries.

A delivery is parsed (parse) and stored with its items in one transaction (store). It is parsed again after a fix
(reprocess), and removed when it is old (retention).
"""
