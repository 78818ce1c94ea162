"""The meaning of VICIdial's own statuses: the 49 that it ships, and those its programs set as well.

VICIdial's own flags are no basis for counting. They mark a dropped call as "human answered", a sale as no contact,
and a machine found by the dialer as no answering machine. Here each status has its real axes. An axis left out is
unknown: the call was answered, but not known by whom. An account can replace any of these with its own.
"""

from collections.abc import Iterator

from service.dialers import Item

_PERSON: Item = {"network_result": "answered", "answered_by": "human"}
_WITH_AGENT: Item = {**_PERSON, "handled": "agent"}
_CONTACT: Item = {**_WITH_AGENT, "party": "right_party"}
_MACHINE: Item = {"network_result": "answered", "answered_by": "machine"}
_DROPPED: Item = {**_PERSON, "handled": "abandoned_by_us"}
_IN_A_MENU: Item = {"network_result": "answered", "handled": "ivr_only"}
_NOT_REACHED: Item = {"handled": "none"}
_NOT_DIALED: Item = {**_NOT_REACHED, "network_result": "blocked"}
_BUSY: Item = {**_NOT_REACHED, "network_result": "busy"}
_NO_ANSWER: Item = {**_NOT_REACHED, "network_result": "no_answer"}
_NO_NUMBER: Item = {**_NOT_REACHED, "network_result": "invalid_number"}
_NO_LINE: Item = {**_NOT_REACHED, "network_result": "network_failure"}
_NOTHING_KNOWN: Item = {}

_SALE: Item = {**_CONTACT, "result": "sale"}
_CALL_BACK: Item = {**_CONTACT, "result": "callback_requested", "next_step": "callback"}

# The axes, then the statuses that have them, each with its name.
_MEANINGS: tuple[tuple[Item, dict[str, str]], ...] = (
    (_SALE, {"SALE": "Sale Made"}),
    ({**_CONTACT, "result": "not_interested"}, {"NI": "Not Interested"}),
    # The agent spoke to the person without a sale: VICIdial itself does not count it as not interested.
    (
        _CONTACT,
        {
            "DEC": "Declined Sale",
            "XFER": "Call Transferred",
        },
    ),
    (_WITH_AGENT, {"NP": "No Pitch No Price"}),
    (
        _CALL_BACK,
        {
            "CALLBK": "Call Back",
            "CBHOLD": "Call Back Hold",
        },
    ),
    ({**_WITH_AGENT, "result": "do_not_call"}, {"DNC": "DO NOT CALL"}),
    # Found in a list before dialing: no one asked for it in this call.
    (
        _NOT_DIALED,
        {
            "DNCL": "DO NOT CALL Hopper Sys Match",
            "DNCC": "DO NOT CALL Hopper Camp Match",
            "DNCCAR": "DO NOT CALL Carrier Match",
        },
    ),
    (
        _MACHINE,
        {
            "A": "Answering Machine",
            "AA": "Answering Machine Auto",
            "AM": "Answering Machine SentToMesg",
            "AL": "Answering Machine Msg Played",
            "AMDXFR": "Answering Machine Transferred",
            "LTMGAD": "Message Left Auto",
            "XAMMAD": "Message Not Left Auto",
            "UNKAM": "Unclear, Sent to Message",
            "UNKAL": "Unclear, Message Played",
        },
    ),
    # The caller was put through to the account's own machine.
    ({"network_result": "answered", "handled": "none"}, {"QVMAIL": "Queue Abandon Voicemail Left"}),
    (
        {"network_result": "answered", "answered_by": "fax_or_tone", "handled": "none"},
        {"AFAX": "Fax Machine Auto"},
    ),
    (
        _BUSY,
        {
            "B": "Busy",
            "AB": "Busy Auto",
            "CPDB": "Busy Signal",
        },
    ),
    (
        _NO_ANSWER,
        {
            "N": "No Answer",
            "NA": "No Answer AutoDial",
            "CPDNA": "No Answer Signal",
        },
    ),
    (
        _DROPPED,
        {
            "DROP": "Agent Not Available",
            "XDROP": "Agent Not Available IN",
            "PDROP": "Outbound Pre-Routing Drop",
            "SRDROP": "Survey Drop",
            "TIMEOT": "Inbound Queue Timeout Drop",
            "AFTHRS": "Inbound After Hours Drop",
            "NANQUE": "Inbound No Agent No Queue Drop",
            "IQNANQ": "InQueue No-Agent-No-Queue drop",
            "MAXCAL": "Inbound Max Calls Drop",
            "CLOSOP": "Closing Time Option",
            "WAITTO": "Wait Time Option",
            "HOLDTO": "Hold Time Option",
            "ACFLTR": "Area Code Filter",
        },
    ),
    (
        _NO_NUMBER,
        {
            "DC": "Disconnected Number",
            "ADC": "Disconnected Number Auto",
            "ADCCAR": "Disconnected Number Carrier",
            "CPDINV": "Invalid Number Signal",
            "CPDSI": "Intercept Tone",
            "CPDSV": "Vacant Number Tone",
        },
    ),
    ({**_NOT_REACHED, "network_result": "rejected"}, {"CPDREJ": "Rejected Signal"}),
    (
        _NO_LINE,
        {
            "ADCT": "Disconnected Number Temporary",
            "LRERR": "Outbound Local Channel Res Err",
            "DAIR": "Dead Air",
            "ADAIR": "Dead Air Auto",
            "CPDATB": "All Trunks Busy Signal",
            "CPDSUA": "Service Unavailable Signal",
            "CPDSNC": "No Circuit Tone",
            "CPDSR": "Reorder Tone",
            "CPDSUK": "Unknown Tone",
            "CPDERR": "Signal Error",
        },
    ),
    (
        _IN_A_MENU,
        {
            "PM": "Played Message",
            "SVYHU": "Survey Hungup",
            "UNKXFR": "Transferred Unknown",
        },
    ),
    # A callee who chose to be put through is a person, even if it was to a voice mailbox.
    (
        {**_IN_A_MENU, "answered_by": "human"},
        {
            "SVYEXT": "Survey sent to Extension",
            "SVYVM": "Survey sent to Voicemail",
            "SVYREC": "Survey sent to Record",
            "SVYCLM": "Survey sent to Call Menu",
            "IVRXFR": "Outbound drop to Call Menu",
        },
    ),
    # The agent did not finish, or the call moved on: the status says nothing about the call.
    (
        _NOTHING_KNOWN,
        {
            "ERI": "Agent Error",
            "DISPO": "Not Dispositioned",
            "DONEM": "Manual Dial Done",
            "PAUSMX": "Pause Max",
            "DISMX": "Dispo Max",
            "RQXFER": "Re-Queue",
            "ALTNUM": "Alternate Number",
            "RAXFER": "Remote Agent Transfer",
            "HXFER": "Held Transfer",
            "CPDUK": "Unknown Signal",
        },
    ),
    # A lead's progress, not the outcome of a call.
    (
        _NOTHING_KNOWN,
        {
            "NEW": "New Lead",
            "QUEUE": "Lead To Be Called",
            "INCALL": "Lead Being Called",
            "PU": "Call Picked Up",
            "INBND": "Inbound Call",
            "LSMERG": "Agent lead search old lead mrg",
            "MLINAT": "Multi-Lead auto-alt set inactv",
            "NVAINS": "No Agent Inserted",
            "QCFAIL": "QC_FAIL_CALLBK",
        },
    ),
)


def _statuses() -> Iterator[tuple[str, Item]]:
    for axes, names in _MEANINGS:
        for code, name in names.items():
            yield code, {"name": name, "result": "none", **axes}


STATUSES: dict[str, Item] = dict(_statuses())
_LEAD_STATES = frozenset(_MEANINGS[-1][1])
_ABANDONED = frozenset(code for code, axes in STATUSES.items() if axes.get("handled") == "abandoned_by_us")


def is_outcome(status: str) -> bool:
    """Whether a status is the outcome of a call, and not only a lead's progress.

    >>> is_outcome("SALE"), is_outcome("INCALL"), is_outcome("QCPASS"), is_outcome("MYOWN")
    (True, False, False, True)
    """
    return status not in _LEAD_STATES and not status.startswith("QC")


def agent_may_have_talked(status: str) -> bool:
    """Whether an agent may have talked to the other party: not on a busy, dead or unanswered line.

    >>> agent_may_have_talked("NI"), agent_may_have_talked("N"), agent_may_have_talked("MYOWN")
    (True, False, True)
    """
    return STATUSES.get(status, {}).get("network_result", "answered") == "answered"


def dialer_result(status: str) -> Item:
    """The fields of an outbound call that a dialer's own status sets; none for a status of the account's own.

    Answers count only as far as the dialer's machine detection knows: a caller who waited without an agent is no
    proof of a person.
    """
    axes = STATUSES.get(status, {})
    fields = {name: axes[name] for name in ("network_result", "handled") if name in axes}
    if axes.get("answered_by") in {"machine", "fax_or_tone"}:
        fields |= {"answered_by": axes["answered_by"], "detector": "amd"}
    return fields


def inbound_outcome(status: str) -> str | None:
    """The outcome of an inbound call from a status that no agent set.

    >>> inbound_outcome("QVMAIL"), inbound_outcome("DROP"), inbound_outcome("MYOWN")
    ('voicemail', 'abandoned', None)
    """
    return "voicemail" if status == "QVMAIL" else "abandoned" if status in _ABANDONED else None
