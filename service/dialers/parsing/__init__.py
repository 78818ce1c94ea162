"""Tools that several dialers share: bodies, values, items, and proof of the sender.

A dialer reads a delivery field by field (fields), makes items of the API (items), and compares proofs in constant
time (proof). Nothing here knows any dialer.
"""

from service.dialers.parsing.bodies import form_fields, json_fields, parse_json, parse_pairs, query_fields
from service.dialers.parsing.fields import Fields
from service.dialers.parsing.items import (
    PROVISIONAL_TIME,
    attempt_dispositions,
    format_time,
    hash_key,
    item,
    link_without_query,
    permanent_recording,
    without_link_secrets,
)
from service.dialers.parsing.proof import check_proof, equal_in_constant_time, shared_secret

__all__ = [
    "PROVISIONAL_TIME",
    "Fields",
    "attempt_dispositions",
    "check_proof",
    "equal_in_constant_time",
    "form_fields",
    "format_time",
    "hash_key",
    "item",
    "json_fields",
    "link_without_query",
    "parse_json",
    "parse_pairs",
    "permanent_recording",
    "query_fields",
    "shared_secret",
    "without_link_secrets",
]
