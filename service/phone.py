"""Phone numbers: one spelling for each, and where the called party is."""

from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import geocoder, timezone

_UNKNOWN_ZONE = "Etc/Unknown"


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
    try:
        parsed = phonenumbers.parse(given, region)
    except phonenumbers.NumberParseException:
        return Number(given)
    if not phonenumbers.is_possible_number(parsed):
        return Number(given)
    country = phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(
        parsed.country_code or 0
    )
    return Number(
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),
        country if len(country) == 2 and country.isalpha() and country != "ZZ" else None,
        geocoder.description_for_number(parsed, "en") or None,
        [zone for zone in timezone.time_zones_for_number(parsed) if zone != _UNKNOWN_ZONE] or None,
    )


def masked(number: str | None) -> str | None:
    """A number for eyes that may not see it: its first digits and how long it is.

    >>> masked("+14155550123")
    '+1415*******'
    """
    return number and number[:5] + "*" * max(len(number) - 5, 0)
