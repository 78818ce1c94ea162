"""Names in a sentence: all of them, or the first few and the number of the others."""

from collections.abc import Sequence
from typing import Literal

from reports.model.language import digits, marked, translate

_PAIRS = {"and": marked("{first} and {last}"), "or": marked("{first} or {last}")}


def join_all(names: Sequence[str], last: Literal["and", "or"] = "and") -> str:
    """All names, the last one after "and" or "or".

    >>> join_all(["web", "radio", "referral"])
    'web, radio and referral'
    >>> join_all(["web", "radio"], "or")
    'web or radio'
    """
    if len(names) == 1:
        return names[0]
    return translate(_PAIRS[last], first=", ".join(names[:-1]), last=names[-1])


def join_first(names: Sequence[str], most: int, *, separator: str = ", ", before_rest: str = " ") -> str:
    """The first names, and how many others there are. Names that contain commas need longer separators.

    >>> join_first(["web", "radio", "referral"], 2)
    'web, radio and 1 more'
    >>> join_first(["web", "radio"], 2)
    'web, radio'
    """
    rest = len(names) - most
    more = translate("and {count} more", count=digits(rest))
    return separator.join(names[:most]) + (f"{before_rest}{more}" if rest > 0 else "")
