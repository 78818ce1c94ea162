"""Numbers that changed while their owners stayed the same: one spelling for a person, before and after a new plan.

Each rule turns a former spelling into the present one. The rules also stand in the ledger, as number_plans(): a person
erased under a former number must stay erased. A new rule therefore needs a migration; a test compares the two.

Left alone, because one text would be two people: Vietnam's landline codes of 2017, which new mobile numbers use again,
and Brazil's trunked radio (70, 77, 78, 79), which never gained a digit. Italy keeps its leading zero.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple


class Renumbering(NamedTuple):
    """One rule: +code area old rest became +code area new rest.

    country: ISO 3166 alpha-2. area, rest: regular expressions of the digits that stay. old, new: digits, perhaps none.
    since: the day from which the new spelling was valid.
    """

    country: str
    code: str
    area: str
    old: str
    rest: str
    new: str
    since: date

    @property
    def former(self) -> str:
        """The regular expression of a former spelling."""
        return rf"\+{self.code}({self.area}){self.old}({self.rest})"

    @property
    def present(self) -> str:
        """The regular expression of a present spelling."""
        return rf"\+{self.code}({self.area}){self.new}({self.rest})"


def _mexico() -> Iterator[Renumbering]:
    # Instituto Federal de Telecomunicaciones: ten digits everywhere; the 1 for mobiles and all dialing prefixes ended.
    for prefix in ("1", "01", "044", "045"):
        yield Renumbering("MX", "52", "", prefix, r"\d{10}", "", date(2019, 8, 3))


def _argentina() -> Iterator[Renumbering]:
    # The 9 only says that the call comes from abroad and goes to a mobile. No two numbers differ by it alone.
    yield Renumbering("AR", "54", "", "9", r"\d{10}", "", date(1999, 1, 24))


def _brazil() -> Iterator[Renumbering]:
    # Anatel, resolution 553/2010: mobiles gained a 9, area by area; the last areas on this day.
    yield Renumbering("BR", "55", "[1-9][1-9]", "", r"(?:[689]\d|7[1-6])\d{6}", "9", date(2016, 11, 6))


def _ivory_coast() -> Iterator[Renumbering]:
    # ARTCI: the operator's prefix before the eight digits: the second digit of a mobile tells it, the third of a line.
    for digits, prefix in (("[0-3]", "01"), ("[4-6]", "05"), ("[7-9]", "07")):
        yield Renumbering("CI", "225", "", "", rf"[04-9]{digits}\d{{6}}", prefix, date(2021, 1, 31))
    for digits, prefix in (("0", "25"), ("8", "21"), ("[1-79]", "27")):
        yield Renumbering("CI", "225", "", "", rf"[23]\d{digits}\d{{5}}", prefix, date(2021, 1, 31))


def _benin() -> Iterator[Renumbering]:
    # ARCEP Bénin: 01 before all numbers.
    yield Renumbering("BJ", "229", "", "", r"\d{8}", "01", date(2024, 11, 30))


_VIETNAM = {
    **{f"16{digit}": f"3{digit}" for digit in range(2, 10)},
    "120": "70",
    "121": "79",
    "122": "77",
    "126": "76",
    "128": "78",
    "123": "83",
    "124": "84",
    "125": "85",
    "127": "81",
    "129": "82",
    "186": "56",
    "188": "58",
    "199": "59",
}


def _vietnam() -> Iterator[Renumbering]:
    # Ministry of Information and Communications, plan 798: mobiles of eleven digits became ten, their 0 included.
    for old, new in _VIETNAM.items():
        yield Renumbering("VN", "84", "", old, r"\d{7}", new, date(2018, 9, 15))


def _gabon() -> Iterator[Renumbering]:
    # ARCEP Gabon: one digit before the operator's; the 0 is no longer dialed from abroad. Some wrote it, some did not.
    for old, new in {"1": "11", "2": "62", "5": "65", "6": "66", "4": "74", "7": "77"}.items():
        yield Renumbering("GA", "241", "", f"0{old}", r"\d{6}", new, date(2019, 11, 15))
        yield Renumbering("GA", "241", "", old, r"\d{6}", new, date(2019, 11, 15))


def _colombia() -> Iterator[Renumbering]:
    # CRC, resolution 5826/2019: 60 before the area code of every landline.
    yield Renumbering("CO", "57", "", "", r"[124-8]\d{7}", "60", date(2021, 9, 1))


def _cameroon() -> Iterator[Renumbering]:
    # ART: 6 before mobiles, 2 before landlines.
    yield Renumbering("CM", "237", "", "", r"[579]\d{7}", "6", date(2014, 11, 21))
    yield Renumbering("CM", "237", "", "", r"[23]\d{7}", "2", date(2014, 11, 21))


RENUMBERINGS = (
    *_mexico(),
    *_argentina(),
    *_brazil(),
    *_ivory_coast(),
    *_benin(),
    *_vietnam(),
    *_gabon(),
    *_colombia(),
    *_cameroon(),
)

_CODES = tuple({f"+{rule.code}" for rule in RENUMBERINGS})
# The pattern of each rule, and what stands between its area and the rest in the other spelling.
_FORMER = [(re.compile(rule.former, re.ASCII), rule.code, rule.new) for rule in RENUMBERINGS]
_PRESENT = [(re.compile(rule.present, re.ASCII), rule.code, rule.old) for rule in RENUMBERINGS]


def present_spelling(number: str) -> str:
    """The number as it is dialed today; number: a plus sign and digits.

    >>> present_spelling("+5215512345678"), present_spelling("+551187654321"), present_spelling("+14155550123")
    ('+525512345678', '+5511987654321', '+14155550123')
    """
    return next(_respelled(number, _FORMER), number)


def former_spellings(number: str) -> tuple[str, ...]:
    """Other spellings the number had.

    >>> former_spellings("+84321234567"), former_spellings("+14155550123")
    (('+841621234567',), ())
    """
    return tuple(_respelled(number, _PRESENT))


def _respelled(number: str, rules: list[tuple[re.Pattern[str], str, str]]) -> Iterator[str]:
    if number.startswith(_CODES):
        for pattern, code, digits in rules:
            if match := pattern.fullmatch(number):
                yield f"+{code}{match[1]}{digits}{match[2]}"
