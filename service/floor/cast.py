"""Who and what is on the floor: teams, agents, sources, campaigns, caller IDs and disposition codes.

A home-energy firm calls in two countries. The numbers behind the names (how likely somebody picks up, how good an
agent is) are what the model knows and the report has to find out.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Team:
    """A group of agents who call the same campaign in the same shift."""

    code: str
    zone: str
    starts: float
    ends: float
    dialer: str
    lines: int  # how many numbers the dialer rings at once for one free agent
    pause_between_ms: int  # typical time from one call to the next


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who calls: how well they persuade, and how long they need."""

    code: str
    name: str
    team: str
    skill: float
    pace: float
    configured: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """Where leads come from, and how good they are beside the average lead."""

    code: str
    name: str
    medium: str
    pickup: float
    appeal: float
    cost_per_lead: float
    arrival: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """An offer to a group of people."""

    code: str
    name: str
    region: str
    zone: str
    team: str
    currency: str
    pickup: float
    appeal: float
    median_deal: int
    leads_a_day: dict[str, int] = field(default_factory=dict[str, int])
    configured: bool = True


@dataclass(frozen=True, slots=True)
class CallerId:
    """A tracking number shown to the called party, with its owner before and after the middle of the days."""

    number: str
    name: str
    campaign: str
    source: str | None
    source_later: str | None


@dataclass(frozen=True, slots=True)
class Code:
    """A disposition code and what it means."""

    code: str
    name: str
    result: str
    meaning: dict[str, str] = field(default_factory=dict[str, str])


TEAMS = {
    team.code: team
    for team in (
        Team("hudson", "America/New_York", 12.0, 20.0, "ringline-us", 2, 78_000),
        Team("lakeside", "America/Chicago", 9.0, 17.5, "ringline-us", 1, 175_000),
        Team("thames", "Europe/London", 9.0, 17.5, "ringline-gb", 1, 175_000),
    )
}

AGENTS = (
    Agent("h-okafor", "Ada Okafor", "hudson", 1.35, 1.05),
    Agent("h-lindqvist", "Jonas Lindqvist", "hudson", 1.0, 0.95),
    Agent("h-moreau", "Camille Moreau", "hudson", 0.8, 1.0),
    Agent("h-tanaka", "Ren Tanaka", "hudson", 0.95, 1.1),
    Agent("l-bishop", "Grace Bishop", "lakeside", 1.5, 1.1),
    Agent("l-castillo", "Mateo Castillo", "lakeside", 1.1, 0.9),
    Agent("l-novak", "Petra Novak", "lakeside", 0.9, 1.0),
    Agent("l-whitfield", "Sam Whitfield", "lakeside", 0.65, 0.95),
    Agent("t-ashworth", "Imogen Ashworth", "thames", 1.25, 1.0),
    Agent("t-campbell", "Rory Campbell", "thames", 1.0, 1.05),
    Agent("t-hussain", "Zara Hussain", "thames", 1.05, 0.9),
    Agent("t-price", "Dylan Price", "thames", 0.7, 1.0),
    Agent("temp-14", "", "lakeside", 0.1, 1.0, configured=False),
)

SOURCES = {
    source.code: source
    for source in (
        Source("search", "Paid search", "cpc", 1.15, 1.25, 38.0, "evening"),
        Source("comparison", "Comparison portal", "partner", 1.3, 1.1, 165.0, "evening"),
        Source("list", "Bought list", "list", 0.85, 0.6, 4.5, "upload"),
        Source("referral", "Referrals", "referral", 1.5, 2.0, 0.0, "office"),
    )
}

# Portal leads go almost all to the campaign that is hardest to reach anybody in, bought lists almost all to the
# easiest: over everything the lists look easier to reach, inside each campaign they are harder.
CAMPAIGNS = {
    campaign.code: campaign
    for campaign in (
        Campaign("solar-us", "Rooftop solar", "US", "America/New_York", "hudson", "USD", 0.11, 0.9, 17_500,
                 {"search": 36, "comparison": 70, "list": 22, "referral": 5}),
        Campaign("battery-us", "Home battery for solar owners", "US", "America/Chicago", "lakeside", "USD", 0.33, 1.1,
                 8_200, {"search": 26, "comparison": 9, "list": 70, "referral": 10}),
        Campaign("heatpump-gb", "Heat pump survey", "GB", "Europe/London", "thames", "GBP", 0.27, 1.0, 9_400,
                 {"search": 38, "comparison": 9, "list": 64, "referral": 12}),
        Campaign("battery-winback", "", "US", "America/Chicago", "lakeside", "USD", 0.3, 0.8, 7_000, {"list": 6},
                 configured=False),
    )
}  # fmt: skip

# The first that fits is shown. One number per campaign serves every source without a number of its own.
CALLER_IDS = (
    CallerId("+12125550182", "Solar, list until the portal took it over", "solar-us", "list", "comparison"),
    CallerId("+12125550181", "Solar, portal", "solar-us", "comparison", "comparison"),
    CallerId("+12125550183", "Solar, search", "solar-us", "search", "search"),
    CallerId("+12125550180", "Solar, everybody else", "solar-us", None, None),
    CallerId("+13125550191", "Battery, list", "battery-us", "list", "list"),
    CallerId("+13125550192", "Battery, search", "battery-us", "search", "search"),
    CallerId("+13125550190", "Battery, everybody else", "battery-us", None, None),
    CallerId("+442079460011", "Heat pump, list until search took it over", "heatpump-gb", "list", "search"),
    CallerId("+442079460012", "Heat pump, search", "heatpump-gb", "search", "search"),
    CallerId("+442079460010", "Heat pump, everybody else", "heatpump-gb", None, None),
)

_REACHED = {"network_result": "answered", "answered_by": "human", "party": "right_party", "handled": "agent"}
_MACHINE = {"network_result": "answered", "answered_by": "machine"}

CODES = (
    Code("SALE", "Sold on the phone", "sale", _REACHED),
    Code("APPT", "Appointment set", "appointment", _REACHED),
    Code("QUAL", "Qualified, no date yet", "qualified", {**_REACHED, "next_step": "follow_up_task"}),
    Code("INFO", "Interested, wants it in writing", "interested", {**_REACHED, "next_step": "follow_up_task"}),
    Code("CALLBK", "Asked to be called back", "callback_requested", {**_REACHED, "next_step": "callback"}),
    Code("NI", "Not interested", "not_interested", _REACHED),
    Code("NQ", "Not qualified", "not_qualified", _REACHED),
    Code("DNC", "Never call again", "do_not_call", _REACHED),
    Code("GATEKP", "Somebody else in the house answered", "none",
         {**_REACHED, "party": "gatekeeper", "next_step": "callback"}),
    Code("WRONGP", "Wrong person or number", "none", {**_REACHED, "party": "wrong_party"}),
    Code("HUNGUP", "Hung up before a word", "none",
         {"network_result": "answered", "answered_by": "human", "party": "unknown"}),
    Code("VM", "Left a voicemail", "none", _MACHINE),
    Code("AM", "Answering machine, no message", "none", _MACHINE),
    Code("FAX", "Fax or modem tone", "none", {"network_result": "answered", "answered_by": "fax_or_tone"}),
    Code("NA", "No answer", "none", {"network_result": "no_answer"}),
    Code("BUSY", "Busy", "none", {"network_result": "busy"}),
    Code("BADNUM", "Number does not exist", "none", {"network_result": "invalid_number"}),
    Code("REJECT", "Call refused", "none", {"network_result": "rejected"}),
    Code("ERROR", "The network failed", "none", {"network_result": "network_failure"}),
    Code("CANCEL", "Cancelled while ringing", "none", {"network_result": "cancelled"}),
    Code("BLOCK", "Blocked before dialing", "none", {"network_result": "blocked"}),
    Code("AA", "The dialer heard a machine", "none", _MACHINE),
    Code("DROP", "Somebody answered and no agent was free", "none",
         {"network_result": "answered", "answered_by": "human", "handled": "abandoned_by_us"}),
)  # fmt: skip

# Agents use this one although nobody ever told the ledger what it means.
UNTOLD_CODE = "TOO-DEAR"
