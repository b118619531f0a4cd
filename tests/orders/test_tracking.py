"""News of parcels: taken once, in whatever order they come, and from nobody but the carrier."""

import json
from typing import Any

import pytest
from django.test import Client

from mall.core import clock
from mall.core.signature import signed_headers
from orders.carriers import TrackMessage
from orders.commands.tracking import ask_carrier, parcels_to_announce, parcels_to_ask_about, take_tracks
from orders.models import Parcel, TrackEvent
from orders.queries.tracking import journeys
from tests.factories import AT, later
from tests.orders.after_sale import an_order, shipped
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

COLLECTED = TrackMessage("1", "collected", "已由杭州营业部揽收", "杭州市", later(hours=2))
MOVING = TrackMessage("2", "moving", "到达深圳转运中心", "深圳市", later(hours=20))
DELIVERED = TrackMessage("3", "delivered", "已签收", "深圳市", later(hours=40))


def take(*events: TrackMessage) -> int:
    return take_tracks(carrier="顺丰速运", number="SF1234567890", events=events, at=later(days=2))


def test_news_are_taken_once_in_whatever_order_they_come() -> None:
    order = shipped(an_order(1))
    assert take(MOVING) == 1
    assert take(DELIVERED, COLLECTED, MOVING) == 2
    with nothing_changes():
        assert take(COLLECTED, MOVING, DELIVERED, DELIVERED) == 0
    assert Parcel.objects.get().delivered_at == later(hours=40)
    (journey,) = journeys(order=order, at=later(days=2))
    assert [track.kind for track in journey.tracks] == ["delivered", "moving", "collected"]
    assert journey.state == "已签收"


def test_news_of_an_unknown_parcel_change_nothing() -> None:
    shipped(an_order(1))
    with nothing_changes():
        assert take_tracks(carrier="中通快递", number="SF1234567890", events=[MOVING], at=AT) == 0


def test_a_parcel_without_news_for_three_days_is_silent() -> None:
    order = shipped(an_order(1))
    take(MOVING)
    assert not journeys(order=order, at=later(days=3))[0].is_silent
    assert journeys(order=order, at=later(days=3, hours=20))[0].is_silent
    take(DELIVERED)
    assert not journeys(order=order, at=later(days=30))[0].is_silent


def test_parcels_are_announced_and_asked_about_until_they_are_there() -> None:
    shipped(an_order(1))
    parcel = Parcel.objects.get()
    assert parcels_to_announce() == [parcel.pk]
    Parcel.objects.update(announced_at=AT)
    assert parcels_to_ask_about(at=later(hours=5)) == []
    assert parcels_to_ask_about(at=later(hours=6)) == [parcel.pk]
    Parcel.objects.update(asked_at=later(hours=6))
    assert parcels_to_ask_about(at=later(hours=7)) == []
    take(DELIVERED)
    assert parcels_to_ask_about(at=later(days=2)) == []


def test_without_a_gateway_nobody_is_asked(settings: Any) -> None:
    shipped(an_order(1))
    settings.CARRIER_GATEWAY = ""
    with nothing_changes():
        assert ask_carrier(parcel_id=Parcel.objects.get().pk, at=AT) == 0
        assert Client().post("/api/parcels/push", b"{}", content_type="application/json").status_code == 404


def push(settings: Any, content: Any, *, key: str = "", body: bytes | None = None) -> int:
    sent = json.dumps(content).encode()
    headers = signed_headers(app_id=settings.SANDBOX_APP_ID, key=key or settings.SANDBOX_KEY, body=sent, at=clock.now())
    answer = Client().post("/api/parcels/push", body or sent, content_type="application/json", headers=headers)
    return answer.status_code


def pushed(settings: Any, **changes: Any) -> dict[str, Any]:
    event = {"id": "1", "kind": "moving", "text": "到达深圳", "place": "深圳市", "at": clock.now().isoformat()}
    content = {"app_id": settings.SANDBOX_APP_ID, "carrier": "顺丰速运", "number": "SF1234567890"}
    return content | {"events": [event | changes.pop("event", {})]} | changes


def test_a_signed_push_is_taken_and_a_repeat_changes_nothing(settings: Any) -> None:
    shipped(an_order(1))
    content = pushed(settings)
    assert push(settings, content) == 200
    assert TrackEvent.objects.get().text == "到达深圳"
    with nothing_changes():
        assert push(settings, content) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"app_id": "other"},
        {"carrier": ""},
        {"number": 5},
        {"events": "none"},
        {"events": [None]},
        {"event": {"kind": "flying"}},
        {"event": {"text": ""}},
        {"event": {"text": "长" * 201}},
        {"event": {"id": "a\x00"}},
        {"event": {"at": "yesterday"}},
        {"event": {"at": "2999-01-01T00:00:00+00:00"}},
    ],
    ids=str,
)
def test_a_malformed_push_changes_nothing(settings: Any, changes: dict[str, Any]) -> None:
    shipped(an_order(1))
    with nothing_changes():
        assert push(settings, pushed(settings, **changes)) == 400


def test_a_forged_push_changes_nothing(settings: Any) -> None:
    shipped(an_order(1))
    with nothing_changes():
        assert push(settings, pushed(settings), key="guess") == 400
        assert push(settings, pushed(settings), body=json.dumps(pushed(settings, number="SF2")).encode()) == 400
        assert Client().post("/api/parcels/push", b"{}", content_type="application/json").status_code == 400
        assert Client().get("/api/parcels/push").status_code == 405
