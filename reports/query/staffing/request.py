"""The parameters of a staffing plan: the target, and the calls of one's own or the history to forecast from."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Literal, TypeAlias, TypeVar

from reports.query.parameters import InvalidRequest, ParameterParser, Parameters
from reports.query.staffing import quantities
from reports.query.staffing.quantities import QuantityError
from reports.stats.agents_needed import Target
from reports.stats.erlang import Traffic

T = TypeVar("T")
Formula: TypeAlias = Literal["erlang_c", "erlang_a"]

# Parameters of every plan.
PLAN_PARAMETERS = ("agents", "per", "handle_time", "target", "patience", "shrinkage", "max_occupancy")
USUAL_INTERVAL = 1800.0
# More agents at once than any call centre has.
MOST_ERLANGS = 100_000


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a plan is for: the target, and the calls without their number.

    interval, handle_seconds: in seconds. patience_seconds: on average; without an end for callers who never hang up.
    shrinkage: the share of paid time away from calls. agents: those whose queue to show; None for those needed.
    """

    interval: float
    handle_seconds: float
    patience_seconds: float
    target: Target
    shrinkage: float
    agents: int | None = None

    @property
    def formula(self) -> Formula:
        """The model of the queue."""
        return "erlang_c" if self.patience_seconds == inf else "erlang_a"

    def traffic(self, calls: float) -> Traffic:
        """The traffic of so many calls in an interval."""
        return Traffic(
            calls_per_second=calls / self.interval,
            handle_seconds=self.handle_seconds,
            patience_seconds=self.patience_seconds,
        )


@dataclass(frozen=True, kw_only=True)
class PlanParameters:
    """The parameters of a plan as they came. None: a handle time or a patience that was left out."""

    interval: float
    handle_seconds: float | None
    patience_seconds: float | None
    target: Target
    shrinkage: float
    agents: int | None

    def basis(self, handle_seconds: float, patience_seconds: float) -> Basis:
        """The basis of the plan, with these values for those that were left out."""
        return Basis(
            interval=self.interval,
            handle_seconds=self.handle_seconds or handle_seconds,
            patience_seconds=self.patience_seconds or patience_seconds,
            target=self.target,
            shrinkage=self.shrinkage,
            agents=self.agents,
        )


def read_plan(reader: ParameterParser, usual: Target) -> PlanParameters:
    """The parameters of a plan; faults stay in the reader. usual: the target unless they say otherwise."""
    share, seconds = read(reader, "target", quantities.service_target, (usual.share, usual.seconds))
    ceiling = read(reader, "max_occupancy", quantities.occupancy, usual.max_occupancy)
    return PlanParameters(
        interval=read(reader, "per", quantities.interval, USUAL_INTERVAL),
        handle_seconds=read(reader, "handle_time", quantities.duration, None),
        patience_seconds=read(reader, "patience", quantities.patience, None),
        target=Target(share=share, seconds=seconds, max_occupancy=ceiling),
        shrinkage=read(reader, "shrinkage", quantities.shrinkage, 0.0),
        agents=read(reader, "agents", quantities.agents, None),
    )


def read_own_calls(parameters: Parameters) -> tuple[float, Basis]:
    """Calls of one's own and the basis of their plan, without a history. Raises InvalidRequest with every fault."""
    reader = ParameterParser(parameters)
    reader.refuse_unknown(("calls", *PLAN_PARAMETERS))
    calls = read(reader, "calls", quantities.calls, 0.0)
    plan = read_plan(reader, Target())
    if not parameters.get("handle_time"):
        reader.fault("handle_time", "is needed with calls, such as 180 (seconds)")
    basis = plan.basis(1.0, inf)
    if basis.traffic(calls).load > MOST_ERLANGS:
        reader.fault("calls", f"would keep more than {MOST_ERLANGS:,} agents busy at this handle time")
    if reader.faults:
        raise InvalidRequest(reader.faults)
    return calls, basis


def read(reader: ParameterParser, name: str, parse: Callable[[str], T], usual: T) -> T:
    """One parameter as a quantity, or the usual value; a fault stays in the reader."""
    text = reader.single(name)
    if text is None:
        return usual
    try:
        return parse(text)
    except QuantityError as error:
        reader.fault(name, str(error))
        return usual
