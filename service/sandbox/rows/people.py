"""The people of a floor: their plans of the days, their employments, and what the floor costs to run."""

from datetime import date, timedelta
from random import Random

import polars as pl

from reports.model.types import Schema
from service.sandbox.rows.schedule import shifts
from service.sandbox.scenario.fixtures import Fixtures, Team
from service.sandbox.scenario.instants import HOUR, MINUTE, at_hour
from service.sandbox.scenario.plan import ZONE
from service.sandbox.scenario.scenario import Scenario

# A shift as it is planned: what, and from which share of it on.
_PLANNED = (
    ("work", 0.0),
    ("break", 0.22),
    ("work", 0.25),
    ("break", 0.47),
    ("work", 0.53),
    ("break", 0.75),
    ("work", 0.78),
)
# Plans of the last team have the breaks an hour earlier than its agents take them: nobody has changed the plans.
_OUTDATED_BY = HOUR
# Agents who have left, in the years before the plan: the second team loses most.
_LEAVERS = (2, 6, 1)
_LEAVERS_TO_SEE = 5
_VOLUNTARY = 0.7
_BEFORE_DAYS, _OLDEST_DAYS = 700, 2_000
_PAY, _RENT = 4_100.0, 5_400.0
_EMPLOYMENT: Schema = {
    **dict.fromkeys(("agent", "team"), pl.String),
    "joined_on": pl.Date,
    "left_on": pl.Date,
    "voluntary": pl.Boolean,
}


def schedules(scenario: Scenario) -> pl.DataFrame:
    """The plans of all agents on duty, up to the end of the plan; moments in milliseconds."""
    plan = pl.DataFrame(_PLANNED, schema=("activity", "share"), orient="row").with_row_index("step")
    last_team = len(scenario.fixtures.teams) - 1
    planned_at = pl.col("opens_at") + (pl.col("share") * (pl.col("closes_at") - pl.col("opens_at"))).cast(pl.Int64)
    outdated = (pl.col("team") == last_team) & (pl.col("share") > 0)
    started = pl.when(outdated).then(planned_at - _OUTDATED_BY).otherwise(planned_at)
    agents = [agent.code for agent in scenario.fixtures.agents]
    rows = (
        shifts(scenario, range(len(scenario.plan.dates)))
        .join(plan, how="cross", maintain_order="left_right")
        .with_columns(from_at=started // MINUTE * MINUTE)
        .with_columns(to_at=pl.coalesce(pl.col("from_at").shift(-1).over("agent", "day"), "closes_at"))
        .filter(pl.col("from_at") < scenario.plan.ends_at)
    )
    return rows.select(
        agent=pl.col("agent").replace_strict(list(range(len(agents))), agents, return_dtype=pl.String),
        from_at="from_at",
        activity="activity",
        to_at="to_at",
        observed_at=pl.lit(scenario.starts_at - HOUR),
        recorded_at=pl.lit(scenario.starts_at - HOUR),
    )


def former_agents(fixtures: Fixtures) -> list[tuple[str, Team]]:
    """The codes of the agents who have left, each with the team."""
    return [(_former_code(team, number), team) for team, number in _leavers(fixtures)]


def _leavers(fixtures: Fixtures) -> list[tuple[Team, int]]:
    teams = zip(fixtures.teams, _LEAVERS, strict=False)
    return [(team, number) for team, leavers in teams for number in range(leavers)]


def _former_code(team: Team, number: int) -> str:
    return f"{team.code}-left-{number + 1}"


def staff(scenario: Scenario) -> pl.DataFrame:
    """The employments of the agents, and of those who left before the plan."""
    random = Random(f"{scenario.plan.seed}/staff")  # noqa: S311 (a simulation, not a secret)
    first, yesterday = scenario.plan.dates[0], scenario.plan.dates[-1] - timedelta(days=1)
    rows: list[dict[str, object]] = [
        {
            "agent": agent.code,
            "team": agent.team.code,
            "joined_on": first - timedelta(days=random.randrange(200, 2_000)),
        }
        for agent in scenario.fixtures.agents
    ]
    for team, number in _leavers(scenario.fixtures):
        left_on = first - timedelta(days=random.randrange(1, 330))
        # The last to leave does so in the days of the plan.
        left_on = yesterday if number == _LEAVERS_TO_SEE else left_on
        joined_on = left_on - timedelta(days=random.randrange(60, _BEFORE_DAYS))
        ended = {"left_on": left_on, "voluntary": random.random() < _VOLUNTARY}
        rows.append({"agent": _former_code(team, number), "team": team.code, "joined_on": joined_on, **ended})
    employments = pl.DataFrame(rows, schema=_EMPLOYMENT).with_columns(external_id="hr-" + pl.col("agent"))
    return _recorded(employments, "joined_on", scenario)


def running_costs(scenario: Scenario) -> pl.DataFrame:
    """The pay of each team and the rent of all, month by month over a year."""
    months = _months(scenario.plan.dates[-1])
    teams = zip(scenario.fixtures.teams, scenario.fixtures.team_sizes(), strict=True)
    payers = [("rent", None, _RENT), *((f"pay-{team.code}", team.code, _PAY * size) for team, size in teams)]
    rows = [
        {
            "external_id": f"{what}-{first:%Y-%m}",
            "team": team,
            "overhead": team is None,
            "from_on": first,
            "to_on": last,
            "amount": amount,
            "currency": scenario.plan.currency,
        }
        for first, last in months
        for what, team, amount in payers
    ]
    costs = pl.DataFrame(rows, schema_overrides={"team": pl.String}, infer_schema_length=None)
    return _recorded(costs, "from_on", scenario)


def _months(last: date) -> list[tuple[date, date]]:
    """The twelve months up to that of a day: first and last day of each."""
    starts = [last.replace(day=1)]
    while len(starts) < 12:
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    ends = [(start + timedelta(days=31)).replace(day=1) - timedelta(days=1) for start in starts]
    return list(zip(starts, ends, strict=True))


def _recorded(rows: pl.DataFrame, day: str, scenario: Scenario) -> pl.DataFrame:
    """Rows that were sent on a day of theirs, and are known since."""
    days = rows[day].unique().sort().to_list()
    known_at = [min(at_hour(on, 6, ZONE), scenario.starts_at) for on in days]
    observed_at = pl.col(day).replace_strict(days, known_at, return_dtype=pl.Int64)
    return rows.with_columns(observed_at=observed_at, recorded_at=observed_at)
