"""A simulated sales floor of any size, written straight into the ledger: what benchmarks and large trials stand on.

`calltally demo` lives through a few days call by call and sends what happened through the service. Here months of calls
are drawn column by column, a block of leads with everything that came of them at a time, and copied into the tables as
capture would have stored them. The same plan gives the same floor; every phone number belongs to nobody.
"""

from service.simulate.floor import Floor
from service.simulate.plan import Plan
from service.simulate.writing import Written, write

__all__ = ["Floor", "Plan", "Written", "write"]
