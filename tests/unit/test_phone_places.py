"""Looking up a number's type once gives the same place as the library's own look-ups."""

import random

import phonenumbers
import pytest
from phonenumbers import geocoder, timezone

from service.ingest.phone import read_number
from service.ingest.renumbering import present_spelling

KINDS = [
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.VOIP,
]


def neighbours(example: phonenumbers.PhoneNumber, chance: random.Random) -> list[phonenumbers.PhoneNumber]:
    """Numbers that share a beginning with an example of the numbering plan."""
    digits = str(example.national_number)
    starts = [digits[: len(digits) - chance.randint(1, 7)] for _ in range(10)]
    ends = [
        f"{start}{chance.randrange(10 ** (len(digits) - len(start))):0{len(digits) - len(start)}d}" for start in starts
    ]
    return [phonenumbers.PhoneNumber(example.country_code, int(end)) for end in ends]


@pytest.mark.parametrize("kind", KINDS)
def test_places_equal_the_places_of_the_library_in_every_country(kind: int) -> None:
    chance = random.Random(7)
    checked = 0
    for country in sorted(phonenumbers.SUPPORTED_REGIONS):
        example = phonenumbers.example_number_for_type(country, kind)
        for neighbour in neighbours(example, chance) if example else ():
            e164 = phonenumbers.format_number(neighbour, phonenumbers.PhoneNumberFormat.E164)
            phone, number = read_number(e164, "US"), phonenumbers.parse(present_spelling(e164))
            if phone.country is None:
                continue
            checked += 1
            assert phone.region == (geocoder.description_for_number(number, "en") or None)
            zones = [zone for zone in timezone.time_zones_for_number(number) if zone != "Etc/Unknown"]
            assert phone.zones == (zones or None)
    assert checked > 300
