"""What the document says of a text is exactly what the service takes."""

import re
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from service.ingest.fields import Code, Country, Currency, PhoneNumber, PlainValue, SentCode, Text
from service.ingest.quantities import Cost, Money, Rate, Seconds

CONTEXT = {"now": datetime(2026, 3, 2, tzinfo=UTC)}
# Every kind of space and control character, where it matters: at the ends and inside.
odd = st.sampled_from(["\x00", "\n", "\x1c", "\x1f", " ", "\x7f", "\x85", "\xa0", "\u1680", "\u200b", "\u2028", "\u3000", "\ufeff"])  # fmt: skip # noqa: E501
texts = st.one_of(st.text(max_size=5), st.lists(st.one_of(odd, st.sampled_from("aA1.-+")), max_size=4).map("".join))
amounts = st.from_regex(re.compile(r"-?[0-9]{0,17}(\.[0-9]{0,5})?\n?", re.ASCII), fullmatch=True)
numbers = st.one_of(st.integers(-(10**17), 10**17), st.decimals(-(10**11), 10**11, places=4).map(float))


@pytest.mark.parametrize(
    "kind", [Code, SentCode, Text, Country, Currency, PhoneNumber, PlainValue, Money, Cost, Rate, Seconds], ids=str
)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(value=st.one_of(texts, amounts, numbers, st.sampled_from(["USD", "usd", "US", "x" * 64, "x" * 201, None, True])))
@example(value="a\n")
@example(value="USD\n")
@example(value="")
@example(value="1000000000000000.0")
@example(value="1000000000000000.1")
@example(value=10**15 + 1)
@example(value="0.0")
def test_a_value_is_taken_if_and_only_if_the_document_allows_it(kind: Any, value: Any) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    allowed = jsonschema_rs.Draft202012Validator(adapter.json_schema()).is_valid(value)
    try:
        adapter.validate_python(value, context=CONTEXT)
        refusal = None
    except ValidationError as error:
        refusal = error.errors()[0]["type"]
    # Only the scale of a number cannot be said in a schema without trusting in binary fractions.
    assert allowed == (refusal is None) or refusal in {"amount_scale", "rate_scale"}, value
