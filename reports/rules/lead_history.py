"""The columns of a lead's full call history, for the kinds of fact that look beyond a window."""

from reports.measures.frame import CODE_DIMENSIONS
from reports.model.types import AXES, Schema
from reports.rules.calls import CALL

LEAD_HISTORY: Schema = {
    **{name: CALL[name] for name in ("dialer", "external_id", "lead", *CODE_DIMENSIONS)},
    **{name: CALL[name] for name in ("lead_closed_at", "dialed_at", "open", "test", *AXES)},
    **{name: CALL[name] for name in ("disposition", "disposition_set_at", "callback_at")},
}
