"""The service's listening address: checks whether it is free, and whether the service answers there."""

import http.client
import socket
from typing import Any

from service.config import Settings, SetupError


def check_port_is_free(settings: Settings) -> None:
    """Refuse a port in use: two services would silently share the requests. Raises SetupError."""
    family, kind, protocol, _, address = _resolve(settings)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise SetupError(
                f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}): choose another port with --port"
            ) from None


def _resolve(settings: Settings) -> list[Any]:
    try:
        return socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise SetupError(f"{settings.host} is not an address of this machine ({error.strerror})") from None


def is_ready(settings: Settings) -> bool:
    """Whether the service reports that it is ready."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def address(settings: Settings) -> str:
    """The address of the service, as typed into a browser."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"
