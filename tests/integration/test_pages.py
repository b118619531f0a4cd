"""The owner's page of the interface: webhook, test message, deliveries, and sending again."""

import re
from typing import Any

import pytest
from django.urls import reverse

from integration.commands import send_due, stop_overdue
from integration.models import ApiAct, Delivery, DeliveryState, Webhook
from mall.core import clock
from mall.core.sealing import unseal
from mall.core.seats import Role
from tests.factories import a_paid_order, a_sku
from tests.snapshots import nothing_changes
from tests.suppliers.firms import Firm

from .receivers import receiver
from .test_keys import LIST, confirmed

pytestmark = pytest.mark.django_db


def page(act: str, **parts: int) -> str:
    return reverse(f"supplier:integration_apikey_{act}", kwargs=parts)


FORM = {"url": "https://1.1.1.1/hook", "events": ["order.to_ship"]}


@pytest.fixture
def firm() -> Firm:
    found = Firm("甲家", whole=False)
    confirmed(found.client)
    return found


def test_the_secret_is_shown_once_and_again_only_by_a_new_one(firm: Firm) -> None:
    answer = firm.client.post(page("webhook"), FORM).content.decode()
    secret = re.search(r"whsec_[\w+/=]{44}", answer)
    assert secret
    webhook = Webhook.objects.get()
    assert unseal(webhook.sealed, purpose="webhook secret") == secret[0]
    changed = firm.client.post(page("webhook"), {**FORM, "url": "https://8.8.8.8/"})
    assert changed.url == LIST
    shown = firm.client.get(LIST).content.decode()
    assert "https://8.8.8.8/" in shown
    assert "whsec_" not in shown
    assert "whsec_" in firm.client.post(page("rotate")).content.decode()
    assert "旧的用到" in firm.client.get(LIST).content.decode()
    kinds = ApiAct.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["webhook_set", "webhook_set", "secret_rotated"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "https://127.0.0.1/"}, "不在公网上"),
        ({"url": "http://1.1.1.1/"}, "https://"),
        ({"url": ""}, "请填写推送地址"),
        ({"events": []}, "至少选一种"),
        ({"events": ["money.taken"]}, "money.taken"),
    ],
)
def test_a_wrong_address_is_refused_in_one_sentence(firm: Firm, changes: dict[str, Any], words: str) -> None:
    with nothing_changes():
        answer = firm.client.post(page("webhook"), FORM | changes)
        assert answer.status_code == 200
        assert words in answer.content.decode()


def test_what_opens_doors_asks_who_it_is_and_what_closes_them_does_not(firm: Firm) -> None:
    firm.client.post(page("webhook"), FORM)
    session = firm.client.session
    del session["confirmed"]
    session.save()
    with nothing_changes():
        for act in ("new", "webhook", "rotate"):
            assert "/me/security/confirm/" in firm.client.post(page(act), FORM).url
    assert firm.client.post(page("off")).url == LIST
    assert not Webhook.objects.get().is_active
    with nothing_changes():
        assert "推送已经关闭" in firm.client.post(page("ping")).content.decode()


def test_a_test_message_and_a_stopped_one_are_shown_and_sent_again(firm: Firm, settings: Any) -> None:
    settings.WEBHOOK_ALLOWS_LOOPBACK = True
    with receiver(500) as there:
        firm.client.post(page("webhook"), {**FORM, "url": there.url})
        webhook = Webhook.objects.get()
        assert firm.client.post(page("ping")).url == page("deliveries")
        a_paid_order(sku=a_sku(supplier=firm.supplier))
        send_due(webhook_id=webhook.pk, at=clock.now())
        shown = firm.client.get(page("deliveries")).content.decode()
        assert shown.count("<b>500</b>") == 2
        assert "下次" in shown
        Delivery.objects.update(next_at=clock.now(), give_up_at=clock.now())
        stop_overdue(at=clock.now())
        assert "有 2 条消息推了三天都没送达" in firm.client.get(LIST).content.decode()
        delivery = Delivery.objects.latest("id")
        there.answers = [204]
        firm.client.post(page("redeliver", delivery_id=delivery.pk))
        send_due(webhook_id=webhook.pk, at=clock.now())
        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.DELIVERED
        assert there.ids.count(delivery.message_id) == 2
    stopped = firm.client.get(page("deliveries"), {"state": "stopped"}).content.decode()
    assert delivery.message_id not in stopped
    assert "msg_" in stopped


def test_deliveries_ask_a_fixed_number_of_questions(firm: Firm, django_assert_max_num_queries: Any) -> None:
    firm.client.post(page("webhook"), FORM)
    sku = a_sku(supplier=firm.supplier)
    for _ in range(6):
        a_paid_order(sku=sku)
    with django_assert_max_num_queries(16):
        assert firm.client.get(page("deliveries")).content.decode().count("msg_") >= 6


def test_nothing_of_it_is_there_for_others_or_before_it_is_set(firm: Firm) -> None:
    firm.client.post(page("webhook"), FORM)
    a_paid_order(sku=a_sku(supplier=firm.supplier))
    delivery = Delivery.objects.get()
    other = Firm("乙家", whole=False)
    confirmed(other.client)
    staff = confirmed(firm.seat(Role.WAREHOUSE))
    with nothing_changes():
        for act in ("rotate", "off", "ping"):
            assert other.client.post(page(act)).status_code == 404
            assert staff.post(page(act)).status_code == 403
        assert other.client.post(page("redeliver", delivery_id=delivery.pk)).status_code == 404
        assert staff.post(page("redeliver", delivery_id=delivery.pk)).status_code == 403
    assert "msg_" not in other.client.get(page("deliveries")).content.decode()
