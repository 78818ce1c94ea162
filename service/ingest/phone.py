"""Phone numbers: one spelling for each number, and where the called party is."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import geocoder, timezone
from phonenumbers.phonenumberutil import is_number_type_geographical

_UNKNOWN_ZONE = "Etc/Unknown"
# An address in another system, such as client:4155550123, even if it contains digits.
_ADDRESS = re.compile(r"(?!tel:)[a-z][a-z0-9+.-]*:", re.ASCII | re.IGNORECASE).match


class Number(NamedTuple):
    """A number as the ledger stores it.

    number: E.164, or the text as sent if it is not a phone number.
    country: ISO 3166 alpha-2; null if it is not a phone number or belongs to no country.
    region: the place named by the numbering plan, in English; it is the number's place, not the person's.
    zones: the IANA zones the number may be in.
    """

    number: str
    country: str | None = None
    region: str | None = None
    zones: list[str] | None = None


# A dialer redials the same people and shows few caller IDs, and a parse costs about 45 microseconds.
@lru_cache(maxsize=262_144)
def read_number(text: str, region: str) -> Number:
    """Normalise a number as a dialer or a person wrote it; region: the country of a number without its country code.

    Source: the numbering plans of the phonenumbers package. Every number of a possible length is accepted: valid
    ranges change month by month, and the dialer did dial the number.
    """
    trimmed = text.strip()
    if _ADDRESS(trimmed):
        return Number(trimmed)
    try:
        parsed = phonenumbers.parse(trimmed, region)
    except phonenumbers.NumberParseException:
        return Number(trimmed)
        # A number without its area code is possible too, but every town has a different one.
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return Number(trimmed)
    country = phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(
        parsed.country_code or 0
    )
    region_name, zones = _place(parsed)
    return Number(
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),
        country if len(country) == 2 and country.isalpha() and country != "ZZ" else None,
        region_name or None,
        [zone for zone in zones if zone != _UNKNOWN_ZONE] or None,
    )


def _place(parsed: phonenumbers.PhoneNumber) -> tuple[str, Iterable[str]]:
    """The region's name and zones, as description_for_number and time_zones_for_number return them.

    Each of those looks up the type of the number again, at 8 microseconds; here one look-up is enough.
    """
    kind = phonenumbers.number_type(parsed)
    if kind == phonenumbers.PhoneNumberType.UNKNOWN:
        return "", ()
    if is_number_type_geographical(kind, parsed.country_code or 0):
        return geocoder.description_for_valid_number(parsed, "en"), timezone.time_zones_for_geographical_number(parsed)
    return geocoder.country_name_for_number(parsed, "en"), timezone.time_zones_for_number(parsed)


_E164 = re.compile(r"\+\d{7,15}", re.ASCII)


def is_number(text: str) -> bool:
    """Whether a text is a phone number as the ledger stores it.

    >>> is_number("+14155550123"), is_number("anonymous")
    (True, False)
    """
    return _E164.fullmatch(text) is not None


def common_digits(number: str) -> str:
    """The digits that every spelling of an E.164 number has, with or without its country code.

    >>> common_digits("+14155550123")
    '4155550123'
    """
    try:
        digits = phonenumbers.national_significant_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        digits = ""
    # Shorter digit runs occur in many other numbers too.
    return digits if len(digits) >= 7 else number.removeprefix("+")


def masked(number: str | None) -> str | None:
    """A number for readers who may not see it: its first digits, and its length.

    >>> masked("+14155550123")
    '+1415*******'
    """
    return number and number[:5] + "*" * max(len(number) - 5, 0)
