"""The earlier period of a comparison, as a document names it."""

from typing_extensions import TypedDict

from reports.model.compared_period import ComparedPeriod, ComparisonKind

ComparedDocument = TypedDict(
    "ComparedDocument", {"kind": ComparisonKind, "from": str, "to": str, "until": str, "cut": bool}
)


def compared_with(period: ComparedPeriod | None) -> ComparedDocument | None:
    """The earlier period, and the moment up to which its rows count; cut: this period is not over."""
    if period is None:
        return None
    window = period.window
    return {
        "kind": period.kind,
        "from": window.local(window.start).isoformat(),
        "to": window.local(window.end).isoformat(),
        "until": period.until.isoformat().replace("+00:00", "Z"),
        "cut": period.cut,
    }
