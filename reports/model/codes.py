"""An account's codes at one moment: what each campaign, agent, source and disposition counts as.

A merged code counts as the code it was merged into, to the end of the chain. Merges in a circle are ignored: each code
of the circle counts as itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

import polars as pl

from reports.model.answer_time import TARGET_METRIC, USUAL, AnswerTime
from reports.model.calendars import SCHEMA as CALENDARS
from reports.model.calendars import Calendars, read_calendars
from reports.model.lead_attributes import SCHEMA as LEAD_ATTRIBUTES
from reports.model.lead_attributes import LeadAttribute, read_attributes
from reports.model.types import CODES, Schema
from reports.model.vocabulary import AXES

# The configuration that reports read: few rows, read as a whole, at the same moment as the facts.
TABLES: dict[str, Schema] = {
    **CODES,
    # Teams that no agent needs to be in.
    "teams": {"code": pl.String},
    "calendars": CALENDARS,
    "targets": {
        "metric": pl.String,
        "dimension": pl.String,
        "code": pl.String,
        "from_on": pl.Date,
        "to_on": pl.Date,
        "value": pl.Float64,
        "upper": pl.Float64,
        "within_ms": pl.Int64,
    },
    "lead_attributes": LEAD_ATTRIBUTES,
}

AGREED = ("sale", "appointment", "qualified")


@dataclass(frozen=True, eq=False)
class Codes:
    """Tables to join to facts: `code` as sent with a fact, `reads` as it counts, and what is configured for it."""

    agents: pl.DataFrame
    campaigns: pl.DataFrame
    sources: pl.DataFrame
    dispositions: pl.DataFrame
    tracking_numbers: frozenset[str]
    teams: frozenset[str]
    calendars: Calendars
    targets: pl.DataFrame
    lead_attributes: Mapping[str, LeadAttribute]

    def reading(self, dimension: str, code: str) -> str | None:
        """What a code counts as; None when the account has no such code."""
        match dimension:
            case "tracking_number":
                return code if code in self.tracking_numbers else None
            case "team":
                return code if code in self.teams or code in self.agents["team"] else None
            case "queue":
                return code
            case _:
                table: pl.DataFrame = getattr(self, f"{dimension}s")
                reads = table.filter(pl.col("code") == code)["reads"]
                return reads[0] if reads.len() else None

    def spellings(self, dimension: str, reads: Iterable[str]) -> list[str]:
        """Every code that counts as one of these, as facts may spell it."""
        if dimension == "tracking_number":
            return list(reads)
        table: pl.DataFrame = getattr(self, f"{dimension}s")
        return [*reads, *table.filter(pl.col("reads").is_in(list(reads)))["code"]]

    def read(self, column: str, dimension: str | None = None) -> pl.Expr:
        """A column of codes as they count. dimension: what kind of code, when the column has another name."""
        table: pl.DataFrame = getattr(self, f"{dimension or column}s")
        merged = table.filter(pl.col("reads") != pl.col("code"))
        return pl.col(column).replace(merged["code"], merged["reads"]) if merged.height else pl.col(column)

    def team_of(self, column: str) -> pl.Expr:
        """The team of a column of agents."""
        return _look_up(column, self.agents, "team")

    def source_of(self, column: str) -> pl.Expr:
        """The source of each campaign in a column."""
        return _look_up(column, self.campaigns, "source")

    def band_of(self, metric: str, day: date) -> tuple[float, float] | None:
        """The band that the whole account aims at for a metric on a day; None where it has set none."""
        valid = self._targets_of(metric, day).filter(pl.col("dimension").is_null() & pl.col("upper").is_not_null())
        return (valid["value"][-1], valid["upper"][-1]) if valid.height else None

    def answer_time(self, day: date) -> AnswerTime:
        """How soon the account means to answer calls on a day."""
        valid = self._targets_of(TARGET_METRIC, day)
        of_account = valid.filter(pl.col("dimension").is_null())
        of_queues = valid.filter(dimension="queue").unique("code", keep="last", maintain_order=True)
        usual_ms = of_account["within_ms"][-1] if of_account.height else None
        times = of_queues.drop_nulls("within_ms").select("code", "within_ms")
        return AnswerTime(USUAL.usual_ms if usual_ms is None else usual_ms, dict(times.iter_rows()))

    def target_of(self, metric: str, day: date, queue: str | None) -> float | None:
        """The value that a queue should reach on a day, or else the account; None where neither has a target."""
        valid = self._targets_of(metric, day).drop_nulls("value")
        of_queue = valid.filter(dimension="queue", code=queue or "")
        values = pl.concat([valid.filter(pl.col("dimension").is_null()), of_queue])["value"]
        return values[-1] if values.len() else None

    def _targets_of(self, metric: str, day: date) -> pl.DataFrame:
        """The targets of a metric that cover a day, the one that started last at the end."""
        return self.targets.filter(
            pl.col("metric") == metric,
            pl.col("from_on").fill_null(date.min) <= day,
            pl.col("to_on").fill_null(date.max) >= day,
        ).sort("from_on", nulls_last=False, maintain_order=True)

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """The configured names of campaigns, sources and agents, by dimension and code."""
        tables = {"campaign": self.campaigns, "source": self.sources, "agent": self.agents}
        named = {name: table.filter(pl.col("name") != "").select("reads", "name") for name, table in tables.items()}
        return {name: dict(table.iter_rows()) for name, table in named.items()}

    @cached_property
    def meanings(self) -> dict[str, str]:
        """What each disposition means: a digest and the code that it counts as. Codes that mean nothing are left out.

        Calls with a code have equal outcomes while its meaning is the same.
        """
        means = pl.any_horizontal(pl.col(name).is_not_null() for name in self.dispositions.columns if name in AXES)
        known = self.dispositions.filter(means | (pl.col("reads") != pl.col("code")))
        rows = known.drop("code", "reads").iter_rows()
        digests = (sha256(repr(row).encode()).hexdigest()[:16] for row in rows)
        named = zip(known["code"], digests, known["reads"], strict=True)
        return {code: f"{digest} {reads}" for code, digest, reads in named}

    @cached_property
    def readings(self) -> dict[str, dict[str, str]]:
        """What codes of calls and leads count as, by dimension; a campaign also by its source.

        Codes that count as themselves are left out.
        """
        merged = pl.col("reads") != pl.col("code")
        source = self.campaigns.select("code", "reads", "source").with_columns(source=self.read("source"))
        campaigns = source.filter(merged | pl.col("source").is_not_null())
        counts_as = campaigns.select("code", pl.concat_str("reads", pl.col("source").fill_null(""), separator="\n"))
        others = {"agent": self.agents, "source": self.sources}
        return {
            "campaign": dict(counts_as.iter_rows()),
            **{name: dict(table.filter(merged).select("code", "reads").iter_rows()) for name, table in others.items()},
        }

    def zone_of_campaign(self, reads: str) -> str | None:
        """The time zone of a campaign; None when it has none."""
        zones = self.campaigns.filter(pl.col("code") == reads)["zone"]
        return zones[0] if zones.len() else None


def read_codes(tables: Mapping[str, pl.DataFrame], zone: str = "UTC") -> Codes:
    """The codes from the tables of an account; zone: the account's. The columns are those of TABLES."""
    return Codes(
        agents=_read(tables["agents"]),
        campaigns=_read(tables["campaigns"]),
        sources=_read(tables["sources"]),
        dispositions=_read(tables["disposition_codes"]).with_columns(*_silence_the_unknown(), _agreed()),
        tracking_numbers=frozenset(tables["tracking_numbers"]["code"]),
        teams=frozenset(tables["teams"]["code"]),
        calendars=read_calendars(tables["calendars"], zone),
        targets=tables["targets"],
        lead_attributes=read_attributes(tables["lead_attributes"]),
    )


def no_codes() -> Codes:
    """The codes of an account that has none."""
    return read_codes({name: pl.DataFrame(schema=schema) for name, schema in TABLES.items()})


def follow_merges(merged_into: Mapping[str, str]) -> dict[str, str]:
    """The code that each merged code counts as.

    >>> follow_merges({"fb": "facebook", "facebook": "meta", "x": "y", "y": "x"})
    {'fb': 'meta', 'facebook': 'meta'}
    """
    ends: dict[str, str] = {}
    for code in merged_into:
        seen, end = {code}, merged_into[code]
        while end in merged_into and end not in seen:
            seen.add(end)
            end = merged_into[end]
        if end not in merged_into:
            ends[code] = end
    return ends


def _look_up(column: str, codes: pl.DataFrame, what: str) -> pl.Expr:
    return pl.col(column).replace_strict(codes["code"], codes[what], default=None, return_dtype=codes.schema[what])


def _read(table: pl.DataFrame) -> pl.DataFrame:
    links = table.filter(pl.col("merged_into").is_not_null())
    ends = follow_merges(dict(zip(links["code"], links["merged_into"], strict=True)))
    return table.select("code", reads=pl.col("code").replace(ends)).join(
        table.drop("merged_into"), left_on="reads", right_on="code", how="left"
    )


def _silence_the_unknown() -> list[pl.Expr]:
    """The axes without `unknown`: a code with an unknown axis tells nothing about that axis."""
    return [
        pl.when(pl.col(axis) != "unknown").then(pl.col(axis)).alias(axis)
        for axis, values in AXES.items()
        if "unknown" in values
    ]


def _agreed() -> pl.Expr:
    return pl.col("result").cast(pl.String).is_in(AGREED).fill_null(value=False).alias("agreed")
