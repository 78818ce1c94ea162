"""Each phone number has one spelling, and a text that is no phone number stays as it was sent."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.dialers.parsing.fields import Fields
from service.ingest.phone import masked, read_number
from service.ingest.renumbering import present_spelling
from service.ingest.resources import Sender
from tests.make import NINE


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("+14155550123", "DE"),
        ("+1 (415) 555-0123", "DE"),
        ("001 415 555 0123", "DE"),
        ("tel:+1-415-555-0123", "DE"),
        ("415-555-0123", "US"),
        ("1 415 555 0123", "US"),
        ("  4155550123\t", "US"),
        ("\uff14\uff11\uff15 \uff15\uff15\uff15 \uff10\uff11\uff12\uff13", "US"),
        ("415-555-0123", "CA"),
    ],
)
def test_a_number_has_one_spelling_however_it_is_written(text: str, region: str) -> None:
    assert read_number(text, region)[:3] == ("+14155550123", "US", "San Francisco, CA")


@pytest.mark.parametrize(
    "text",
    [
        "+54 9 (011) 2345-6789",
        "+54 9 011 15 2345 6789",
        "+5490111523456789",
        "0054 9 011 2345-6789",
        "+54 9 11 15 2345 6789",
        "011 15-2345-6789",
    ],
)
def test_a_mobile_of_argentina_may_have_the_marks_of_abroad_and_of_home(text: str) -> None:
    assert read_number(text, "AR").number == "+541123456789"


@pytest.mark.parametrize(
    "text",
    ["415-555-0123 ext", "(415) 555-0123 ext.", "4155550123x", "+14155550123;ext=", "4155550123 (ext )"],
)
def test_an_extension_that_was_left_empty_is_the_line(text: str) -> None:
    assert read_number(text, "US").number == "+14155550123"


@pytest.mark.parametrize("text", ["14155550123x12", "14155550123 ext. 12", "14155550123;ext=12", "14155550123,,12"])
def test_a_dialer_that_omits_the_plus_may_tell_an_extension(text: str) -> None:
    assert Fields({"to": text}).number("to", international=True) == "+14155550123;ext=12"


@pytest.mark.parametrize("text", ["4155550123p12", "4155550123ww12", "415-555-0123,,12#", "415-555-0123 r. 12"])
def test_a_pause_or_an_abbreviation_before_digits_makes_an_extension(text: str) -> None:
    assert read_number(text, "US").number == "+14155550123;ext=12"


@pytest.mark.parametrize(
    ("text", "region", "number", "country", "zone"),
    [
        ("020 7946 0123", "GB", "+442079460123", "GB", "Europe/London"),
        ("030 123456", "DE", "+4930123456", "DE", "Europe/Berlin"),
        ("011 44 20 7946 0123", "US", "+442079460123", "GB", "Europe/London"),
        ("+977 1 4123456", "US", "+97714123456", "NP", "Asia/Katmandu"),
        ("1-800-FLOWERS", "US", "+18003569377", "US", "America/New_York"),
    ],
)
def test_country_and_zone_come_from_the_number(text: str, region: str, number: str, country: str, zone: str) -> None:
    parsed = read_number(text, region)
    assert (parsed.number, parsed.country) == (number, country)
    assert zone in (parsed.zones or ())


@pytest.mark.parametrize(
    "text",
    [
        "anonymous",
        "Restricted",
        "client:anna",
        "client:4155550123",
        "sip:anna@example.com",
        "unknown",
        "911",
        "0",
        "+",
        "+1415555012",
        "020 7946 0123",
        "*67 415 555 0123",
        "#31#",
        "555-0123",
        "12" * 30,
        "電話",
    ],
)
def test_a_text_that_is_no_number_of_the_country_stays_as_it_was_sent(text: str) -> None:
    assert read_number(f" {text} ", "US") == (text, None, None, None)


def test_a_number_without_a_country_is_still_a_number() -> None:
    assert read_number("+800 1234 5678", "US")[:2] == ("+80012345678", None)


def test_a_national_number_is_read_in_the_country_of_its_campaign() -> None:
    sender = Sender("default", "US", {"herbst": "DE", "autumn": "GB"}, NINE)
    numbers = {campaign: sender.number("020 7946 0123", campaign) for campaign in ("herbst", "autumn", "fall", None)}
    assert {campaign: number and number.country for campaign, number in numbers.items()} == {
        "herbst": "DE",
        "autumn": "GB",
        "fall": None,
        None: None,
    }
    assert sender.number(None, "autumn") is None


@given(st.text(max_size=64), st.sampled_from(["US", "GB", "DE", "NP", "ZZ"]))
def test_reading_a_normalised_text_again_changes_nothing(text: str, region: str) -> None:
    number = read_number(text, region)
    assert read_number(number.number, region) == number
    if number.country is None:
        assert number.region is None or number.number.startswith("+")


@given(st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)), st.data())
def test_a_number_reads_the_same_in_every_way_the_library_writes_it(country: str, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(phonenumbers.PhoneNumberType.values())))
    example = phonenumbers.example_number_for_type(country, kind)
    if example is None or not phonenumbers.is_possible_number(example):
        return
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    international = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    assert read_number(international, "US") == read_number(e164, "DE")
    assert read_number(e164, country).number == present_spelling(e164)


def test_a_masked_number_keeps_its_beginning_and_its_length() -> None:
    assert masked("+14155550123") == "+1415*******"
    assert masked("911") == "911"
    assert masked(None) is None
