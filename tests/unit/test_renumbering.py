"""A number that changed with its plan stays one person, and an extension makes another person of the line."""

import pytest

from service.ingest.phone import is_number, read_number, written_forms
from service.ingest.renumbering import RENUMBERINGS, former_spellings, present_spelling


@pytest.mark.parametrize(
    ("number", "spellings"),
    [
        ("+523312345678", ["+5213312345678", "+52 1 33 1234 5678", "044 33 1234 5678", "045 33 1234 5678"]),
        ("+523312345678", ["+52 (1) 33 1234-5678", "0052 1 33 1234 5678", "33 1234 5678", "01 33 1234 5678"]),
        ("+541145678901", ["+5491145678901", "+54 9 11 4567-8901", "011 15 4567-8901", "+54 9 11 15 4567 8901"]),
        ("+543514567890", ["+54 9 351 456-7890", "0351 15 456-7890", "+54 351 456 7890"]),
        ("+5521987650123", ["+552187650123", "(21) 8765-0123", "021 98765-0123", "+55 21 98765 0123"]),
        ("+5571992345678", ["+557192345678"]),
        ("+5511971234567", ["+551171234567"]),
        ("+2250748123456", ["+22548123456", "48 12 34 56", "07 48 12 34 56"]),
        ("+2250505123456", ["+22505123456", "+225 05 12 34 56"]),
        ("+2250142123456", ["+22542123456"]),
        ("+2252720212345", ["+22520212345"]),
        ("+2252520012345", ["+22520012345"]),
        ("+2290195123456", ["+22995123456", "95 12 34 56"]),
        ("+84987654321", ["+84 98 765 4321", "098 765 4321"]),
        ("+84387654321", ["+841687654321", "0168 765 4321", "038 765 4321"]),
        ("+84707654321", ["+841207654321"]),
        ("+24166123456", ["+24106123456", "+2416123456", "06 12 34 56", "066 12 34 56"]),
        ("+576045678901", ["+5745678901"]),
        ("+237699123456", ["+23799123456"]),
        ("+390648901234", ["06 4890 1234", "+39 06 4890 1234"]),
    ],
)
def test_every_spelling_of_a_number_is_one_number(number: str, spellings: list[str]) -> None:
    countries = {"52": "MX", "54": "AR", "55": "BR", "225": "CI", "229": "BJ", "84": "VN", "241": "GA", "57": "CO"}
    countries |= {"237": "CM", "39": "IT"}
    country = next(country for code, country in countries.items() if number.startswith(f"+{code}"))
    for spelling in spellings:
        parsed = read_number(spelling, country)
        assert (parsed.number, parsed.country) == (number, country), spelling


@pytest.mark.parametrize(
    "number", ["+551132345678", "+551178123456", "+14155550123", "+390648901234", "+393123456789", "+842838123456"]
)
def test_numbers_that_never_changed_stay(number: str) -> None:
    assert read_number(number, "US").number == number


def test_every_rule_leads_from_each_former_spelling_to_one_that_stays() -> None:
    for rule in RENUMBERINGS:
        present = present_spelling(example(rule.former))
        assert present != example(rule.former)
        assert present_spelling(present) == present
        assert example(rule.former) in former_spellings(present)


def example(pattern: str) -> str:
    """A text that a rule's pattern matches: it has plain digits, one class each, and repetitions of digits."""
    text = pattern.replace(r"\+", "+").replace("(?:[689]\\d|7[1-6])", "87").replace("()", "")
    text = text.replace("[1-9][1-9]", "21").replace("(", "").replace(")", "")
    for group in ("[04-9]", "[0-3]", "[4-6]", "[7-9]", "[23]", "[1-79]", "[124-8]", "[579]"):
        text = text.replace(group, group[1])
    while "\\d" in text:
        before, _, after = text.partition("\\d")
        count, after = (
            (int(after[1 : after.index("}")]), after[after.index("}") + 1 :]) if after[:1] == "{" else (1, after)
        )
        text = before + "1234567890"[:count] + after
    return text


@pytest.mark.parametrize(
    "text",
    [
        "+1 212 555 0188 ext. 12",
        "+12125550188;ext=12",
        "tel:+12125550188;ext=12",
        "(212) 555-0188 x12",
        "212-555-0188 extension 12",
        "+12125550188,12",
        "212 555 0188 #12",
        "212 555 0188 poste 12",
    ],
)
def test_an_extension_is_a_part_of_the_number(text: str) -> None:
    number = read_number(text, "US")
    assert (number.number, number.line) == ("+12125550188;ext=12", "+12125550188")
    assert is_number(number.number)
    assert read_number(number.number, "DE") == number


def test_an_extension_stays_with_a_number_that_changed() -> None:
    assert read_number("+52 1 33 1234 5678 x7", "US").number == "+523312345678;ext=7"


def test_a_text_tells_a_number_in_any_of_its_spellings() -> None:
    assert written_forms("+84387654321") == ["387654321", "1687654321"]
    assert written_forms("+541145678901") == ["1145678901", "111545678901", "114155678901", "114515678901"]
