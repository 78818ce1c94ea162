"""A simulated sales floor of any size, for demonstrations, benchmarks and trials.

There is one model of the floor. `scenario` says who works there, for whom and when. `rows` draws leads, calls and
everything that follows from them, column by column, as rows of the ledger's tables. Two drivers use the model. `bulk`
copies the rows into the tables. `live` turns the rows of a small floor into requests of dialers, a CRM and marketing,
and sends them over HTTP. The same plan gives the same floor either way, and no phone number has a subscriber.
"""
