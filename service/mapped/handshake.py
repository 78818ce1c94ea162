"""Handshakes: a vendor tests an address before it delivers, and expects the text of its test back.

An answer never carries the secret. An answer made with the secret could be the signature of a delivery, so it is made
only for plain words, which no signed delivery is.
"""

import json
import re

from service.dialers import Delivery, Reply, Unreadable
from service.mapped.bodies import WHOLE, Body, read_root, text_of_value
from service.mapped.options import BodyOptions, HandshakeOptions
from service.mapped.proof import sign

_WORD = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII).fullmatch
_TEXT = re.compile(r"[ -~]{1,1000}", re.ASCII).fullmatch
# A browser must not take the text of a stranger for a page.
_PLAIN = {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}
_JSON = {"content-type": "application/json", "x-content-type-options": "nosniff"}


def answer_handshake(
    delivery: Delivery, secret: str | None, body_options: BodyOptions, options: HandshakeOptions
) -> Reply | None:
    """The answer to a test of the address; None for any other delivery."""
    if not options.challenge:
        return None
    try:
        body = read_root(delivery, body_options).body([WHOLE])
    except Unreadable:
        return None
    challenge = _challenge(body, options)
    if challenge is None or (options.signs and not (secret and _WORD(challenge))):
        return None
    if options.answer is None:
        return Reply(text=challenge, headers=_PLAIN)
    values = {"challenge": challenge}
    if options.signs and secret:
        values["hmac"] = sign(secret.encode(), challenge.encode(), options.algorithm, options.encoding)
    return Reply(text=json.dumps({name: values[kind] for name, kind in options.answer.items()}), headers=_JSON)


def _challenge(body: Body, options: HandshakeOptions) -> str | None:
    """The text to send back, if the delivery is a test."""
    if len(body.calls) != 1:
        return None
    root = body.calls[0]
    for column, words in options.where.items():
        if text_of_value(body.value(root, column)) not in words:
            return None
    challenge = text_of_value(body.value(root, options.challenge))
    return challenge if challenge and _TEXT(challenge) else None
