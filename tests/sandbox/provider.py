"""Speaking to the sandbox as a merchant and as a buyer do, over HTTP."""

import json
from typing import Any

import httpx
from django.conf import settings

from mall.core import clock
from mall.core.signature import signed_headers


def ask(operation: str, **content: Any) -> httpx.Response:
    """Post one signed request, as a merchant."""
    content = {"app_id": settings.SANDBOX_APP_ID, "merchant_id": settings.SANDBOX_MERCHANT_ID} | content
    body = json.dumps(content).encode()
    return post(
        operation,
        body,
        signed_headers(app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, body=body, at=clock.now()),
    )


def post(operation: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    return httpx.post(f"{settings.SANDBOX_URL}/api/{operation}", content=body, headers=headers, timeout=10)


def confirm(pay_url: str, decision: str = "pay") -> httpx.Response:
    """Open the provider's page and press a button there, as a buyer."""
    with httpx.Client(timeout=10) as browser:
        page = browser.get(pay_url)
        assert page.status_code == 200
        token = browser.cookies.get("csrftoken") or ""
        return browser.post(
            pay_url, data={"decision": decision, "csrfmiddlewaretoken": token}, headers={"Referer": pay_url}
        )
