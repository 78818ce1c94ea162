"""What the content of a delivery tells of people: phone numbers, and words that may be the id of a call."""

import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

from service.accounts.accounts import Account
from service.dialers import Delivery
from service.ingest.phone import is_number, read_number

# Digits with the usual marks between them, as people and programs write numbers.
_NUMBER = re.compile(r"\+?\d(?:[ .()/-]{0,2}\d){6,14}(?!\d)", re.ASCII).finditer
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
    written_numbers = {match[0] for text in texts(delivery) for match in _NUMBER(text)}
    for written in sorted(written_numbers)[:_MOST]:
        yield from (number for region in regions if is_number(number := read_number(written, region).number))
        digits = re.sub(r"\D", "", written)
        # Some vendors leave out the + before the country code.
        yield f"+{digits}"


def words_in(delivery: Delivery) -> list[str]:
    """The words in a delivery that are long enough to be the id of a call."""
    return sorted({word for text in texts(delivery) for words in _WORDS for word in words(text)})[:_MOST]
