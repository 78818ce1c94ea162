"""What to paste into VICIdial: the call URLs, with what it can fill in safely."""

from collections.abc import Iterable
from urllib.parse import urlencode

_CALL = ("call_id", "uniqueid", "lead_id", "campaign", "group", "phone_code", "phone_number", "did_pattern", "SQLdate")
_AGENT = ("epoch", "user", "dialed_number")
_OUTCOME = ("dispo", "talk_time", "callback_datetime", "recording_id")
# Last, so that what is odd in them cuts off nothing else.
_TEXTS = ("vendor_lead_code", "source_id")


def _url(event: str, names: Iterable[str]) -> str:
    """A call URL as VICIdial takes it: each parameter is named as the variable that fills it."""
    filled = urlencode({name: f"--A--{name}--B--" for name in names})
    return f"VAR{{url}}?event={event}&{filled}"


SETUP = f"""\
VICIdial calls an address for every call. Paste these into each campaign (Admin, Campaigns, Detail View) and in-group:

**Start Call URL**

    {_url("start", (*_CALL, *_AGENT, *_TEXTS))}

**Dispo Call URL**

    {_url("dispo", (*_CALL, *_AGENT, *_OUTCOME, *_TEXTS, "call_notes"))}

**No Agent Call URL**

    {_url("noagent", (*_CALL, "status", *_TEXTS))}

**Dead Call Trigger URL**, where your version has one:

    {_url("dead", (*_CALL, *_AGENT, *_TEXTS))}

If a Dispo URL is there already, enter `ALT` and add this one beside it, for all statuses and lists, minimum talk 0.

- Create the hook with the zone of the dialer's clock (`--zone`): times come without one. `epoch` and `uniqueid` are
  used before any local time.
- Keep the names: each parameter is named as its variable. Do not add names, comments or addresses of people: the
  No Agent URL is sent without percent-encoding, and an `&` or `#` in a name cuts off what follows.
- Use `talk_time`, not `talk_time_min`, which is rounded up and is not read.
- Never add `pass` or `phone_pass`: they send the agent's password. Such a call is refused and counted.
- The URL is the only proof of who calls: use https, and let through the addresses of the dialer alone.
- The Dispo URL is triggered by the agent's browser. Closed before it is through, the call is not told, and VICIdial
  does not try again. The Export Calls Report with extended fields, imported at night
  (`calltally import attempts FILE.txt --mapping vicidial-export --zone ZONE`), fills in what is missing and doubles
  nothing.
- The Start and No Agent URLs do not fire for manual dial: an unanswered manual call comes as the agent's N, B or A.
- The lead is `vendor_lead_code`, else `lead_id`; the source is `source_id`.
"""
