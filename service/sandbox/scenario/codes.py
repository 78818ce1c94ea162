"""The disposition codes of the floor, and the meaning that its managers gave them."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Code:
    """A disposition code. meaning: its value on each axis that it says something about."""

    code: str
    name: str
    result: str
    meaning: dict[str, str] = field(default_factory=dict[str, str])


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

# Agents use this code although no manager has confirmed it or given it a meaning.
UNMAPPED_CODE = "TOO-DEAR"
