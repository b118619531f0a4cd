"""Seats at a supplier: who may do what at `/supplier/`, and how seats are offered, taken, changed and given up."""

from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mall.core.seats import PAGES, SITE_PAGES, Role, right_of
from members.models import Member
from suppliers import commands
from suppliers.commands import SeatRefused
from suppliers.models import OfferState, SeatOffer, SupplierUser
from tests.factories import AT, a_member, a_seat, a_supplier, later
from tests.operators import as_
from tests.snapshots import nothing_changes, snapshot

from .firms import Firm, addresses, sent, views

pytestmark = pytest.mark.django_db

# Who opens what: owner, warehouse, service, finance. Written down a second time, apart from the table that the mall
# reads, so that a slip there is seen.
EXPECTED = {
    ("orders_order", "view"): "OWSF",
    ("orders_order", "ship"): "OW",
    ("orders_order", "batch"): "OW",
    ("orders_order", "table"): "OW",
    ("orders_order", "sheet"): "OW",
    ("orders_order", "pick_list"): "OW",
    ("orders_order", "labels"): "OW",
    ("orders_order", "reveal"): "OWS",
    ("orders_aftersale", "view"): "OWSF",
    ("orders_aftersale", "agree"): "OS",
    ("orders_aftersale", "refuse"): "OS",
    ("orders_aftersale", "refund_instead"): "OS",
    ("orders_aftersale", "take_back"): "OWS",
    ("orders_aftersale", "resend"): "OWS",
    ("orders_aftersale", "return_address"): "OWS",
    ("orders_invoice", "view"): "OSF",
    ("orders_invoice", "issue"): "OF",
    ("orders_invoice", "void"): "OF",
    ("orders_enterpriserequest", "view"): "OSF",
    ("orders_enterpriserequest", "quote"): "O",
    ("orders_enterpriserequest", "decline"): "OS",
    ("orders_enterpriserequest", "reveal"): "OS",
    ("orders_enterpriserequest", "export"): "OF",
    ("orders_review", "view"): "OS",
    ("orders_review", "answer"): "OS",
    ("service_ticket", "view"): "OS",
    ("service_ticket", "answer"): "OS",
    ("suppliers_product", "view"): "OWSF",
    ("suppliers_product", "add"): "O",
    ("suppliers_product", "change"): "O",
    ("suppliers_sku", "view"): "OWSF",
    ("suppliers_sku", "change"): "O",
    ("suppliers_sku", "stock"): "OW",
    ("suppliers_stockmovement", "view"): "OWF",
    ("suppliers_qualification", "view"): "OWSF",
    ("suppliers_qualification", "add"): "O",
    ("suppliers_qualification", "renew"): "O",
    ("orders_quality", "view"): "OS",
    ("orders_quality", "rows"): "OS",
    **{
        ("integration_apikey", act): "O"
        for act in ("view", "new", "revoke", "webhook", "rotate", "off", "ping", "deliveries", "redeliver", "reference")
    },
    ("suppliers_freighttemplate", "view"): "OWF",
    ("suppliers_freighttemplate", "add"): "OW",
    ("suppliers_freighttemplate", "change"): "OW",
    ("remittance_statement", "view"): "OF",
    ("remittance_statement", "confirm"): "OF",
    ("remittance_statement", "dispute"): "OF",
    ("remittance_statement", "invoice"): "OF",
    ("remittance_statement", "export"): "OF",
    ("remittance_statement", "account"): "O",
    ("suppliers_supplieruser", "view"): "O",
    ("suppliers_supplieruser", "invite"): "O",
    ("suppliers_supplieruser", "withdraw"): "O",
    ("suppliers_supplieruser", "role"): "O",
    ("suppliers_supplieruser", "suspend"): "O",
    ("suppliers_supplieruser", "resume"): "O",
    ("suppliers_supplieruser", "remove"): "O",
}
LETTERS = {Role.OWNER: "O", Role.WAREHOUSE: "W", Role.SERVICE: "S", Role.FINANCE: "F"}


def test_the_table_of_roles_says_what_is_meant() -> None:
    table = {
        (page, act): "".join(LETTERS[role] for role in roles)
        for page, acts in PAGES.items()
        for act, roles in acts.items()
    }
    assert {key: "".join(sorted(roles)) for key, roles in table.items() if key in EXPECTED} == {
        key: "".join(sorted(roles)) for key, roles in EXPECTED.items()
    }


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_views_and_no_other_one(role: Role) -> None:
    """Every view of the site is asked and sent to; what is refused is answered 403 and changes nothing."""
    firm = Firm("甲家")
    client = firm.seat(role)
    before = snapshot()
    for name, address in addresses(firm):
        if name in SITE_PAGES:
            continue
        for method in ("get", "post"):
            right = right_of(name, writes=method == "post")
            roles = PAGES.get(right[0], {}).get(right[1], ()) if right else ()
            if role in roles:
                if method == "get":
                    assert client.get(address).status_code != 403, f"{role} is refused {name}"
                continue
            answer = client.get(address) if method == "get" else client.post(address, sent(firm, name))
            assert answer.status_code == 403, f"{role} may {method} {name}"
    assert snapshot() == before


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_leads_to_what_the_role_opens_and_nowhere_else(role: Role) -> None:
    client = Firm("甲家").seat(role)
    menu = client.get("/supplier/").content.decode().split('id="nav-sidebar-apps"')[1].split("</nav>")[0]
    for name, _parts in views():
        if name.endswith("_changelist"):
            page = name.removesuffix("_changelist")
            address = reverse(f"supplier:{name}")
            assert (f'href="{address}"' in menu) is (role in PAGES[page]["view"]), (role, page)


def test_what_is_not_in_the_table_is_refused_to_the_owner_too(monkeypatch: Any) -> None:
    firm = Firm("甲家")
    monkeypatch.delitem(PAGES["orders_order"], "ship")
    with nothing_changes():
        assert firm.client.get(reverse("supplier:orders_order_ship", args=[firm.paid.pk])).status_code == 403
    assert "ship/" not in firm.client.get(reverse("supplier:orders_order_changelist")).content.decode()
    monkeypatch.delitem(PAGES, "orders_order")
    assert firm.client.get(reverse("supplier:orders_order_changelist")).status_code == 403


def test_only_owner_and_finance_see_what_the_mall_pays() -> None:
    firm = Firm("甲家")
    order = reverse("supplier:orders_order_change", args=[firm.paid.pk])
    skus = reverse("supplier:suppliers_sku_changelist")
    for role in Role:
        client = firm.seat(role)
        seen = role in (Role.OWNER, Role.FINANCE)
        assert ("供货金额" in client.get(order).content.decode()) is seen, role
        assert ("供货价" in client.get(skus).content.decode()) is seen, role
        assert ("本月供货额" in client.get("/supplier/").content.decode()) is seen, role


class Team:
    def __init__(self) -> None:
        self.supplier = a_supplier()
        self.owner = a_seat(self.supplier)
        self.client = as_(self.owner)

    def member(self, role: Role) -> SupplierUser:
        return commands.seat_member(supplier=self.supplier, member=a_member(), role=role)

    def post(self, act: str, *args: int, **data: str) -> Any:
        return self.client.post(reverse(f"supplier:suppliers_supplieruser_{act}", args=args), data)


@pytest.fixture
def team() -> Team:
    return Team()


def test_somebody_is_invited_by_phone_and_takes_the_seat(team: Team) -> None:
    invited = a_member(nickname="小仓")
    assert team.post("invite", phone=invited.phone[3:], role="warehouse").status_code == 302
    offer = SeatOffer.objects.get()
    page = team.client.get(reverse("supplier:suppliers_supplieruser_changelist")).content.decode()
    assert invited.phone[3:] not in page
    assert reverse("supply:seats") in page

    client = as_(invited)
    assert client.get("/supplier/").status_code == 302
    assert team.supplier.name in client.get(reverse("supply:seats")).content.decode()
    assert client.post(reverse("supply:answer-seat", args=[offer.pk]), {"answer": "accept"}).status_code == 302
    seat = SupplierUser.objects.get(member=invited)
    assert (seat.supplier, seat.role, seat.invited_by) == (team.supplier, "warehouse", team.owner)
    assert client.get("/supplier/").status_code == 200
    with nothing_changes():
        client.post(reverse("supply:answer-seat", args=[offer.pk]), {"answer": "accept"})


def test_an_offer_can_be_declined_and_withdrawn(team: Team) -> None:
    first, second = a_member(), a_member()
    for member in (first, second):
        team.post("invite", phone=member.phone, role="finance")
    declined, withdrawn = SeatOffer.objects.order_by("id")
    as_(first).post(reverse("supply:answer-seat", args=[declined.pk]), {"answer": "no"})
    assert team.post("withdraw", withdrawn.pk).status_code == 302
    assert list(SeatOffer.objects.order_by("id").values_list("state", flat=True)) == ["declined", "withdrawn"]
    for member, offer in ((first, declined), (second, withdrawn)):
        with nothing_changes(), pytest.raises(SeatRefused):
            commands.accept_offer(offer=offer, member=member, at=AT)


def test_an_offer_is_for_one_phone_one_supplier_and_seven_days(team: Team) -> None:
    invited = a_member()
    offer = commands.offer_seat(supplier=team.supplier, phone=invited.phone, role=Role.SERVICE, by=team.owner, at=AT)
    stranger = a_member()
    client = as_(stranger)
    address = reverse("supply:answer-seat", args=[offer.pk])
    assert client.post(address, {"answer": "accept"}).status_code == 404
    with pytest.raises(SeatRefused):
        commands.accept_offer(offer=offer, member=stranger, at=AT)
    with pytest.raises(SeatRefused, match="过期"):
        commands.accept_offer(offer=offer, member=invited, at=later(days=7))
    seated = a_seat(a_supplier())
    elsewhere = commands.offer_seat(supplier=team.supplier, phone=seated.phone, role=Role.SERVICE, by=None, at=AT)
    with pytest.raises(SeatRefused, match="只能加入一家"):
        commands.accept_offer(offer=elsewhere, member=seated, at=AT)
    assert not SupplierUser.objects.filter(member__in=[invited, stranger]).exists()


def test_a_second_offer_takes_the_place_of_the_first(team: Team) -> None:
    invited = a_member()
    for role in (Role.FINANCE, Role.SERVICE):
        commands.offer_seat(supplier=team.supplier, phone=invited.phone, role=role, by=team.owner, at=AT)
    states = dict(SeatOffer.objects.values_list("role", "state"))
    assert states == {"finance": OfferState.WITHDRAWN, "service": OfferState.WAITING}


@pytest.mark.parametrize("phone", ["", "123", "1380000000\0", "１３８", "+8613800000000 OR 1=1"])
def test_an_odd_phone_or_role_is_refused(team: Team, phone: str) -> None:
    with nothing_changes():
        assert team.post("invite", phone=phone, role="warehouse").status_code == 200
        assert team.post("invite", phone="13800001234", role="root").status_code == 200
        assert team.post("invite", phone="13800001234").status_code == 200


def test_a_seat_is_suspended_resumed_given_a_role_and_removed(team: Team) -> None:
    seat = team.member(Role.WAREHOUSE)
    client = as_(seat.member)
    assert client.get("/supplier/").status_code == 200
    team.post("suspend", seat.pk)
    assert client.get("/supplier/").status_code == 302
    assert client.post(reverse("supplier:suppliers_sku_changelist")).status_code == 302
    team.post("resume", seat.pk)
    assert client.get("/supplier/orders/review/").status_code == 403
    team.post("role", seat.pk, role="service")
    assert client.get("/supplier/orders/review/").status_code == 200
    team.post("remove", seat.pk)
    assert client.get("/supplier/").status_code == 302
    assert Member.objects.filter(pk=seat.member_id).exists()


@pytest.mark.parametrize("act", ["suspend", "remove", "role"])
def test_nobody_changes_the_own_seat_and_an_owner_stays(team: Team, act: str) -> None:
    own = SupplierUser.objects.get(member=team.owner)
    with nothing_changes():
        assert team.post(act, own.pk, role="finance").status_code == 200
    runs: dict[str, Any] = {
        "suspend": commands.suspend_seat,
        "remove": commands.remove_seat,
        "role": partial(commands.change_role, role=Role.FINANCE),
    }
    with nothing_changes(), pytest.raises(SeatRefused, match="店长"):
        runs[act](seat=own, by=None)


def test_seats_of_another_supplier_are_out_of_reach(team: Team) -> None:
    theirs = Team().member(Role.FINANCE)
    with nothing_changes():
        for act in ("role", "suspend", "resume", "remove"):
            assert (
                team.client.get(reverse(f"supplier:suppliers_supplieruser_{act}", args=[theirs.pk])).status_code == 404
            )
            assert team.post(act, theirs.pk, role="owner").status_code == 404


def test_a_suspended_seat_does_not_sign_in(team: Team) -> None:
    team.owner.set_password("correct horse battery")
    team.owner.save(update_fields=["password"])
    given = {"username": team.owner.phone, "password": "correct horse battery"}
    assert Client().post("/supplier/login/", given).status_code == 302
    SupplierUser.objects.filter(member=team.owner).update(is_active=False)
    assert Client().post("/supplier/login/", given).status_code == 200


def test_ended_offers_are_forgotten_after_half_a_year(team: Team) -> None:
    commands.offer_seat(supplier=team.supplier, phone="+8613800001234", role=Role.SERVICE, by=team.owner, at=AT)
    assert commands.prune_offers(at=later(days=180)) == 0
    assert commands.prune_offers(at=later(days=188)) == 1
