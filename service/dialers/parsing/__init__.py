"""What the files of several dialers need to read what they are sent: bodies, values, and proof of where it is from.

A delivery is read field by field (fields), made into items of the API (items), and what proves it is compared in
constant time (proof). Nothing here knows any dialer.
"""

from service.dialers.parsing.bodies import form_of, json_fields, json_of, pairs_of, query_of
from service.dialers.parsing.fields import Fields
from service.dialers.parsing.items import UNLESS_ANSWERED, item, key_of, stable, written
from service.dialers.parsing.proof import check, same, shared_secret

__all__ = [
    "UNLESS_ANSWERED",
    "Fields",
    "check",
    "form_of",
    "item",
    "json_fields",
    "json_of",
    "key_of",
    "pairs_of",
    "query_of",
    "same",
    "shared_secret",
    "stable",
    "written",
]
