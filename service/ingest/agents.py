"""Agents: a phone number is never an agent, however a dialer writes it."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from service.ingest.fields import Code
from service.ingest.phone import Number, is_number

_SCHEME = re.compile(r"(sips?|tel):", re.ASCII | re.IGNORECASE)
_BETWEEN_DIGITS = re.compile(r"[ ().-]", re.ASCII)
_INTERNATIONAL = re.compile(r"\+\d{7,15}|00[1-9]\d{9,13}|\(\d{2,5}\)\d{5,12}", re.ASCII).fullmatch
_DIGITS = re.compile(r"\d{7,15}", re.ASCII).fullmatch
# A number without its country code lacks at most these digits.
_LONGEST_COUNTRY_CODE = 3


def agent_code(code: str | None, *numbers: str | None) -> str | None:
    """An agent's code as sent, or None if it is a phone number.

    numbers: the call's own numbers in E.164. A bare row of digits may be a vendor's id of a user, so it counts as a
    number only if it is one of these, with or without the country code.

    >>> agent_code("101"), agent_code("sip:101@pbx"), agent_code("62288329016", "+14155550123")
    ('101', 'sip:101@pbx', '62288329016')
    >>> agent_code("+14155550123"), agent_code("sip:+14155550123@pbx"), agent_code("4155550123", "+14155550123")
    (None, None, None)
    """
    if code is None:
        return None
    address = code.rpartition("<")[2].partition(">")[0]
    user = re.split("[@;]", _SCHEME.sub("", address.strip(), count=1))[0]
    written = _BETWEEN_DIGITS.sub("", user)
    is_international = _INTERNATIONAL(written) or _INTERNATIONAL(user.replace(" ", "").replace("-", ""))
    return None if is_international or any(_is_same(written, number) for number in numbers) else code


def _is_same(written: str, number: str | None) -> bool:
    """Whether digits are a number, with or without its country code and the zero that stands in for it."""
    digits = written.lstrip("0")
    if number is None or not is_number(number) or not _DIGITS(digits):
        return False
    missing = len(number) - 1 - len(digits)
    return number.endswith(digits) and 0 <= missing <= _LONGEST_COUNTRY_CODE


def _not_a_number(agent: str) -> str:
    if agent_code(agent) is None:
        raise PydanticCustomError("agent_number", "must be an agent, not a phone number")
    return agent


# Where an item is about an agent, a phone number makes no sense and is refused.
AgentCode = Annotated[Code, AfterValidator(_not_a_number)]


def drop_numbers_as_agents(item: Any, *numbers: Number | None) -> None:
    """Take phone numbers out of the agents of a call: its agent, its parts, and the agents of its outcomes.

    item: a form with agent, participants, disposition and outcomes. numbers: the call's own.
    """
    own = [number and number.line for number in numbers]
    item.agent = agent_code(item.agent, *own)
    if item.participants is not None:
        item.participants = [part for part in item.participants if agent_code(part.agent, *own)] or None
    for outcome in (item.disposition, *(item.outcomes or ())):
        if outcome is not None:
            outcome.agent = agent_code(outcome.agent, *own)
