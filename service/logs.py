"""Logs: one line per event, with the request's id and without phone numbers or secrets."""

import logging.config
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

import orjson
import structlog
from structlog.typing import EventDict, Processor

from service.config import Settings, mask_url

_API_KEY = re.compile(r"\b(ct_[a-z0-9]{12}_)[\w-]+")
# The address of a hook is a secret.
_HOOK = re.compile(r"(/v1/webhooks/[^/\s]+/)[^/\s?]+")
_BEARER = re.compile(r"\b(bearer\s+)(?!ct_)[\w.~+/=-]+", re.IGNORECASE)
# Names of our files have many digits, too.
_OUR_NAMES = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<=/)(?=\d*[a-f])[0-9a-f]{16}(?!\w)"
# Text with many digits that is not a phone number: a time, a network address, a decimal fraction.
_HARMLESS = (
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?"
    r"|\d{1,3}(?:\.\d{1,3}){3}"
    r"|\d{1,2}\.\d+"
)
_NUMBER = re.compile(
    rf"(?P<harmless>{_OUR_NAMES}|(?<![\d.])(?:{_HARMLESS})(?![\d.]))|\+?\(?\d(?:[ ().\-/]{{0,2}}\d){{6,}}"
)
_UUID = re.compile(r"[0-9a-f]{8}(-?)(?:[0-9a-f]{4}\1){3}[0-9a-f]{12}", re.ASCII)


def mask_text(text: str) -> str:
    """The text with every phone number, API key and password masked.

    This is the second line of defence: code should not log them at all.

    >>> mask_text("no answer from +1 (555) 010-9999 at 2026-03-01T10:00:00Z")
    'no answer from [number] at 2026-03-01T10:00:00Z'
    """
    text = _HOOK.sub(r"\1[secret]", _API_KEY.sub(r"\1[secret]", mask_url(text)))
    return _NUMBER.sub(lambda match: match["harmless"] or "[number]", _BEARER.sub(r"\1[secret]", text))


def configure_logs(settings: Settings) -> None:
    """Send the log lines of this process, including those of libraries, to standard error in the configured format."""
    logging.config.dictConfig(_log_config(settings))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _log_config(settings: Settings) -> dict[str, Any]:
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _shared_processors(),
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _mask_event,
            _renderer(settings),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"calltally": formatter},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "calltally", "stream": "ext://sys.stderr"}
        },
        "root": {"handlers": ["stderr"], "level": settings.log_level.upper()},
        "loggers": {
            "httpx": {"level": "WARNING"},  # it would log every requested address
            "litestar": {"handlers": [], "propagate": True},  # it may have added a handler of its own
        },
    }


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _renderer(settings: Settings) -> Processor:
    if settings.log_format == "json":
        return _render_json
    # A plain traceback: a pretty one shows values of variables that the mask does not cover.
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


def _render_json(_logger: object, _method: str, event: EventDict) -> str:
    return orjson.dumps(event).decode()


def _mask_event(_logger: object, _method: str, event: EventDict) -> EventDict:
    return {key: value if key == "timestamp" else _mask(value) for key, value in event.items()}


def _mask(value: object) -> object:
    """A value for a log line: text is masked at any depth, and any other object becomes masked text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _mask(inner) for key, inner in cast("Mapping[object, object]", value).items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_mask(inner) for inner in cast("Sequence[object]", value)]
    text = str(value)
    return text if _UUID.fullmatch(text) else mask_text(text)
