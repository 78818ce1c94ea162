"""Values as dialers write them: numbers and flags as text, empty for unknown, times in four notations.

A value of the wrong kind makes a delivery unreadable. The message names its place and never shows the value.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any, cast

from service.dialers import Unreadable
from service.dialers.parsing.times import parse_time
from service.ingest.phone import is_number, read_number

_LONGEST_CODE = 200
_LONGEST_NUMBER = 64
_LONGEST_TEXT = 2_000
_NO_COUNTRY = "ZZ"
# No call lasts a year, and shorter durations can be added to any time.
_LONGEST_SECONDS = 31_622_400

# A number without its + and perhaps with an extension, of which the package knows the words.
_BARE_NUMBER = re.compile(r"[1-9]\d{6,14}(?:[ ,;x#(e].*)?", re.ASCII | re.IGNORECASE).fullmatch
_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII).fullmatch
# Blanks and invisible characters, as in service.ingest.fields: a code must not begin or end with them.
_BLANKS = "".join(map(chr, (*range(33), *range(127, 161), 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029))) + (
    "\u202f\u205f\u3000\ufeff"
)
_BROKEN = re.compile("[\x00\ud800-\udfff]").search

_FLAGS = {"true": True, "false": False, "yes": True, "no": False, "y": True, "n": False, "1": True, "0": False}


class Fields:
    """The fields of a delivery, each read as the kind it should be; None if it is missing, null or empty.

    Every method raises Unreadable for another kind of value. path: where these fields are, for the message.
    """

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def _fault(self, name: str, kind: str) -> Unreadable:
        return Unreadable(f"{self._path}{name} is not {kind}")

    def raw(self, name: str) -> Any:
        """The value as it was sent."""
        return self._values.get(name)

    def text(self, name: str) -> str | None:
        """A text, or a number as written; cut if it is too long, and without characters that no text can store."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self._fault(name, "text")
        return clean(str(value))[:_LONGEST_TEXT].strip(_BLANKS) or None

    def code(self, name: str) -> str | None:
        """A name or an id, cut if it is too long."""
        text = self.text(name)
        return text and text[:_LONGEST_CODE].strip(_BLANKS)

    def identity(self, name: str) -> str:
        """The id of a call: never missing, never cut."""
        text = self.text(name)
        if not text or len(text) > _LONGEST_CODE:
            raise self._fault(name, "the id of a call")
        return text

    def number(self, name: str, *, region: str | None = None, international: bool = False) -> str | None:
        """A phone number: in E.164 if that is certain, otherwise as sent.

        region: the country of a number without its country code. international: the vendor omits the + but never the
        code.
        """
        text = self.text(name)
        if text is None:
            return None
        if international and _BARE_NUMBER(text):
            e164 = read_number(f"+{text[:_LONGEST_NUMBER]}", _NO_COUNTRY).number
            return e164 if is_number(e164) else text
        return read_number(text[:_LONGEST_NUMBER], region or _NO_COUNTRY).number

    def seconds(self, name: str) -> float | None:
        """A duration; a negative one means unknown."""
        amount = self.amount(name)
        if amount is not None and amount > _LONGEST_SECONDS:
            raise self._fault(name, "a duration")
        return None if amount is None or amount < 0 else amount

    def amount(self, name: str) -> float | None:
        """A number, or a text with a number."""
        value = self._values.get(name)
        if isinstance(value, str):
            value = value.strip(_BLANKS)
            if not value:
                return None
            value = (float(value) if "." in value else int(value)) if _AMOUNT(value) else value
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 10**15:
            raise self._fault(name, "a number")
        return value

    def flag(self, name: str) -> bool | None:
        """Yes or no, in any of the usual words."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        flag = _FLAGS.get(str(value).strip().lower()) if isinstance(value, bool | int | str) else None
        if flag is None:
            raise self._fault(name, "yes or no")
        return flag

    def time(self, name: str, zone: tzinfo | None = None) -> datetime | None:
        """A time in UTC, from Unix seconds, ISO 8601 or RFC 2822.

        zone: for times without a zone; without it such times are unreadable.
        """
        value = self._values.get(name)
        if value is None or value in ("", 0):
            return None
        time = parse_time(value, zone) if isinstance(value, str | int | float) else None
        if time is None:
            raise self._fault(name, "a time")
        return time

    def nested(self, name: str) -> "Fields":
        """The fields of a nested object; empty if it is missing, or an empty list, which some vendors send instead."""
        value = self._values.get(name)
        if value is None or value in ("", []):
            value = {}
        if not isinstance(value, dict):
            raise self._fault(name, "an object")
        return Fields(cast("dict[str, Any]", value), f"{self._path}{name}.")

    def codes(self, name: str) -> list[str]:
        """The texts of a nested list, as codes, in order; empty if it is missing."""
        value = self._values.get(name)
        if value is None or value == "":
            return []
        if not isinstance(value, list) or not all(map(_is_text, cast("list[object]", value))):
            raise self._fault(name, "a list of texts")
        inside = Fields({str(place): text for place, text in enumerate(cast("list[object]", value))}, f"{name}.")
        return [code for place in inside._values if (code := inside.code(place))]

    def objects(self, name: str) -> Iterator["Fields"]:
        """The objects of a nested list, in order."""
        value = self._values.get(name)
        if value is None or value == "":
            return
        if not isinstance(value, list):
            raise self._fault(name, "a list")
        for place, inside in enumerate(cast("list[object]", value)):
            if not isinstance(inside, dict):
                raise self._fault(f"{name}.{place}", "an object")
            yield Fields(cast("dict[str, Any]", inside), f"{self._path}{name}.{place}.")


def _is_text(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def clean(text: str) -> str:
    """Text as the ledger can store it: no NUL, and a question mark for each half of a character."""
    return text.replace("\x00", "").encode(errors="replace").decode() if _BROKEN(text) else text
