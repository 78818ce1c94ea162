"""What VICIdial's own statuses stand for: the 49 that it ships, and those its programs set beside them.

The flags VICIdial ships are not what an account should count by: a dropped call is "human answered" there, a sale is no
contact, a machine that the dialer found is no answering machine. Here each status has the axes it really stands for.
An axis left out is not known: the call was answered, and nobody says by whom. An account puts its own in place of any.
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
_SILENT: Item = {}

_SALE: Item = {**_CONTACT, "result": "sale"}
_CALL_BACK: Item = {**_CONTACT, "result": "callback_requested", "next_step": "callback"}

# The axes, then the statuses that have them, with what each is called.
_MEANINGS: tuple[tuple[Item, dict[str, str]], ...] = (
    (_SALE, {"SALE": "Sale Made"}),
    ({**_CONTACT, "result": "not_interested"}, {"NI": "Not Interested"}),
    # Spoken with, and no sale: VICIdial itself does not count it as not interested.
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
    # Found in a list before anything was dialed: nobody asked for it in this call.
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
    # Whoever called in was put through to our own machine.
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
    # Whoever chose to be put through is a person, also when it was to a voice mailbox.
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
    # The agent did not finish, or the call moved on: nothing is known by it.
    (
        _SILENT,
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
    # Where a lead is on its way, not what came of a call.
    (
        _SILENT,
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
_ON_THE_WAY = frozenset(_MEANINGS[-1][1])
_ABANDONED = frozenset(code for code, axes in STATUSES.items() if axes.get("handled") == "abandoned_by_us")


def is_outcome(status: str) -> bool:
    """Whether a status says what came of a call, and not only where its lead is on the way.

    >>> is_outcome("SALE"), is_outcome("INCALL"), is_outcome("QCPASS"), is_outcome("MYOWN")
    (True, False, False, True)
    """
    return status not in _ON_THE_WAY and not status.startswith("QC")


def spoke(status: str) -> bool:
    """Whether an agent may have talked with somebody: not where the line was busy, dead, or never picked up.

    >>> spoke("NI"), spoke("N"), spoke("MYOWN")
    (True, False, True)
    """
    return STATUSES.get(status, {}).get("network_result", "answered") == "answered"


def found_by_the_dialer(status: str) -> Item:
    """What a status that no agent set says of an outbound call; nothing where an account made it up.

    Of who answered, only what the dialer's detection of machines finds: that somebody waited, and no agent was there,
    does not prove a person.
    """
    axes = STATUSES.get(status, {})
    said = {name: axes[name] for name in ("network_result", "handled") if name in axes}
    if axes.get("answered_by") in {"machine", "fax_or_tone"}:
        said |= {"answered_by": axes["answered_by"], "detector": "amd"}
    return said


def inbound_outcome(status: str) -> str | None:
    """What a status that no agent set says of an inbound call.

    >>> inbound_outcome("QVMAIL"), inbound_outcome("DROP"), inbound_outcome("MYOWN")
    ('voicemail', 'abandoned', None)
    """
    return "voicemail" if status == "QVMAIL" else "abandoned" if status in _ABANDONED else None
