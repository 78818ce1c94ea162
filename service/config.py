"""The settings of an installation, read from CALLTALLY_ variables, each with a working default."""

import os
import re
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

PREFIX = "CALLTALLY_"

_URL_PASSWORD = re.compile(r"(?<=://)([^/@:]*):[^/@]*(?=@)|(?<=[?&]password=)[^&]*")
_PUBLIC_URL = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?", re.ASCII)
_MAIL_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_URL_SCHEME = re.compile(r"postgres(ql)?://", re.ASCII)
_SMTP_URL = re.compile(
    r"smtps?://([^\s/?#@]+@)?([^\s/?#@:\[\]]+|\[[0-9a-f:]+\])(:\d{1,5})?/?", re.ASCII | re.IGNORECASE
)

Count = Annotated[int, Field(ge=1)]


class SetupError(Exception):
    """The machine or its settings need a correction; the message explains it."""


def default_home() -> Path:
    """The default folder of the ledger: /var/lib/calltally for root, else the user's data folder."""
    if os.geteuid() == 0:
        return Path("/var/lib/calltally")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "calltally"


class Settings(BaseModel):
    """All settings. A command creates them when it runs: `Settings()` reads the current environment."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)

    home: Path = Field(default_factory=default_home, description="Folder of the embedded ledger and of all other data.")
    database_url: str | None = Field(
        default=None, repr=False, description="A PostgreSQL 18 server to use instead of the embedded one."
    )
    lake: str | None = Field(
        default=None,
        description="Folder or s3:// address of the lake; AWS_ variables give access.  [default: lake in home]",
    )
    cache: Path | None = Field(
        default=None,
        description="Folder of the store, which each machine makes for its reports.  [default: cache in home]",
    )
    sync_seconds: Annotated[float, Field(ge=0)] = Field(
        default=60.0, description="Seconds between updates of the lake and the store by the service; 0 turns them off."
    )
    host: str = Field(default="127.0.0.1", description="Address the service listens on.")
    port: int = Field(default=8321, ge=1, le=65535, description="Port the service listens on.")
    public_url: str | None = Field(
        default=None,
        description="Address that dialers use from outside, such as https://calls.example.com; some sign it."
        "  [default: http://HOST:PORT]",
    )
    secret_key: str | None = Field(
        default=None,
        min_length=32,
        repr=False,
        description="Encrypts the secrets shared with dialers: at least 32 random characters."
        "  [default: secret.key in home, created when needed]",
    )
    smtp_url: str | None = Field(
        default=None,
        repr=False,
        description="Mail server for invitations and new passwords, such as smtp://USER:PASSWORD@mail.example.com:587;"
        " smtps:// for TLS from the start.  [default: no mail, and pages show the links to copy]",
    )
    mail_from: str | None = Field(
        default=None,
        description="Sender of mails, such as Calltally <calls@example.com>."
        "  [default: calltally@ the host of CALLTALLY_PUBLIC_URL]",
    )
    inbox_days: Annotated[int, Field(ge=0)] = Field(
        default=90, description="Days to keep the deliveries of dialers; 0 keeps them forever."
    )
    hook_bytes_per_day: Annotated[int, Field(ge=0)] = Field(
        default=256 * 1024 * 1024,
        description="Most bytes of deliveries to keep for one hook and day; calls of later deliveries are still stored."
        " 0: no limit.",
    )
    rejected_days: Annotated[int, Field(ge=0)] = Field(
        default=90, description="Days to keep rejected items; 0 keeps them forever."
    )
    oidc_issuer: str | None = Field(
        default=None, description="Address of the identity provider that people sign in with (OpenID Connect)."
    )
    oidc_client_id: str | None = Field(default=None, description="Client id that the identity provider gave calltally.")
    oidc_client_secret: str | None = Field(default=None, repr=False, description="Client secret that goes with the id.")
    oidc_name: str = Field(default="your company account", description="Name of the identity provider on the button.")
    audit_days: Annotated[int, Field(ge=0)] = Field(
        default=730, description="Days to keep the audit log, at least 365; 0 keeps it forever."
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks of your own proxies, with commas between them, such as 10.0.0.0/8. Behind"
        " them, the address of a client is that in X-Forwarded-For.",
    )
    workers: Count = Field(default=2, description="Processes that answer requests.")
    pool_size: Count = Field(default=10, description="Most connections to the ledger per worker.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level of log lines to write."
    )
    log_format: Literal["console", "json"] = Field(
        default_factory=lambda: "console" if sys.stderr.isatty() else "json",
        description="Format of log lines.  [default: console on a terminal, else json]",
    )
    max_body_bytes: Count = Field(
        default=16 * 1024 * 1024,
        description="Largest body with one object or an array; NDJSON streams have no limit.",
    )
    max_upload_bytes: Count = Field(
        default=256 * 1024 * 1024, description="Largest file to upload on the page Import of Settings."
    )
    max_batch: Count = Field(default=5000, description="Most items in one array.")
    max_item_bytes: Count = Field(default=65536, description="Largest single item, in NDJSON streams too.")
    shutdown_seconds: Annotated[float, Field(gt=0)] = Field(
        default=30.0, description="Seconds that open requests may take to finish when the service stops."
    )

    @property
    def lake_root(self) -> str:
        """The folder or address of the lake."""
        return self.lake or str(self.home / "lake")

    @property
    def cache_root(self) -> Path:
        """The folder of the store, which this machine makes of the lake for its reports."""
        return self.cache or self.home / "cache"

    @property
    def public_root(self) -> str:
        """The address of the service as dialers know it, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def mail_sender(self) -> str:
        """The sender of mails."""
        return self.mail_from or f"calltally@{urlsplit(self.public_root).hostname}"

    @model_validator(mode="before")
    @classmethod
    def read_environment(cls, options: dict[str, Any]) -> dict[str, Any]:
        """Add what the environment sets and no option does. An empty variable counts as none."""
        environment = {name.upper(): value for name, value in os.environ.items() if value}
        fields = {field: environment.get(variable(field)) for field in cls.model_fields}
        return {field: value for field, value in fields.items() if value is not None} | options

    @field_validator("home", "cache")
    @classmethod
    def resolve_folder(cls, folder: Path | None) -> Path | None:
        """Resolve a folder to one absolute path, for any spelling and any working directory."""
        return folder.expanduser().resolve() if folder else None

    @field_validator("cache", mode="before")
    @classmethod
    def refuse_address(cls, cache: object) -> object:
        """Refuse an address: reports map the files of the store into memory, so these are on this machine."""
        if isinstance(cache, str) and "://" in cache:
            raise ValueError("must be a folder of this machine")
        return cache

    @field_validator("audit_days")
    @classmethod
    def require_a_year(cls, days: int) -> int:
        """Require a year: a trail that is shorter does not show what happened since the last review."""
        if 0 < days < 365:
            raise ValueError("must be 0 or at least 365")
        return days

    @field_validator("trusted_proxies")
    @classmethod
    def require_networks(cls, proxies: str) -> str:
        """Require network addresses: a name could be anybody's."""
        for proxy in filter(None, (part.strip() for part in proxies.split(","))):
            try:
                ip_network(proxy, strict=False)
            except ValueError:
                raise ValueError("must be addresses or networks such as 10.0.0.0/8, with commas between them") from None
        return proxies

    @field_validator("lake")
    @classmethod
    def refuse_partitions(cls, lake: str | None) -> str | None:
        """Refuse an = sign: readers of the lake would take a folder such as env=test for a column."""
        if lake is not None and "=" in lake:
            raise ValueError("must not hold an = sign, which readers take for a partition")
        return lake if lake is None or "://" in lake else str(Path(lake).expanduser().resolve())

    @field_validator("public_url")
    @classmethod
    def require_http(cls, url: str | None) -> str | None:
        """Require an HTTP address, because dialers use it and sign it exactly as written."""
        if url is not None and not _PUBLIC_URL.fullmatch(url):
            raise ValueError("must be like https://calls.example.com, without a query")
        return url and url.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def require_smtp(cls, url: str | None) -> str | None:
        """Require an SMTP server."""
        if url is not None and not _SMTP_URL.fullmatch(url):
            raise ValueError("must be like smtp://USER:PASSWORD@mail.example.com:587, or start with smtps://")
        if url is not None and not all(map(_is_port, _ports(url))):
            raise ValueError("must have a number for its port")
        return url

    @field_validator("mail_from")
    @classmethod
    def require_address(cls, sender: str | None) -> str | None:
        """Require an address that mail servers accept."""
        if sender is not None and not (sender.isprintable() and _MAIL_ADDRESS.fullmatch(parseaddr(sender)[1])):
            raise ValueError("must be like calls@example.com, or Calltally <calls@example.com>")
        return sender

    @field_validator("database_url")
    @classmethod
    def require_postgresql(cls, url: str | None) -> str | None:
        """Require PostgreSQL, the only database for the ledger."""
        if url is not None and not _URL_SCHEME.match(url):
            raise ValueError("must start with postgresql://")
        if url is not None and not all(map(_is_port, _ports(url))):
            raise ValueError("must have a number for its port")
        return url


def _ports(url: str) -> list[str]:
    """The ports of the hosts in the URL of a database, as they stand there; an IPv6 address stands in brackets."""
    hosts = urlsplit(url).netloc.rpartition("@")[2].split(",")
    return [host.rpartition("]")[2].partition(":")[2] for host in hosts]


def _is_port(text: str) -> bool:
    return not text or (text.isdecimal() and 0 < int(text) < 65536)


def read_settings(**options: Any) -> Settings:
    """The settings of the environment, overridden by options of a command (None keeps the environment's).

    Raises SetupError naming every variable that is wrong, without repeating its value.
    """
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        faults = [f"{variable(str(fault['loc'][0]))}: {_words_of(fault['msg'])}" for fault in error.errors()]
        raise SetupError("; ".join(faults)) from None


def _words_of(message: str) -> str:
    """What is wrong with a value, without the words of the library that found it."""
    return message.removeprefix("Value error, ")


def variable(field: str) -> str:
    """The environment variable of a setting.

    >>> variable("database_url")
    'CALLTALLY_DATABASE_URL'
    """
    return PREFIX + field.upper()


def mask_url(url: str) -> str:
    """The URL with its password hidden.

    >>> mask_url("postgresql://sales:hush@db.example/ledger")
    'postgresql://sales:***@db.example/ledger'
    """
    return _URL_PASSWORD.sub(lambda match: f"{match[1]}:***" if match[1] is not None else "***", url)


def warn_unknown(names: Iterable[str]) -> list[str]:
    """One warning per unknown CALLTALLY_ variable, with the name the user probably meant."""
    known = Settings.model_fields
    fields = (name.removeprefix(PREFIX).lower() for name in names if name.startswith(PREFIX))
    return [_warning(field, get_close_matches(field, known, n=1)) for field in sorted(fields) if field not in known]


def _warning(field: str, close: list[str]) -> str:
    advice = f"did you mean {variable(close[0])}?" if close else "see: calltally config"
    return f"{variable(field)} is not a setting; {advice}"
