"""What a target may be: rules that need the metric or the account, beside those of its form."""

from decimal import Decimal
from difflib import get_close_matches

from reports.catalogue.catalogue import catalogue
from reports.measures.durations import Within
from reports.measures.metric import Metric
from reports.measures.ratios import Ratio, Share
from reports.model.answer_time import TARGET_METRIC
from service.accounts.accounts import Account
from service.errors import Fault, InvalidItem, InvalidParameter
from service.ingest.planning import Target, TargetKey, key_of
from service.platform.db import Pool, account_transaction
from sql import load

_QUERIES = load("planning")


def metric_of(name: str) -> Metric:
    """The metric of a target. Raises InvalidParameter."""
    if name not in catalogue():
        close = get_close_matches(name, list(catalogue()), n=1)
        meant = f"did you mean {close[0]}?" if close else "/v1/metrics lists them"
        raise InvalidParameter(faults=(Fault("metric", f"is not the name of a metric; {meant}"),))
    return catalogue()[name].metric


async def check_target(pool: Pool, account: Account, metric: Metric, target: Target) -> TargetKey:
    """The key of a target that reports can compare with the metric. Raises InvalidItem."""
    key = key_of(metric.name, target, account.region)
    _check_level(metric, target.value)
    _check_band(metric, target.upper)
    _check_answer_time(metric, target)
    await _check_scope(pool, account.account_id, metric, key)
    return key


def _check_level(metric: Metric, level: Decimal | None) -> None:
    """Refuse a share written in per cent: no rate could reach it. Raises InvalidItem."""
    if level is not None and isinstance(metric.measure, Ratio | Share | Within) and not 0 <= level <= 1:
        raise InvalidItem(faults=(Fault("/value", "must be a share from 0 to 1: 25% is 0.25"),))


def _check_band(metric: Metric, upper: Decimal | None) -> None:
    """Refuse a band of a metric that is better the higher, or the lower, it is. Raises InvalidItem."""
    if upper is not None and metric.band is None:
        raise InvalidItem(faults=(Fault("/upper", "is only for metrics with a band"),))


def _check_answer_time(metric: Metric, target: Target) -> None:
    """Refuse an answer time that no report would use. Raises InvalidItem."""
    if target.within_seconds is None:
        return
    if metric.name != TARGET_METRIC:
        raise InvalidItem(faults=(Fault("/within_seconds", f"is only for {TARGET_METRIC}; all its modes use it"),))
    if target.scope[0] not in ("", "queue"):
        raise InvalidItem(faults=(Fault("/within_seconds", "is for the whole account or for a queue"),))


async def _check_scope(pool: Pool, account_id: int, metric: Metric, key: TargetKey) -> None:
    """Refuse a target that no report could compare: for an unknown code, or a dimension the metric does not have."""
    if key.dimension and key.dimension not in metric.dimensions:
        raise InvalidItem(faults=(Fault(f"/{key.dimension}", "is not a dimension of this metric"),))
    if key.dimension and not await _is_known(pool, account_id, key):
        raise InvalidItem(faults=(Fault(f"/{key.dimension}", "is not known"),))


async def _is_known(pool: Pool, account_id: int, key: TargetKey) -> bool:
    async with account_transaction(pool, account_id, readonly=True) as connection:
        return await connection.fetchval(_QUERIES["is_known"], account_id, key.dimension, key.code)
