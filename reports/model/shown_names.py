"""What people call the codes of campaigns, sources and agents: their configured names, each of them unmistakable."""

from collections import Counter
from collections.abc import Mapping

Names = Mapping[str, Mapping[str, str]]


def shown_names(names: Names) -> Names:
    """The names by dimension and code; with the code where several codes have one name, or a name is another's code."""
    return {dimension: _distinct(of_codes) for dimension, of_codes in names.items()}


def _distinct(names: Mapping[str, str]) -> dict[str, str]:
    used = Counter(names.values())
    return {
        code: f"{name} ({code})" if used[name] > 1 or (name != code and name in names) else name
        for code, name in names.items()
    }
