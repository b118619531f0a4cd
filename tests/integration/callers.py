"""A supplier's own system: it calls the interface by key and keeps what a client keeps."""

import json
from collections.abc import Sequence
from typing import Any

from django.test import Client

from integration import rules
from integration.commands import make_key
from mall.core import clock
from mall.core.ids import random_code
from members.models import Member
from suppliers.models import Supplier
from tests.factories import a_seat, a_supplier

BASE = "/api/supplier/v1/"


class Caller:
    """A client with a key of a supplier; `scopes` are all where none are named."""

    def __init__(
        self, supplier: Supplier | None = None, *, scopes: Sequence[str] = rules.SCOPES, owner: Member | None = None
    ) -> None:
        self.supplier = supplier or a_supplier()
        self.owner = owner or a_seat(self.supplier)
        made = make_key(
            supplier=self.supplier, name=random_code(), scopes=scopes, days=30, by=self.owner, at=clock.now()
        )
        self.key, self.text = made.key, made.text
        self.client = Client()

    def get(self, address: str, **query: Any) -> Any:
        return self.client.get(BASE + address, query, headers=self._headers())

    def post(self, address: str, body: Any, *, once: str | None = "") -> Any:
        """Post; `once` is the idempotency key, a new one where it is empty and none where it is None."""
        headers = self._headers()
        if once is not None:
            headers["Idempotency-Key"] = once or random_code(16)
        return self.client.post(BASE + address, json.dumps(body), content_type="application/json", headers=headers)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.text}"}


def is_problem(answer: Any, status: int, code: str) -> bool:
    """Say whether an answer is this refusal, in the form that all have."""
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json", body
    assert body["status"] == answer.status_code == status, body
    assert body["code"] == code, body
    return body["type"] == f"urn:mall:problem:{code}" and bool(body["title"] and body["detail"] and body["request_id"])
