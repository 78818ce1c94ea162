"""What the content of a delivery tells of people: phone numbers, and words that may be the id of a call."""

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

from service.accounts.accounts import Account
from service.dialers import Delivery
from service.ingest.phone import is_number, read_number

# Digits with the usual marks between them, as people and programs write numbers.
_NUMBER = re.compile(r"\+?\d(?:[ .()/-]{0,2}\d){6,14}(?!\d)", re.ASCII).finditer
# An extension after it.
_EXTENSION = re.compile(r"[ ,;]*(?:ext(?:ension|n)?[ .:=]*|x|#|,|;) *(\d{1,7})(?!\d)", re.ASCII | re.IGNORECASE).match
# A word, and the parts of a longer one: an id may stand in an address.
_WORDS = (re.compile(r"[\w.:@+-]{6,200}", re.ASCII).findall, re.compile(r"[\w-]{6,200}", re.ASCII).findall)
# No delivery of one call has more.
_MOST = 500


def texts(delivery: Delivery) -> list[str]:
    """The query and the body as text; of a form, without its escapes."""
    body = delivery.body.decode(errors="replace")
    return [unquote_plus(delivery.url), body, unquote_plus(body)]


def numbers_in(delivery: Delivery, account: Account) -> Iterator[str]:
    """The phone numbers in a delivery, read as numbers of each country that the account calls."""
    regions = sorted({account.region, *account.regions.values()})
    spans = ((text, match) for text in texts(delivery) for match in _NUMBER(text))
    written_numbers = {written for text, match in spans for written in _with_extension(text, match)}
    for written in sorted(written_numbers)[:_MOST]:
        yield from (number for region in regions if is_number(number := read_number(written, region).number))
        line, separator, extension = written.partition(";ext=")
        # Some vendors leave out the + before the country code.
        yield "+" + re.sub(r"\D", "", line) + separator + extension


def _with_extension(text: str, match: re.Match[str]) -> Iterator[str]:
    """A number as it is written, and once more with its extension if one follows."""
    yield match[0]
    if extension := _EXTENSION(text, match.end()):
        yield f"{match[0]};ext={extension[1]}"


def words_in(delivery: Delivery) -> list[str]:
    """The words in a delivery that are long enough to be the id of a call."""
    return sorted({word for text in texts(delivery) for words in _WORDS for word in words(text)})[:_MOST]
