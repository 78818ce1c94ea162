"""Twilio's words for the state of a call, and the results they stand for."""

from reports.model.vocabulary import AnsweredBy, NetworkResult
from service.dialers.parsing import Fields

PENDING = {"queued", "initiated", "ringing"}
ANSWERED = {"in-progress", "completed", "answered"}
RESULTS: dict[str, NetworkResult] = {
    "in-progress": "answered",
    "completed": "answered",
    "answered": "answered",
    "busy": "busy",
    "no-answer": "no_answer",
    "failed": "network_failure",
    "canceled": "cancelled",
}
# What the far carrier answered to a call that failed; every other code is a failure of the network.
_FAILED: dict[str, NetworkResult] = {
    **dict.fromkeys(("404", "410", "484", "485", "604"), "invalid_number"),
    **dict.fromkeys(("486", "600"), "busy"),
    **dict.fromkeys(("408", "480"), "no_answer"),
    **dict.fromkeys(("403", "607", "608"), "blocked"),
    "603": "rejected",
}
_ANSWERED_BY: dict[str, AnsweredBy] = {"human": "human", "fax": "fax_or_tone", "unknown": "unknown"}


def network_result(form: Fields, status: str) -> NetworkResult | None:
    """What came of a call with this status; a failed call by its SIP code. None while it goes on."""
    if status != "failed":
        return RESULTS.get(status)
    code = form.text("SipResponseCode") or form.text("DialSipResponseCode") or ""
    return _FAILED.get(code, "network_failure")


def detection(form: Fields) -> dict[str, str]:
    """Who picked up, as Twilio detected it; unknown words are ignored."""
    heard = form.text("AnsweredBy") or ""
    who = "machine" if heard.startswith("machine") else _ANSWERED_BY.get(heard)
    return {"answered_by": who, "detector": "amd"} if who else {}
