"""Phone numbers: one spelling for each number, and where the called party is."""

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers

from service.ingest.renumbering import former_spellings, present_spelling

_UNKNOWN_ZONE = "Etc/Unknown"
# An address in another system, such as client:4155550123, even if it contains digits.
_ADDRESS = re.compile(r"(?!tel:)[a-z][a-z0-9+.-]*:", re.ASCII | re.IGNORECASE).match
# Words for an extension that the package does not know.
_EXTENSION = re.compile(
    r"[\s,;]*(?:\b(?:poste|ramal|r\.|interno|durchwahl|dw)[\s.:]*|(?<=\d)[pw]+)(\d{1,7})#?$", re.ASCII | re.IGNORECASE
)
# A word for an extension that nobody filled in: a template writes it behind every line.
_NO_EXTENSION = re.compile(
    r"[\s,;]*[(\[]?(?:;ext=|\b(?:extension|extn|ext|x|poste|ramal|interno|int|anexo|durchwahl|dw)|(?<=\d)(?:ext|x))[\s.:#]*[)\]]?$",
    re.ASCII | re.IGNORECASE,
)
# A mobile with its 9 from abroad and its 0 or 15 from within; only the numbering plan tells where the area code ends.
_ARGENTINE_TWICE_MOBILE = re.compile(r"\+549(\d{12}|0\d{10}|0\d{12})", re.ASCII).fullmatch


class Number(NamedTuple):
    """A number as the ledger stores it.

    number: E.164 in the present spelling, with `;ext=` and an extension if there is one, or the text as sent if it is
    not a phone number.
    country: ISO 3166 alpha-2; null if it is not a phone number or belongs to no country.
    region: the place named by the numbering plan, in English; it is the number's place, not the person's.
    zones: the IANA zones the number may be in.
    """

    number: str
    country: str | None = None
    region: str | None = None
    zones: list[str] | None = None

    @property
    def line(self) -> str:
        """The number without its extension: what an account owns, and what a call shows, is a line."""
        return line_of(self.number)


# A dialer redials the same people and shows few caller IDs, and a parse costs about 45 microseconds.
@lru_cache(maxsize=262_144)
def read_number(text: str, region: str) -> Number:
    """Normalise a number as a dialer or a person wrote it; region: the country of a number without its country code.

    Source: the numbering plans of the phonenumbers package, and service/ingest/renumbering.py for plans that changed.
    Every number of a possible length is accepted: valid ranges change month by month, and the dialer did dial the
    number.
    """
    trimmed = text.strip()
    if _ADDRESS(trimmed):
        return Number(trimmed)
    try:
        parsed = _present(phonenumbers.parse(_EXTENSION.sub(r";ext=\1", _NO_EXTENSION.sub("", trimmed)), region))
    except phonenumbers.NumberParseException:
        return Number(trimmed)
        # A number without its area code is possible too, but every town has a different one.
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return Number(trimmed)
    country = phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(
        parsed.country_code or 0
    )
    from service.ingest.phone_places import place_of  # noqa: PLC0415  most commands read no number, and need no places

    region_name, zones = place_of(parsed)
    return Number(
        _e164(parsed) + (f";ext={parsed.extension}" if parsed.extension else ""),
        country if len(country) == 2 and country.isalpha() and country != "ZZ" else None,
        region_name or None,
        [zone for zone in zones if zone != _UNKNOWN_ZONE] or None,
    )


def _present(parsed: phonenumbers.PhoneNumber) -> phonenumbers.PhoneNumber:
    """The number in its present spelling, its extension included."""
    former = _e164(parsed)
    if twice := _ARGENTINE_TWICE_MOBILE(former):
        former = _e164(phonenumbers.parse(f"+54{twice[1].removeprefix('0')}"))
    present = present_spelling(former)
    if present == _e164(parsed):
        return parsed
    renumbered = phonenumbers.parse(present)
    renumbered.extension = parsed.extension
    return renumbered


def _e164(parsed: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


_E164 = re.compile(r"\+\d{7,15}(;ext=\d{1,20})?", re.ASCII)


def is_number(text: str) -> bool:
    """Whether a text is a phone number as the ledger stores it.

    >>> is_number("+14155550123"), is_number("+14155550123;ext=12"), is_number("anonymous")
    (True, True, False)
    """
    return _E164.fullmatch(text) is not None


def line_of(number: str) -> str:
    """The line of a number that may have an extension.

    >>> line_of("+14155550123;ext=12")
    '+14155550123'
    """
    return number.partition(";ext=")[0]


# Marks between a line and its extension, without what a search removes: punctuation and spaces.
_BEFORE_EXTENSION = ("", "x", "ext", "extn", "extension")


def written_forms(number: str) -> list[str]:
    """The digits and letters that tell a number in a text: one for each spelling, past ones included.

    Every spelling with or without its country code has them. A number with an extension is told only with it.

    >>> written_forms("+14155550123"), written_forms("+525512345678"), written_forms("+14155550123;ext=5")[1]
    (['4155550123'], ['5512345678'], '4155550123x5')
    """
    line, _, extension = number.partition(";ext=")
    digits = [_common_digits(spelling) for spelling in (line, *former_spellings(line))]
    if line.startswith("+54"):
        # Within Argentina a mobile has a 15 after its area code, which has two to four digits.
        digits += [f"{digits[0][:length]}15{digits[0][length:]}" for length in (2, 3, 4)]
    shortest = [form for form in dict.fromkeys(digits) if not any(other != form and other in form for other in digits)]
    return [form + mark + extension for form in shortest for mark in (_BEFORE_EXTENSION if extension else ("",))]


def ending_of(number: str) -> str:
    """The last two digits of a number, or the last one of its extension: a cheap first look at a text.

    >>> ending_of("+14155550123"), ending_of("+14155550123;ext=5")
    ('23', '5')
    """
    return number.rpartition("=")[2][-2:]


def _common_digits(number: str) -> str:
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
