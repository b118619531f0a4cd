"""Posting to an address that a supplier chose: to public hosts alone, once, and without waiting long.

A name is looked up where the connection is made, and all that it leads to has to be public: what it led to when it was
entered proves nothing (DNS rebinding). No redirect is followed, no proxy asked, and of the answer only its status read.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore
from django.conf import settings

from integration import rules
from integration.models import AttemptError
from mall.core import clock

AGENT = "Mall-Webhooks/1"
CONNECT_SECONDS = 3.0
# From the first byte to the status of the answer, however slowly it drips.
WHOLE_SECONDS = 10.0
# Addresses in which others are wrapped: what they lead to is not to be seen from here.
WRAPPED = tuple(IPv6Network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))


class NotPublic(Exception):
    """A name leads into a network of somebody's own."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of it: a status, or why there is none."""

    status: int | None
    error: str
    took_ms: int


def is_public(address: str) -> bool:
    """Say whether an address is one of the public internet: not of this machine, a private or link-local network, a
    carrier's, a test's or a multicast group's, nor one in which such an address may be wrapped."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found.is_site_local or any(found in network for network in WRAPPED):
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def is_loopback(address: str) -> bool:
    """Say whether an address is this machine's own."""
    return ip_address(address.partition("%")[0]).is_loopback


def addresses_of(host: str, port: int) -> list[str]:
    """Return what a name leads to. Raises NotPublic where any of it may not be told anything, OSError where the name
    leads nowhere."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"no name: {host[:80]}") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not is_public(address) and not (settings.WEBHOOK_ALLOWS_LOOPBACK and is_loopback(address)):
            raise NotPublic(address)
    return addresses


def post(*, url: str, message_id: str, body: bytes, secrets: Sequence[str]) -> Reply:
    """Post once, signed by each of the secrets. Never raises for what a receiver does or does not."""
    began = time.monotonic()
    status, error = None, ""
    until = began + WHOLE_SECONDS
    headers = _headers(message_id, body, secrets)
    waits = {"connect": CONNECT_SECONDS, "read": WHOLE_SECONDS, "write": WHOLE_SECONDS, "pool": CONNECT_SECONDS}
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_trust(), retries=0, network_backend=PublicBackend(until)) as pool,
            pool.stream("POST", url, headers=headers, content=body, extensions={"timeout": waits}) as response,
        ):
            status = response.status
    except Exception as failure:
        # Whatever a stranger's server does is an answer, and no failure of ours.
        if status is None:
            error = _why(failure)
    return Reply(status, error, max(0, int((time.monotonic() - began) * 1000)))


def _headers(message_id: str, body: bytes, secrets: Sequence[str]) -> list[tuple[bytes, bytes]]:
    """Return the headers of Standard Webhooks. The timestamp is the machine's: receivers compare it with their own."""
    timestamp = int(clock.device_now().timestamp())
    signed = " ".join(
        rules.signature(secret=secret, message_id=message_id, timestamp=timestamp, body=body) for secret in secrets
    )
    told = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signed,
    }
    return [(name.encode(), value.encode()) for name, value in told.items()]


@cache
def _trust() -> ssl.SSLContext:
    """Return whom is believed over TLS; reading all authorities anew takes longer than most posts."""
    return httpcore.default_ssl_context()


class PublicBackend(httpcore.NetworkBackend):
    """Connects to public addresses alone, and lets nobody hold the line for longer than until `until`."""

    def __init__(self, until: Any) -> None:
        self.until = until
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: Any = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = OSError("no address")
        for address in addresses_of(host.strip("[]"), port)[:3]:
            try:
                stream = self._sockets.connect_tcp(address, port, _left(self.until, timeout), None, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return Hurried(stream, self.until)
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: Any = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise NotPublic(path)


class Hurried(httpcore.NetworkStream):
    """A connection that is over at an instant of the monotonic clock, whatever drips from it until then."""

    def __init__(self, stream: httpcore.NetworkStream, until: Any) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: Any = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: Any = None) -> None:
        self._stream.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: Any = None
    ) -> httpcore.NetworkStream:
        return Hurried(self._stream.start_tls(ssl_context, server_hostname, _left(self._until, timeout)), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: Any, timeout: Any) -> Any:
    """Return for how many seconds may still be waited, at most `timeout`. Raises ReadTimeout where none is left."""
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("took too long")
    return left if timeout is None else min(left, timeout)


def _why(failure: BaseException) -> AttemptError:
    """Return in which of our words nobody answered."""
    if isinstance(failure, NotPublic):
        return AttemptError.ADDRESS
    if isinstance(failure, socket.gaierror):
        return AttemptError.NAME
    if isinstance(failure, httpcore.TimeoutException):
        return AttemptError.TIMEOUT
    if isinstance(failure, httpcore.ConnectError | OSError):
        beneath = (failure, failure.__cause__, failure.__context__)
        is_tls = any(isinstance(one, ssl.SSLError) for one in beneath)
        return AttemptError.TLS if is_tls else AttemptError.CONNECT
    return AttemptError.BROKEN
