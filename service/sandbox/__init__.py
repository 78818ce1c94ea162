"""A simulated sales floor of any size, written straight into the ledger: what benchmarks and large trials stand on.

`calltally demo` lives through a few days call by call and sends what happened through the service. Here months of calls
are drawn column by column, a block of leads with everything that came of them at a time, and copied into the tables as
capture would have stored them. The same plan gives the same floor; every phone number belongs to nobody.
"""

from service.sandbox.bulk.copying import Written, write
from service.sandbox.scenario.plan import Plan
from service.sandbox.scenario.scenario import Floor

__all__ = ["Floor", "Plan", "Written", "write"]
