"""The outside provider, served by this very process on a loopback port while the demo's past is written."""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Thread
from typing import Any

import httpx
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer
from django.db import connections
from django.urls import reverse

from mall.core import clock, signature

PATIENCE = 20.0
# Where the gateways find the sandbox and the stand-ins of the real providers.
_ADDRESSES = {
    "SANDBOX_URL": "/sandbox",
    "WECHAT_PAY_URL": "/sandbox/wechatpay",
    "ALIPAY_URL": "/sandbox/alipay/gateway.do",
}


class ProviderError(Exception):
    """The provider did not take over what it was told."""


@dataclass(frozen=True, slots=True)
class PastCharge:
    """A payment of the past, as the provider is to know it."""

    number: str
    reference: str
    amount_fen: int
    subject: str
    paid_at: datetime


class Provider:
    """What the loader asks of the provider beyond what the gateways do."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def take_over(self, charges: Sequence[PastCharge], *, at: datetime) -> None:
        """Have the provider enter charges of the past. Raises ProviderError."""
        content = {
            "app_id": settings.SANDBOX_APP_ID,
            "merchant_id": settings.SANDBOX_MERCHANT_ID,
            "notify_url": settings.SITE_URL + reverse("payment_notice", args=["sandbox"]),
            "return_url": settings.SITE_URL,
            "charges": [
                {
                    "number": charge.number,
                    "reference": charge.reference,
                    "amount_fen": charge.amount_fen,
                    "currency": "CNY",
                    "subject": charge.subject,
                    "paid_at": charge.paid_at.isoformat(),
                }
                for charge in charges
            ],
        }
        body = json.dumps(content).encode()
        headers = signature.signed_headers(app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, body=body, at=at)
        with clock.standing_at(at):
            answer = self._client.post(f"{settings.SANDBOX_URL}/api/history", content=body, headers=headers)
        if answer.status_code != 200:
            raise ProviderError(f"the sandbox answered {answer.status_code}: {answer.text[:200]}")


@contextmanager
def provider_at_hand() -> Iterator[Provider]:
    """Serve the mall on a free loopback port and point the gateways there."""
    server = WSGIServer(("127.0.0.1", 0), _QuietHandler)
    server.set_app(WSGIHandler())
    thread = Thread(target=_serve, args=[server], daemon=True)
    thread.start()
    before = {name: getattr(settings, name) for name in _ADDRESSES}
    for name, place in _ADDRESSES.items():
        setattr(settings, name, f"http://127.0.0.1:{server.server_port}{place}")
    # A stand-in that has no bill of a day says so with a 400, as the real one does: nothing for the eyes of a person.
    said, level = logging.getLogger("django.request"), logging.getLogger("django.request").level
    said.setLevel(logging.ERROR)
    try:
        with httpx.Client(timeout=PATIENCE) as client:
            yield Provider(client)
    finally:
        said.setLevel(level)
        for name, address in before.items():
            setattr(settings, name, address)
        server.shutdown()
        thread.join()
        server.server_close()


def _serve(server: WSGIServer) -> None:
    try:
        server.serve_forever(poll_interval=0.05)
    finally:
        connections.close_all()


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, *words: Any) -> None:
        """Say nothing: the loader shows its own progress."""
