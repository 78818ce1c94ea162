"""The start of every report: the account, its codes and the request, all from one snapshot."""

from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from reports.model.codes import Codes
from reports.query.lead_attributes import values_of
from reports.query.parameters import ParameterParser, Parameters
from reports.query.request import ReportRequest, read_request
from reports.query.snapshot import Snapshot
from reports.store.copies import Copies
from reports.store.ledger import Ledger, LedgerState


@dataclass(frozen=True, eq=False)
class PreparedRequest:
    """A valid request, with the account's codes and the state of the ledger that it reads."""

    request: ReportRequest
    codes: Codes
    state: LedgerState
    ledger: Ledger

    @property
    def watermark(self) -> datetime:
        """The moment of the snapshot. The report includes everything recorded up to it."""
        return self.state.account.taken_at

    def snapshot(self, copies: Copies) -> Snapshot:
        """The account's rows as of the request. copies: those of the account."""
        return Snapshot(self.ledger, self.state, self.request.as_of, copies)


async def prepare_request(ledger: Ledger, preset: str | None, parameters: Parameters) -> PreparedRequest:
    """Read the parameters of a report against the account's codes. Raises InvalidRequest with every fault."""
    state = await ledger.state()
    account = state.account
    parser = ParameterParser(parameters)
    as_of = parser.as_of(account.taken_at)
    codes = await ledger.codes(as_of, account.zone.key)
    request = await _with_attributes(ledger, read_request(preset, parser, account, codes, as_of), codes)
    return PreparedRequest(request, codes, state, ledger)


async def _with_attributes(ledger: Ledger, request: ReportRequest, codes: Codes) -> ReportRequest:
    """The request, with the values of the lead attributes that it uses."""
    values: dict[str, pl.DataFrame] = {}
    for name in request.attributes:
        attribute = codes.lead_attributes[name]
        values[name] = values_of(attribute, await ledger.attribute_values(attribute.name, request.as_of))
    return replace(request, attribute_values=values)
