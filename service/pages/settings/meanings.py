"""What a disposition code probably means, by what it is called: a suggestion that a person checks before it is saved.

>>> suggested_meaning("CALLBK", "Asked to be called back")["result"]
'callback_requested'
>>> suggested_meaning("NA", "No answer")
{'result': 'none', 'network_result': 'no_answer'}
>>> suggested_meaning("Q7", None)
{}
"""

import re
from collections.abc import Mapping

_Meaning = Mapping[str, str]

_UNKNOWN: _Meaning = {}
_NOTHING: _Meaning = {"result": "none"}
_ANSWERED: _Meaning = {"network_result": "answered"}
_PERSON: _Meaning = {**_ANSWERED, "answered_by": "human"}
_REACHED: _Meaning = {**_PERSON, "party": "right_party", "handled": "agent"}

# The first rule that fits decides, so a refusal stands before what it refuses: "not interested" before "interested".
_RULES: tuple[tuple[str, _Meaning], ...] = (
    (
        r"\bdnc\b|do not call|never call|don'?t call|remove (me|from)|opt(ed)? ?out",
        {"result": "do_not_call", **_REACHED},
    ),
    (
        r"\b(bad|invalid|wrong|dead) ?num|not in service|does ?n[o']t exist|does not exist|out of service|\bdisco\b",
        {**_NOTHING, "network_result": "invalid_number"},
    ),
    (r"\bfax\b|modem|\btone\b", {**_NOTHING, **_ANSWERED, "answered_by": "fax_or_tone"}),
    (
        r"voice ?mail|\bvm\b|answering|machine|\bam\b|\blm\b|left (a )?message|\bamd\b",
        {**_NOTHING, **_ANSWERED, "answered_by": "machine"},
    ),
    (r"\bdrop(ped)?\b|no agent|abandon", {**_NOTHING, **_PERSON, "handled": "abandoned_by_us"}),
    (r"gate ?k|reception|secretary|assistant", {**_NOTHING, **_REACHED, "party": "gatekeeper"}),
    (
        r"wrong (person|party|contact)|wrongp|not (the )?right person",
        {**_NOTHING, **_REACHED, "party": "wrong_party"},
    ),
    (
        r"no ?answer|\bna\b|\bn/a\b|no ?pick ?up|rang out|unanswered|no reply",
        {**_NOTHING, "network_result": "no_answer"},
    ),
    (r"\bbusy\b|\bbsy\b|engaged", {**_NOTHING, "network_result": "busy"}),
    (r"reject(ed)? call|call (refused|rejected)|declined call", {**_NOTHING, "network_result": "rejected"}),
    (
        r"network|congestion|carrier|circuit|failed call|call failed",
        {**_NOTHING, "network_result": "network_failure"},
    ),
    (r"\bcancel(l?ed)?\b", {**_NOTHING, "network_result": "cancelled"}),
    (r"\bblock(ed)?\b", {**_NOTHING, "network_result": "blocked"}),
    (r"hung ?up|hang ?up|\bhu\b", {**_NOTHING, **_PERSON, "party": "unknown"}),
    (
        r"not? (a )?(qualif|fit|eligib)|\bnq\b|\bdq\b|disqualif|unqualif|no budget",
        {"result": "not_qualified", **_REACHED},
    ),
    (
        r"not? interest|\bni\b|no sale|not sold|declin|too (dear|expensive)|refus|competitor",
        {"result": "not_interested", **_REACHED},
    ),
    (
        r"call ?back|callbk|called back|\bcb\b|call (me |again )?later|recall|ring back",
        {"result": "callback_requested", **_REACHED, "next_step": "callback"},
    ),
    (r"appointment|\bappt\b|\bapt\b|meeting|demo (set|book)|booked", {"result": "appointment", **_REACHED}),
    (r"\bsales?\b|\bsold\b|\bwon\b|purchase|order(ed)?\b", {"result": "sale", **_REACHED}),
    (r"qualif|\bqual\b|\bsql\b|\bmql\b|hot lead", {"result": "qualified", **_REACHED, "next_step": "follow_up_task"}),
    (
        r"interest|send (info|mail|e-?mail|quote)|\binfo\b|warm|follow ?up|think about",
        {"result": "interested", **_REACHED, "next_step": "follow_up_task"},
    ),
)
_COMPILED = tuple((re.compile(pattern), meaning) for pattern, meaning in _RULES)


def suggested_meaning(code: str, name: str | None) -> dict[str, str]:
    """The axes that a code's name or spelling suggests; nothing if it suggests none."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", f"{name or ''} {code}")
    text = re.sub(r"[^\w'/]+|_", " ", spaced).casefold()
    fitting = (meaning for pattern, meaning in _COMPILED if pattern.search(text))
    return dict(next(fitting, _UNKNOWN))
