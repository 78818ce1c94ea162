"""Whether a delivery is whose it says it is: secrets compared so that the time taken tells nothing."""

from hmac import compare_digest

from service.dialers import Hook, Refused


def shared_secret(hook: Hook) -> str:
    """What account and vendor share. Raises Refused where the hook was made without it."""
    if not hook.secret:
        raise Refused("the hook has no secret")
    return hook.secret


def same(given: str, expected: str) -> bool:
    """Whether two texts are the same, in a time that does not depend on where they differ."""
    return compare_digest(given.encode(errors="surrogatepass"), expected.encode(errors="surrogatepass"))


def check(given: str | None, *expected: str) -> None:
    """Raise Refused unless what was given is one of what is expected; every one of them is compared."""
    if not given:
        raise Refused("no proof", 401)
    if sum(same(given, one) for one in expected) == 0:
        raise Refused("wrong proof")
