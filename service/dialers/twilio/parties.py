"""Who is at an end of a call, read from its address: a customer with a phone number, or an agent of the account."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from service.dialers.parsing import Fields

_SCHEME = re.compile(r"(client|sips?|whatsapp):(.*)", re.ASCII | re.IGNORECASE | re.DOTALL).fullmatch
# The phones registered with the account's own SIP domain belong to agents; every other host may be a carrier.
_OWN_DOMAIN = re.compile(r"(.+\.)?sip\.([a-z0-9-]+\.)?twilio\.com(:\d+)?", re.ASCII | re.IGNORECASE).fullmatch
_PHONE = re.compile(r"\+?\d{7,15}", re.ASCII).fullmatch
# A longer number without a plus begins with the code of its country.
_LONGEST_NATIONAL = 10
_LONGEST_CODE = 200


@dataclass(frozen=True, slots=True)
class Party:
    """One end of a call.

    number: of a customer, in E.164 if that is certain. is_agent: whether the address belongs to the account.
    agent: the agent's code; None if the address is a phone number.
    """

    number: str | None = None
    is_agent: bool = False
    agent: str | None = None


def read_party(address: str | None) -> Party:
    """The party at an address, as Twilio writes it.

    >>> read_party("client:ada").agent, read_party("sip:+14155550123@pstn.carrier.example;transport=tls").number
    ('ada', '+14155550123')
    """
    if not address:
        return Party()
    if not (written := _SCHEME(address)):
        return Party(number=_number(address))
    scheme, name = written[1].lower(), re.split("[;?]", written[2])[0].strip()
    if scheme == "client":
        return _agent(name, name)
    user, _, host = name.partition("@")
    user = unquote(user)
    if scheme == "whatsapp" or (_PHONE(user) and not _OWN_DOMAIN(host)):
        return Party(number=_number(user))
    return _agent(user, name)


def _agent(user: str, name: str) -> Party:
    return Party(is_agent=True, agent=None if is_phone_number(user) else name[:_LONGEST_CODE].strip() or None)


def is_phone_number(code: str) -> bool:
    """Whether a code is a phone number with its country, and therefore no code of an agent."""
    return code.startswith("+") and bool(_PHONE(code))


def _number(text: str) -> str | None:
    return Fields({"number": text}).number("number", international=len(text) > _LONGEST_NATIONAL)
