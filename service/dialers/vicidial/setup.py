"""VICIdial's setup text: the call URLs to paste, with the variables it can fill in safely."""

from collections.abc import Iterable
from urllib.parse import urlencode

_CALL = ("call_id", "uniqueid", "lead_id", "campaign", "group", "phone_code", "phone_number", "did_pattern", "SQLdate")
_AGENT = ("epoch", "user", "dialed_number")
_OUTCOME = ("dispo", "talk_time", "callback_datetime", "recording_id")
# These come last, so that odd characters in them cut off nothing else.
_TEXTS = ("vendor_lead_code", "source_id")


def _url(event: str, names: Iterable[str]) -> str:
    """A call URL in VICIdial's notation: each parameter has the name of the variable that fills it."""
    filled = urlencode({name: f"--A--{name}--B--" for name in names})
    return f"VAR{{url}}?event={event}&{filled}"


SETUP = f"""\
VICIdial fetches an address for every call. Paste these into each campaign (Admin, Campaigns, Detail View) and in-group:

**Start Call URL**

    {_url("start", (*_CALL, *_AGENT, *_TEXTS))}

**Dispo Call URL**

    {_url("dispo", (*_CALL, *_AGENT, *_OUTCOME, *_TEXTS, "call_notes"))}

**No Agent Call URL**

    {_url("noagent", (*_CALL, "status", *_TEXTS))}

**Dead Call Trigger URL**, if your version has one:

    {_url("dead", (*_CALL, *_AGENT, *_TEXTS))}

If a Dispo URL exists already, enter `ALT` and add this one as another, for all statuses and lists, minimum talk 0.

- Create the hook with the time zone of the dialer's clock (`--zone`), because VICIdial sends times without a zone.
  calltally prefers `epoch` and `uniqueid` to local times.
- Keep the parameter names: each one is the name of its variable. Do not add people's names, comments or addresses. The
  No Agent URL is sent without percent-encoding, and an `&` or `#` in a name cuts off the rest.
- Use `talk_time`, not `talk_time_min`, which is rounded up and is not read.
- Never add `pass` or `phone_pass`: they send the agent's password. calltally refuses and counts such deliveries.
- The URL is the only proof of the sender: use https, and allow only the dialer's network addresses.
- The agent's browser triggers the Dispo URL. If the browser closes too early, the delivery is lost, and VICIdial does
  not try again. To fill the gaps, import the Export Calls Report with extended fields every night
  (`calltally import attempts FILE.txt --mapping vicidial-export --zone ZONE`). The import creates no duplicates.
- VICIdial delivers by GET only: calltally refuses other requests.
- Enter the URLs in the in-groups of your closers too. Each agent of a transferred call then keeps an own talk time, and
  the talk of the call is their sum. The outcome of the last agent counts, even if the fronter chooses XFER later.
- The Start and No Agent URLs do not fire for manual dial: an unanswered manual call arrives as the agent's N, B or A.
- The lead is `vendor_lead_code`, otherwise `lead_id`; the source is `source_id`.
"""
