"""How much chance the tests take: a little in `make test`, much more in `make proof`, which sets PROOF_STEPS."""

import os

PROVING = "PROOF_STEPS" in os.environ
# Steps of the random walks over the lake, all walks together.
WALK_STEPS = int(os.environ.get("PROOF_STEPS", "120"))


def examples(suite: int, proof: int) -> int:
    """How many examples of a costly law to try."""
    return proof if PROVING else suite
