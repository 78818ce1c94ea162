"""What a dialer engineer pastes into Twilio, and what Twilio can and cannot tell."""

PROOF = "The Auth Token of the Twilio account that places the calls: console.twilio.com, Account Info."

ANSWER_DETECTION = (
    "Human, machine or fax if machine detection is on. Otherwise Twilio only tells that a call was answered: a"
    " voicemail greeting counts as answered, and after enough talk a person is assumed, as the hook is set."
)

SETUP = """\
Pass `{url}` to Twilio wherever your application places a call to a customer:

- REST API, `Calls.create`: `StatusCallback={url}`, `StatusCallbackMethod=POST`,
  `StatusCallbackEvent=initiated ringing answered completed`. Without `ringing`, a call that the agent gives up counts
  as cancelled.
- `<Dial><Number>` and `<Dial><Sip>` for calls that an agent dials: `statusCallback="{url}"`,
  `statusCallbackEvent="initiated ringing answered completed"`. Each number is an attempt of its own, one after the
  other or at once. A SIP address counts as a customer if its user is a phone number, except in your own domain
  `sip.twilio.com`.
- `<Dial action="{url}">` for calls that an agent dials: it reports recordings, and whether the two sides talked. The
  agent's call ends after it, because calltally answers with an empty response.
- Machine detection: `MachineDetection=Enable`; with `AsyncAmd=true`, also `AsyncAmdStatusCallback={url}`.
- Recordings: `RecordingStatusCallback={url}`.
- A number that customers call: Phone Numbers, Manage, Active numbers, the number, Voice Configuration, Call status
  changes. Enter `{url}?calls=inbound`, HTTP POST. Use this address for its `<Enqueue action>`, `<Dial><Client>`,
  `<Dial><Number>` and recordings too.

Twilio does not know your agents, leads and campaigns. Add them to the address of each call, percent-encoded:
`{url}?agent=ada&lead=lead-77&campaign=spring-renewals`. In TwiML, write `&amp;` for each `&`:

```xml
<Dial><Number statusCallback="{url}?agent=ada&amp;lead=lead-77&amp;campaign=spring-renewals"
  statusCallbackEvent="initiated ringing answered completed">+14155550123</Number></Dial>
```

| part of the address | meaning |
|---|---|
| `agent`, `lead`, `campaign` | The call's own. Without `campaign`, the hook's campaign applies. |
| `contact` | Your own id of the person, if it is not the id of a lead. |
| `handled` | Who handled an answered call: `agent`, `abandoned_by_us`, `abandoned_by_callee`, `ivr_only`, `none`. |
| `calls=inbound` | Calls from customers, and all their legs. |
| `calls=outbound` | Calls to customers and all their legs, for `<Dial action>` after a customer has answered. |
| `calls=agent` | An agent's own leg, if Twilio reaches the agent by phone. It is no attempt. |
| `call` | On the leg of an agent, or on a conference: the `CallSid` of the customer's call. |

**Agents.** Give agents' legs the same callbacks as customers' legs: talk counts from an agent's joining to leaving.
Legs to `client:` and to the SIP addresses of agents are known as such. If you call an agent's phone and then dial the
customer, use `{url}?calls=agent&agent=ada` for the agent's call, or no callback.

**Conferences.** A conference's callback tells who was with the customer, and holds:

```xml
<Dial><Conference statusCallback="{url}?call=CA123&amp;agent=ada"
  statusCallbackEvent="join leave hold">room-7</Conference></Dial>
```

Write the `CallSid` of the customer's call in `call`. Name other agents by `participantLabel`. In the REST API, the same
address is `ConferenceStatusCallback`.

**Dropped calls.** Twilio does not tell that a person answered and no agent came. When you end such a call, set
`StatusCallback={url}?handled=abandoned_by_us` on it first, or redirect it to that address. Without `handled`, the drop
rate of calls without a known agent reads "not enough data".

Every callback is signed over its whole address: use the address exactly as shown here.
"""
