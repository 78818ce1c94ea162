"""Values as dialers write them: numbers and yes or no as text, empty for unknown, times in four notations.

A value of the wrong kind makes a delivery unreadable and is named by its place, never shown.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any, cast

from service.dialers import Unreadable
from service.dialers.parsing.moments import read_moment
from service.ingest.phone import is_number, read_number

_LONGEST_CODE = 200
_LONGEST_NUMBER = 64
_LONGEST_TEXT = 2_000
_NO_COUNTRY = "ZZ"
# No call lasts a year; moments can be reckoned with what is below.
_LONGEST_SECONDS = 31_622_400

_BARE_NUMBER = re.compile(r"[1-9]\d{6,14}", re.ASCII).fullmatch
_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII).fullmatch
# What a code must not begin or end with: blanks and what is invisible, as service.ingest.fields has them.
_BLANKS = "".join(map(chr, (*range(33), *range(127, 161), 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029))) + (
    "\u202f\u205f\u3000\ufeff"
)
_BROKEN = re.compile("[\x00\ud800-\udfff]").search

_FLAGS = {"true": True, "false": False, "yes": True, "no": False, "y": True, "n": False, "1": True, "0": False}


class Fields:
    """The fields of what was sent, each read as what it should be; None where it is missing, null or empty.

    Every method raises Unreadable where there is something else. path: where these fields are, for the message.
    """

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def _fault(self, name: str, kind: str) -> Unreadable:
        return Unreadable(f"{self._path}{name} is not {kind}")

    def raw(self, name: str) -> Any:
        """The value as it came."""
        return self._values.get(name)

    def text(self, name: str) -> str | None:
        """Text, or a number as it is written; without what no text can hold, and cut where it is too long to keep."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self._fault(name, "text")
        return clean(str(value))[:_LONGEST_TEXT].strip(_BLANKS) or None

    def code(self, name: str) -> str | None:
        """A name or an id of somebody's own, cut where it is too long for one."""
        text = self.text(name)
        return text and text[:_LONGEST_CODE].strip(_BLANKS)

    def identity(self, name: str) -> str:
        """What a call is told apart by: never missing, never cut."""
        text = self.text(name)
        if not text or len(text) > _LONGEST_CODE:
            raise self._fault(name, "the id of a call")
        return text

    def number(self, name: str, *, region: str | None = None, international: bool = False) -> str | None:
        """A phone number, E.164 where that can be told, else as it is.

        region: the country of one without its code. international: the vendor leaves out the + and never the code.
        """
        text = self.text(name)
        if text is None:
            return None
        if international and _BARE_NUMBER(text):
            told = read_number(f"+{text}", _NO_COUNTRY).number
            return told if is_number(told) else text
        return read_number(text[:_LONGEST_NUMBER], region or _NO_COUNTRY).number

    def seconds(self, name: str) -> float | None:
        """A duration; below zero it says nothing."""
        amount = self.amount(name)
        if amount is not None and amount > _LONGEST_SECONDS:
            raise self._fault(name, "a duration")
        return None if amount is None or amount < 0 else amount

    def amount(self, name: str) -> float | None:
        """A plain number, or one in text."""
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

    def moment(self, name: str, zone: tzinfo | None = None) -> datetime | None:
        """A moment in UTC: Unix seconds, ISO 8601 or RFC 2822; zone: of one that names none, else it is unreadable."""
        value = self._values.get(name)
        if value is None or value in ("", 0):
            return None
        moment = read_moment(value, zone) if isinstance(value, str | int | float) else None
        if moment is None:
            raise self._fault(name, "a moment")
        return moment

    def inner(self, name: str) -> "Fields":
        """The fields of an object inside; none where it is missing, or an empty list as some write an empty object."""
        value = self._values.get(name)
        if value is None or value in ("", []):
            value = {}
        if not isinstance(value, dict):
            raise self._fault(name, "an object")
        return Fields(cast("dict[str, Any]", value), f"{self._path}{name}.")

    def codes(self, name: str) -> list[str]:
        """The texts of a list inside, as codes, in order; none where it is missing."""
        value = self._values.get(name)
        if value is None or value == "":
            return []
        if not isinstance(value, list) or not all(map(_of_text, cast("list[object]", value))):
            raise self._fault(name, "a list of texts")
        inside = Fields({str(place): one for place, one in enumerate(cast("list[object]", value))}, f"{name}.")
        return [code for place in inside._values if (code := inside.code(place))]

    def each(self, name: str) -> Iterator["Fields"]:
        """The objects of a list inside, one by one."""
        value = self._values.get(name)
        if value is None or value == "":
            return
        if not isinstance(value, list):
            raise self._fault(name, "a list")
        for place, inside in enumerate(cast("list[object]", value)):
            if not isinstance(inside, dict):
                raise self._fault(f"{name}.{place}", "an object")
            yield Fields(cast("dict[str, Any]", inside), f"{self._path}{name}.{place}.")


def _of_text(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def clean(text: str) -> str:
    """Text as the ledger can hold it: no NUL, and a question mark for each half of a character."""
    return text.replace("\x00", "").encode(errors="replace").decode() if _BROKEN(text) else text
