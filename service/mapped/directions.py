"""Directions: which calls of a delivery go out, which come in, and which count nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from service.importing.cells import translated
from service.importing.language.mapping import FileMapping
from service.importing.row_kinds import rows_by_kind
from service.mapped.bodies import Body
from service.mapped.cells import chunk_of_calls

# A later event of a call often leaves its direction out: it adds to the call, whichever it is.
UNSURE = ""


@dataclass(frozen=True)
class Directions:
    """The places of calls by kind. unlisted: directions that the mapping does not know, in the vendor's words."""

    places: Mapping[str, frozenset[int]]
    unlisted: tuple[str, ...]


def directions_of(body: Body, mapping: FileMapping) -> Directions:
    """The directions of the calls of a delivery."""
    router, kinds = mapping.router, list(mapping.kinds)
    chunk = chunk_of_calls(body, replace(mapping, mapped_fields=(), others={}))
    rows = rows_by_kind(chunk, router, kinds)
    places = {kind: frozenset(rows.places.get(kind, ())) for kind in kinds}
    if router.direction is None:
        return Directions({**places, UNSURE: frozenset()}, ())
    cells, _ = translated(chunk, router.direction)
    not_skipped = rows_by_kind(chunk, replace(router, direction=None), [router.main]).places[router.main]
    unsure = frozenset(not_skipped).intersection(cells.is_null().arg_true())
    listed = unsure.union(*places.values())
    others = [place for place in not_skipped if place not in listed]
    return Directions({**places, UNSURE: unsure}, tuple(dict.fromkeys(cells.gather(others).to_list())))
