"""The carriers' stand-in: parcels move as time passes, and their news are pushed until they are taken."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from mall.core import clock
from orders.carriers import carrier_gateway
from orders.commands import ship_order
from orders.models import TrackEvent
from orders.tasks import follow_parcels
from sandbox.carrier.pushes import push_due_tracks
from sandbox.carrier.route import route
from sandbox.models import SandboxParcel, SandboxTrouble
from tests.factories import AT, a_paid_order
from tests.sandbox.provider import ask
from tests.snapshots import nothing_changes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mall_url")]

NONCES = ("sandbox_sandboxnonce",)


def parcel_content(**changes: Any) -> dict[str, Any]:
    fields = {
        "carrier": "顺丰速运",
        "number": "SF123456",
        "origin": "杭州市",
        "destination": "深圳市",
        "handed_at": (clock.now() - timedelta(hours=30)).isoformat(),
        "notify_url": "http://127.0.0.1:9/push",
    }
    return fields | changes


def test_a_parcel_is_noted_once_and_tells_what_happened_so_far() -> None:
    assert ask("parcels", **parcel_content()).status_code == 200
    with nothing_changes(without=NONCES):
        assert ask("parcels", **parcel_content(origin="北京市")).status_code == 200
        answer = ask("parcels/query", carrier="顺丰速运", number="SF123456").json()
    kinds = [event["kind"] for event in answer["events"]]
    assert kinds[0] == "collected"
    assert "delivered" not in kinds
    assert ask("parcels/query", carrier="顺丰速运", number="SF999").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"carrier": ""}, {"number": "x" * 41}, {"number": 7}, {"handed_at": "yesterday"}, {"notify_url": "file:///x"}],
)
def test_a_malformed_parcel_is_not_noted(changes: dict[str, Any]) -> None:
    with nothing_changes(without=NONCES):
        assert ask("parcels", **parcel_content(**changes)).status_code == 422


def test_a_push_that_nobody_takes_comes_again() -> None:
    ask("parcels", **parcel_content())
    assert push_due_tracks(at=clock.now()) == 0
    parcel = SandboxParcel.objects.get()
    assert parcel.pushed == 0
    assert parcel.next_push_at > clock.now()


def test_the_gateway_asks_and_reads(settings: Any) -> None:
    gateway = carrier_gateway()
    assert gateway is not None
    at = clock.now()
    gateway.announce(
        carrier="中通快递",
        number="ZT7777",
        origin="杭州市",
        destination="深圳市",
        handed_at=at - timedelta(days=9),
        at=at,
    )
    events = gateway.track(carrier="中通快递", number="ZT7777", at=at)
    assert [event.kind for event in events] == ["collected", "moving", "moving", "delivering", "delivered"]
    assert gateway.track(carrier="中通快递", number="ZT0001", at=at) == ()
    SandboxTrouble.objects.create(operation="parcel_query", kind="unavailable")
    with pytest.raises(Exception, match="503"):
        gateway.track(carrier="中通快递", number="ZT7777", at=at)
    settings.CARRIER_GATEWAY = ""
    assert carrier_gateway() is None


@pytest.mark.parametrize(("number", "kinds"), [("1230000", 0), ("1239999", 7), ("1238888", 5), ("123", 5)])
def test_the_end_of_a_number_orders_its_fate(number: str, kinds: int) -> None:
    events = route(number=number, origin="杭州市", destination="", handed_at=AT)
    assert len(events) == kinds
    assert all(first.at < second.at for first, second in pairwise(events))
    assert len({event.id for event in events}) == kinds
    if number.endswith("8888"):
        assert events[-1].at > AT + timedelta(days=4)


def test_a_parcel_is_announced_and_its_news_come_by_push_once(settings: Any) -> None:
    order = a_paid_order(at=clock.now() - timedelta(days=4))
    waybill = {"carrier": "顺丰速运", "tracking_number": "SF99887766"}
    ship_order(order=order, by=None, at=clock.now() - timedelta(hours=30), **waybill)

    assert follow_parcels() == 1
    assert push_due_tracks(at=clock.now()) == 1

    kinds = list(TrackEvent.objects.order_by("at").values_list("kind", flat=True))
    assert kinds[0] == "collected"
    assert "delivered" not in kinds
    with nothing_changes(without=NONCES):
        assert push_due_tracks(at=clock.now()) == 0
    parcel = SandboxParcel.objects.get()
    assert (parcel.pushed, parcel.destination) == (len(kinds), "杭州市")
