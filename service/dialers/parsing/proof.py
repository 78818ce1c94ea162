"""Proof of the sender: secrets are compared so that the time taken reveals nothing."""

from hmac import compare_digest

from service.dialers import HookSettings, Refused


def shared_secret(hook: HookSettings) -> str:
    """The secret that account and vendor share. Raises Refused if the hook has none."""
    if not hook.secret:
        raise Refused("the hook has no secret")
    return hook.secret


def equal_in_constant_time(actual: str, expected: str) -> bool:
    """Whether two texts are equal, in a time that does not depend on where they differ."""
    return compare_digest(actual.encode(errors="surrogatepass"), expected.encode(errors="surrogatepass"))


def check_proof(proof: str | None, *expected: str) -> None:
    """Raise Refused unless the proof equals one of the expected ones; all of them are compared."""
    if not proof:
        raise Refused("no proof", 401)
    if sum(equal_in_constant_time(proof, genuine) for genuine in expected) == 0:
        raise Refused("wrong proof")
