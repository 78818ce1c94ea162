"""Which codes are agents, and which are phone numbers that a dialer put in their place."""

import pytest

from service.ingest.agents import agent_code

OURS, THEIRS = "+12125550100", "+442079460123"

NUMBERS = [
    *("+14155550199", "+1 (415) 555-0199", "+1.415.555.0199", "004915112345678", "00 44 20 7946 0199"),
    *("sip:+14155550199", "SIP:+14155550199@pbx.example:5060;user=phone", "sips:+14155550199@x", "tel:+1-415-555-0199"),
    *("+14155550199@pbx", '"Ada" <sip:+14155550199@pbx>', "(415) 555-0199", "(020) 7946 0199"),
    # The call's own numbers, however they are written.
    *("2125550100", "12125550100", "212-555-0100", "02079460123", "442079460123", "2079460123", "sip:2125550100@pbx"),
]
AGENTS = [
    *("ada", "101", "1001", "sip:101@pbx", "sip:ada@pbx", "PJSIP/101-0000002a", "ada@example.com", "+101", "agent 7"),
    *("62288329016", "4155550199", "88412345", "0012345", "00123456789", "0042", "2125550101", "555-0100", "+ada"),
    *("1234567890123456789", "550e8400-e29b-41d4-a716-446655440000", "#7", "<ada>"),
]


@pytest.mark.parametrize("code", NUMBERS)
def test_a_phone_number_is_no_agent(code: str) -> None:
    assert agent_code(code, OURS, THEIRS) is None


@pytest.mark.parametrize("code", AGENTS)
def test_a_code_that_is_no_number_stays_as_sent(code: str) -> None:
    assert agent_code(code, OURS, THEIRS) == code


def test_without_a_code_there_is_no_agent_and_an_unread_number_of_the_call_is_none() -> None:
    assert agent_code(None, OURS) is None
    assert agent_code("4155550199", None, "anonymous", "101") == "4155550199"
    assert agent_code("101", "101") == "101"
