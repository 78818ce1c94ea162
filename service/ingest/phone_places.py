"""Where a phone number is. The names of all places take a third of a second to import."""

from collections.abc import Iterable

import phonenumbers
from phonenumbers import geocoder, timezone
from phonenumbers.phonenumberutil import is_number_type_geographical


def place_of(parsed: phonenumbers.PhoneNumber) -> tuple[str, Iterable[str]]:
    """The region's name and zones, as description_for_number and time_zones_for_number return them.

    Each of those looks up the type of the number again, at 8 microseconds; here one look-up is enough.
    """
    kind = phonenumbers.number_type(parsed)
    if kind == phonenumbers.PhoneNumberType.UNKNOWN:
        return "", ()
    if is_number_type_geographical(kind, parsed.country_code or 0):
        return geocoder.description_for_valid_number(parsed, "en"), timezone.time_zones_for_geographical_number(parsed)
    return geocoder.country_name_for_number(parsed, "en"), timezone.time_zones_for_number(parsed)
