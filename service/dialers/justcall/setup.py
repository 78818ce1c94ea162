"""JustCall's setup text: which events to subscribe to, and what JustCall does not tell."""

SETUP = """\
Open JustCall, Settings, APIs and Webhooks, Webhooks (Team plan or higher), and add a webhook with the address

    {url}

for each of these events: **Call initiated**, **Incoming call**, **Call answered**, **Call missed**, **Voicemail**,
**Call completed**, **Call updated**. In the sales dialer, also add it for **Call completed** and **Call updated**.

- Turn on **dynamic webhook signatures**, and give the API secret to the hook.
- **Call updated** is required: agents choose dispositions after a call, and only this event brings them. The best
  result among disposition, tags and rating counts; one that an agent takes away counts no more.
- The address is part of the signature: paste it exactly.
- Dispositions are identified by their labels: define each one under Settings, Disposition codes, or with
  `PUT /v1/disposition-codes/{code}`. calltally lists codes without a definition. Ratings are
  the codes `rating 1` to `rating 5`.
- JustCall names no lead of your CRM: calltally finds the lead by the customer's number.

JustCall tells hold and ringing in seconds, but not how long each agent of a transferred call talked: the last agent
gets the whole talk. The signature does not cover the body: keep the address secret, and use https.
"""
