"""Phone numbers: one spelling for each, and where the called party is."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import geocoder, timezone
from phonenumbers.phonenumberutil import is_number_type_geographical

_UNKNOWN_ZONE = "Etc/Unknown"
# Somebody's address in a system of its own, such as client:4155550123, whatever digits are in it.
_ADDRESS = re.compile(r"(?!tel:)[a-z][a-z0-9+.-]*:", re.ASCII | re.IGNORECASE).match


class Number(NamedTuple):
    """A number as the ledger keeps it.

    number: E.164, or the text as given when it is not a phone number.
    country: ISO 3166 alpha-2, null when it is not a phone number or belongs to no country.
    region: what the numbering plan says of the place, in English; of the number, not of the person holding it.
    zones: the IANA zones the number may be in.
    """

    number: str
    country: str | None = None
    region: str | None = None
    zones: list[str] | None = None


# A dialer redials the same people and shows few caller IDs, and a parse costs about 45 microseconds.
@lru_cache(maxsize=262_144)
def read_number(text: str, region: str) -> Number:
    """Normalise a number as a dialer or a person wrote it; region is the country of one written without its code.

    Source: the numbering plans of the phonenumbers package. A number that is possible by its length is taken:
    validity of a range changes month by month, and the dialer did dial it.
    """
    given = text.strip()
    if _ADDRESS(given):
        return Number(given)
    try:
        parsed = phonenumbers.parse(given, region)
    except phonenumbers.NumberParseException:
        return Number(given)
    # A number without its area code is possible too, but it is a different one in every town.
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return Number(given)
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
    """The region's name and zones, as description_for_number and time_zones_for_number give them.

    Each of those finds out the type of the number by itself, at 8 microseconds; here it is found out once.
    """
    kind = phonenumbers.number_type(parsed)
    if kind == phonenumbers.PhoneNumberType.UNKNOWN:
        return "", ()
    if is_number_type_geographical(kind, parsed.country_code or 0):
        return geocoder.description_for_valid_number(parsed, "en"), timezone.time_zones_for_geographical_number(parsed)
    return geocoder.country_name_for_number(parsed, "en"), timezone.time_zones_for_number(parsed)


_E164 = re.compile(r"\+\d{7,15}", re.ASCII)


def is_number(text: str) -> bool:
    """Whether this is a phone number as the ledger keeps one, and not the text of something else.

    >>> is_number("+14155550123"), is_number("anonymous")
    (True, False)
    """
    return _E164.fullmatch(text) is not None


def common_digits(number: str) -> str:
    """The digits that every spelling of a number in E.164 has, with its country code or without.

    >>> common_digits("+14155550123")
    '4155550123'
    """
    try:
        digits = phonenumbers.national_significant_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        digits = ""
    # Fewer stand in many other numbers too.
    return digits if len(digits) >= 7 else number.removeprefix("+")


def masked(number: str | None) -> str | None:
    """A number for eyes that may not see it: its first digits and how long it is.

    >>> masked("+14155550123")
    '+1415*******'
    """
    return number and number[:5] + "*" * max(len(number) - 5, 0)
