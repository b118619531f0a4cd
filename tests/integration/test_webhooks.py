"""Webhooks: written with what happened, signed, sent until it arrived or three days are over, to public hosts."""

import base64
import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction

from integration import commands, rules
from integration.commands import IntegrationRefused, send_due, set_webhook, stop_overdue, url_of
from integration.gateways import receivers
from integration.models import AttemptError, Delivery, DeliveryAttempt, DeliveryState, Webhook
from members.models import Member
from orders.commands import refund_order
from orders.commands.after_sale import open_case
from suppliers.models import Sku
from tests.factories import AT, a_paid_order, a_seat, a_shipped_order, a_sku, later
from tests.house.project import PROJECT
from tests.processes import wait_until
from tests.snapshots import nothing_changes

from .receivers import Receiver, receiver

pytestmark = pytest.mark.django_db
CASE = {"kind": "refund_only", "before_shipping": False, "reason": "damaged", "quantity": 1, "amount_fen": None}


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.WEBHOOK_ALLOWS_LOOPBACK = True


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


class Told:
    """A supplier with a SKU, an owner and a webhook."""

    def __init__(self, url: str, events: tuple[str, ...] = rules.EVENTS) -> None:
        self.sku: Sku = a_sku()
        self.supplier = self.sku.product.supplier
        self.owner: Member = a_seat(self.supplier)
        self.webhook, self.secret = set_webhook(supplier=self.supplier, url=url, events=events, by=self.owner, at=AT)

    def send(self, at: datetime = AT) -> int:
        return send_due(webhook_id=self.webhook.pk, at=at)


def signed_by(secret: str, headers: dict[str, str], body: bytes) -> str:
    """Return the signature that a receiver works out for itself."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    words = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, words, hashlib.sha256).digest()).decode()


def test_what_happens_is_written_with_it_and_undone_with_it(there: Receiver) -> None:
    told = Told(there.url)
    order = a_paid_order(sku=told.sku)
    delivery = Delivery.objects.get()
    assert (delivery.event, delivery.subject, delivery.state) == ("order.to_ship", order.number, "waiting")
    with transaction.atomic():
        a_paid_order(sku=told.sku)
        transaction.set_rollback(True)
    assert Delivery.objects.count() == 1
    shipped = a_shipped_order(sku=told.sku)
    case = open_case(member=shipped.member, line=shipped.lines.get(), note="", photos=(), at=later(hours=1), **CASE)
    refund_order(order=order, reason="不要了", at=later(hours=2))
    refund_order(order=order, reason="不要了", at=later(hours=3))
    found = list(Delivery.objects.order_by("id").values_list("event", "subject"))
    assert found[2:] == [("after_sale.opened", case.number), ("order.cancelled", order.number)]
    assert len(found) == 4
    assert json.loads(Delivery.objects.get(event="after_sale.opened").body)["data"] == {
        "number": case.number,
        "order": case.order.number,
        "kind": "refund_only",
        "quantity": 1,
    }
    bodies = "".join(Delivery.objects.values_list("body", flat=True))
    assert "林小禾" not in bodies
    assert "1111" not in bodies.replace(case.number, "").replace(order.number, "")


def test_a_shipped_order_that_is_refunded_is_not_called_off(there: Receiver) -> None:
    told = Told(there.url)
    refund_order(order=a_shipped_order(sku=told.sku), reason="不要了", at=later(hours=1))
    assert not Delivery.objects.filter(event="order.cancelled").exists()


def test_who_did_not_ask_is_not_told(there: Receiver) -> None:
    cases_only, off = Told(there.url, ("after_sale.opened",)), Told(there.url)
    commands.switch_off(webhook=off.webhook, by=off.owner, at=AT)
    for sku in (cases_only.sku, off.sku, a_sku()):
        a_paid_order(sku=sku)
    assert not Delivery.objects.exists()


def test_a_message_is_signed_as_standard_webhooks_has_it(there: Receiver) -> None:
    told = Told(there.url)
    order = a_paid_order(sku=told.sku)
    assert told.send() == 1
    path, headers, body = there.came[0]
    delivery = Delivery.objects.get()
    assert path == "/hook"
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == delivery.message_id
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert headers["webhook-signature"] == signed_by(told.secret, headers, body)
    assert json.loads(body) == {
        "type": "order.to_ship",
        "timestamp": AT.isoformat(),
        "data": {"number": order.number},
    }
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 1)
    assert DeliveryAttempt.objects.get().status == 204
    assert told.send() == 0
    # The example of the specification.
    assert (
        rules.signature(
            secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp=1614265330,
            body=b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_for_a_day_after_a_change_both_secrets_sign(there: Receiver) -> None:
    told = Told(there.url)
    new = commands.rotate_secret(webhook=told.webhook, by=told.owner, at=AT)
    a_paid_order(sku=told.sku)
    told.send(later(hours=23))
    _path, headers, body = there.came[0]
    assert headers["webhook-signature"].split(" ") == [
        signed_by(new, headers, body),
        signed_by(told.secret, headers, body),
    ]
    a_paid_order(sku=told.sku)
    told.send(later(hours=24))
    _path, headers, body = there.came[1]
    assert headers["webhook-signature"] == signed_by(new, headers, body)
    told.webhook.refresh_from_db()
    assert new not in str(vars(told.webhook))


def test_it_is_tried_again_for_up_to_three_days_and_then_stopped_and_begun_anew_by_hand() -> None:
    with receiver(500) as there:
        told = Told(there.url)
        a_paid_order(sku=told.sku)
        at, moments = AT, []
        for _ in range(rules.TRIES_MAX):
            assert told.send(at) == 1
            moments.append(at - AT)
            delivery = Delivery.objects.get()
            assert told.send(delivery.next_at - timedelta(seconds=1)) == 0 or delivery.state == "stopped"
            at = delivery.next_at
        pauses = [later - sooner for sooner, later in pairwise(moments)]
        assert pauses == sorted(pauses)
        assert timedelta(days=2, hours=23) < moments[-1] <= timedelta(days=3)
        assert (delivery.state, delivery.attempts) == (DeliveryState.STOPPED, 10)
        assert told.send(at + timedelta(days=9)) == 0
        assert set(there.ids) == {delivery.message_id}
        assert len({body for _path, _headers, body in there.came}) == 1

        commands.redeliver(delivery=delivery, by=told.owner, at=later(days=5))
        there.answers = [200]
        assert told.send(later(days=5)) == 1
        delivery.refresh_from_db()
        assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 11)
        assert set(there.ids) == {delivery.message_id}


def test_what_waited_while_nobody_sent_is_stopped_after_three_days(there: Receiver) -> None:
    told = Told(there.url)
    a_paid_order(sku=told.sku)
    commands.switch_off(webhook=told.webhook, by=told.owner, at=AT)
    assert told.send(later(days=1)) == 0
    assert stop_overdue(at=later(days=2)) == 0
    assert stop_overdue(at=later(days=3)) == 1
    with nothing_changes(), pytest.raises(IntegrationRefused):
        commands.redeliver(delivery=Delivery.objects.get(), by=told.owner, at=later(days=3))
    assert there.came == []


def test_a_redirect_is_not_followed() -> None:
    with receiver(307) as there:
        told = Told(there.url)
        a_paid_order(sku=told.sku)
        told.send()
        assert [path for path, _headers, _body in there.came] == ["/hook"]
    assert Delivery.objects.get().state == DeliveryState.WAITING
    assert DeliveryAttempt.objects.get().status == 307


def test_who_does_not_answer_is_not_waited_for_and_the_rest_waits(there: Receiver, monkeypatch: Any) -> None:
    monkeypatch.setattr(receivers, "WHOLE_SECONDS", 0.3)
    told = Told(there.url)
    a_paid_order(sku=told.sku)
    a_paid_order(sku=told.sku)
    there.holds.set()
    assert told.send() == 1
    assert DeliveryAttempt.objects.get().error == AttemptError.TIMEOUT
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 1]


def test_a_port_that_nobody_listens_at_and_a_wrong_protocol_are_failures() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
    told = Told(f"http://127.0.0.1:{port}/")
    a_paid_order(sku=told.sku)
    told.send()
    assert DeliveryAttempt.objects.get().error == AttemptError.CONNECT
    with receiver() as there:
        Webhook.objects.update(url=there.url.replace("http://", "https://"))
        told.send(later(minutes=1))
    assert DeliveryAttempt.objects.latest("id").error == AttemptError.TLS


PRIVATE = (
    *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1"),
    *("255.255.255.255", "198.18.0.1", "192.0.2.1", "240.0.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "fec0::1"),
    *("ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::"),
)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not receivers.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_a_public_address_is_not(address: str) -> None:
    assert receivers.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example",
        "http://1.1.1.1/",
        "ftp://1.1.1.1/",
        "https://user:secret@1.1.1.1/",
        "https://@1.1.1.1/",
        "https://1.1.1.1/#x",
        "https://1.1.1.1:0/",
        "https://1.1.1.1:99999/",
        "https://1.1.1.1\\@127.0.0.1/",
        "https://1.1.1.1/\r\nHost: x",
        "https://例子.中国/",
        "https://[::1",
        "https://1.1.1.1/" + "x" * 300,
        "https://127.0.0.1/",
        "http://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://0/",
    ],
)
def test_a_url_that_leads_nowhere_public_is_not_taken(url: str, settings: Any) -> None:
    settings.WEBHOOK_ALLOWS_LOOPBACK = False
    sku = a_sku()
    owner = a_seat(sku.product.supplier)
    with nothing_changes(), pytest.raises(IntegrationRefused):
        set_webhook(supplier=sku.product.supplier, url=url, events=rules.EVENTS, by=owner, at=AT)
    assert url_of("https://1.1.1.1:8443/hook?x=1") == "https://1.1.1.1:8443/hook?x=1"


def test_a_name_is_looked_up_again_when_it_is_told(there: Receiver, settings: Any, monkeypatch: Any) -> None:
    """DNS rebinding: public when it was entered, this machine when the message is sent."""
    settings.WEBHOOK_ALLOWS_LOOPBACK = False
    leads_to = ["1.1.1.1"]

    def lookup(_host: str, port: int, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in leads_to]

    monkeypatch.setattr(receivers.socket, "getaddrinfo", lookup)
    told = Told(f"https://hook.example:{there.port}/")
    a_paid_order(sku=told.sku)
    for leads_to[:] in (["127.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["169.254.169.254"]):
        delivery = Delivery.objects.get()
        assert told.send(delivery.next_at) == 1
        assert DeliveryAttempt.objects.latest("id").error == AttemptError.ADDRESS
    assert there.came == []


def test_the_receiver_of_the_docs_takes_each_message_once_and_only_ours(tmp_path: Any) -> None:
    told = Told("http://127.0.0.1:1/")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    sample = subprocess.Popen(
        [sys.executable, "-u", str(PROJECT / "docs" / "api" / "receiver.py")],
        env={**os.environ, "SECRET": told.secret, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        wait_until(lambda: _listens(port))
        Webhook.objects.update(url=f"http://127.0.0.1:{port}/")
        order = a_paid_order(sku=told.sku)
        told.send()
        delivery = Delivery.objects.get()
        assert delivery.state == DeliveryState.DELIVERED
        commands.redeliver(delivery=delivery, by=told.owner, at=AT)
        assert told.send() == 1
        forged = receivers.post(
            url=f"http://127.0.0.1:{port}/",
            message_id="msg_forged",
            body=b"{}",
            secrets=["whsec_" + base64.b64encode(b"x" * 32).decode()],
        )
        assert forged.status == 401
    finally:
        sample.terminate()
        printed, _none = sample.communicate(timeout=10)
    assert printed.count(order.number) == 1
    assert len(printed.splitlines()) == 1


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
