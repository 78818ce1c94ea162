"""The fixtures of a small floor: three teams, thirteen agents, four campaigns and four sources in two countries.

A small floor shows in a few thousand calls what reports are for:

- `temp-14` persuades hardly anybody, and the difference is more than chance; no manager has configured the agent;
- the portal `comparison` costs far more than its leads bring back, and its leads wait longest for their first call;
- almost all portal leads are for the hardest campaign, almost all listed leads for the easier campaigns: over all
  campaigns the lists look easier to reach, inside each campaign they are harder;
- people pick up more often after work;
- callers of the queue `service` wait longest at noon, and some give up;
- `t-price` pleases few customers, by their own answers;
- `q-ferrari` gives more points than the other evaluators, as a calibration session shows; `temp-14` earns few;
- two tracking numbers change hands in the middle of the plan;
- customers who came from the portal leave soonest, so they are worth least;
- the plans of `thames` have the breaks an hour too early, so its agents work as long as planned and never as planned;
- `lakeside` loses far more agents than the other teams;
- the campaign `battery-winback` is used by a dialer, and no manager has configured it;
- deals are made in the currency of the plan and, in Britain, in pounds.

Decisions come within hours, so that a floor of four days has won deals to show.
"""

from service.sandbox.scenario.fixtures import Agent, CallerId, Campaign, Fixtures, Offer, Source, Team, Traits
from service.sandbox.scenario.instants import HOUR
from service.sandbox.scenario.phone_numbers import BRITAIN, EAST, MIDDLE, fiction_numbers
from service.sandbox.scenario.plan import Plan

_HUDSON = Team("hudson", "America/New_York", EAST, "ringline-us", automatic=True)
_LAKESIDE = Team("lakeside", "America/Chicago", MIDDLE, "ringline-us")
_THAMES = Team("thames", "Europe/London", BRITAIN, "ringline-gb")

_AGENTS = [
    Agent("h-okafor", "Ada Okafor", _HUDSON, 1.35, 1.05),
    Agent("h-lindqvist", "Jonas Lindqvist", _HUDSON, 1.0, 0.95),
    Agent("h-moreau", "Camille Moreau", _HUDSON, 0.8, 1.0),
    Agent("h-tanaka", "Ren Tanaka", _HUDSON, 0.95, 1.1),
    Agent("l-bishop", "Grace Bishop", _LAKESIDE, 1.5, 1.1),
    Agent("l-castillo", "Mateo Castillo", _LAKESIDE, 1.1, 0.9),
    Agent("l-novak", "Petra Novak", _LAKESIDE, 0.9, 1.0),
    Agent("l-whitfield", "Sam Whitfield", _LAKESIDE, 0.65, 0.95),
    Agent("temp-14", "", _LAKESIDE, 0.1, 1.0, configured=False),
    Agent("t-ashworth", "Imogen Ashworth", _THAMES, 1.25, 1.0),
    Agent("t-campbell", "Rory Campbell", _THAMES, 1.0, 1.05),
    Agent("t-hussain", "Zara Hussain", _THAMES, 1.05, 0.9),
    Agent("t-price", "Dylan Price", _THAMES, 0.7, 1.0),
]

_SOURCES = (
    Source("search", "Paid search", "cpc", 1.15, 1.25, 18.0),
    Source("comparison", "Comparison portal", "partner", 1.3, 1.2, 300.0, wait=5.0),
    Source("list", "Bought list", "list", 0.85, 0.6, 4.5),
    Source("referral", "Referrals", "referral", 1.5, 2.0, 0.0, wait=0.4),
)
_SEARCH, _COMPARISON, _LIST, _REFERRAL = range(4)

_SOLAR = Offer("solar", "Rooftop solar", 0.4, 0.9, 17_500)
_BATTERY = Offer("battery", "Home battery for solar owners", 1.4, 1.1, 8_200)
_HEAT_PUMP = Offer("heat-pump", "Heat pump survey", 1.2, 1.0, 9_400)
_WINBACK = Offer("battery-winback", "", 1.3, 0.8, 7_000)

_CALLER_IDS = [
    CallerId("+12125550180", "Solar, all other sources", 0),
    CallerId("+12125550181", "Solar, portal", 0, _COMPARISON, _COMPARISON),
    CallerId("+12125550182", "Solar, list until the portal took it over", 0, _LIST, _COMPARISON),
    CallerId("+12125550183", "Solar, search", 0, _SEARCH, _SEARCH),
    CallerId("+12125550184", "", 0, assigned=False),
    CallerId("+13125550190", "Battery, all other sources", 1),
    CallerId("+13125550191", "Battery, list", 1, _LIST, _LIST),
    CallerId("+13125550192", "Battery, search", 1, _SEARCH, _SEARCH),
    CallerId("+13125550193", "", 1, assigned=False),
    CallerId("+442079460010", "Heat pump, all other sources", 3),
    CallerId("+442079460011", "Heat pump, list until search took it over", 3, _LIST, _SEARCH),
    CallerId("+442079460012", "Heat pump, search", 3, _SEARCH, _SEARCH),
    CallerId("+442079460013", "", 3, assigned=False),
]


def small_fixtures(plan: Plan) -> Fixtures:
    """The people and codes of a small floor: the same for every seed."""
    return Fixtures(
        teams=(_HUDSON, _LAKESIDE, _THAMES),
        sources=_SOURCES,
        agents=_AGENTS,
        campaigns=_campaigns(plan.currency),
        caller_ids=_CALLER_IDS,
        numbers=fiction_numbers(),
        traits=Traits(
            test_leads=0.004,
            source_unknown=0.002,
            noted_by_dialer=0.98,
            visit_hours=8.0,
            decides_after_sale=9 * HOUR,
            decides_after_visit=16 * HOUR,
            pickup_by_hour=(0.75, 0.85, 0.95, 0.85, 0.8, 0.85, 0.95, 1.15, 1.4, 1.5),
            surveyed=0.95,
            evaluated=1.0,
        ),
        targets={
            "dial_efficiency": 0.15,
            "called_within_5_min": 0.5,
            "callback_kept": 0.8,
            "conv_per_conversation": 0.06,
        },
    )


def _campaigns(currency: str) -> list[Campaign]:
    solar: dict[int, float] = {_SEARCH: 36, _COMPARISON: 70, _LIST: 22, _REFERRAL: 5}
    battery: dict[int, float] = {_SEARCH: 26, _COMPARISON: 9, _LIST: 70, _REFERRAL: 10}
    heat_pump: dict[int, float] = {_SEARCH: 38, _COMPARISON: 9, _LIST: 64, _REFERRAL: 12}
    return [
        Campaign("solar-us", _SOLAR.name, _SOLAR, _HUDSON, 1, solar, currency),
        Campaign("battery-us", _BATTERY.name, _BATTERY, _LAKESIDE, 115, battery, currency),
        Campaign("battery-winback", "", _WINBACK, _LAKESIDE, 6, {_LIST: 1}, currency, configured=False),
        Campaign("heatpump-gb", _HEAT_PUMP.name, _HEAT_PUMP, _THAMES, 1, heat_pump, "GBP", region="GB"),
    ]
