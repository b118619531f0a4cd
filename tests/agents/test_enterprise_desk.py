"""V-6 and O-6: a supplier quotes what enterprises ask for; operators look on."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mall.core import clock
from mall.core.ids import SHANGHAI
from mall.core.models import ListExport
from mall.core.own_supplier import rows_of
from mall.core.rights import SERVICE
from mall.core.seats import Role
from members.models import Member
from orders.models import ContactReveal, EnterpriseLine, EnterpriseRequest, RequestState
from remittance.commands import set_terms
from service.models import Message
from suppliers.models import Product, Sku
from tests.factories import a_sku, pay
from tests.operators import as_, operator, text
from tests.orders.enterprise import accepted, asked, fresh, quoted
from tests.snapshots import nothing_changes
from tests.suppliers.firms import Firm, text_of

pytestmark = pytest.mark.django_db

LIST = "/supplier/orders/enterpriserequest/"
OPS = "/ops/orders/enterpriserequest/"


@pytest.fixture
def firm() -> Firm:
    return Firm("甲家", whole=False)


@pytest.fixture
def tea(firm: Firm) -> Sku:
    return a_sku(supplier=firm.supplier, on_hand=500)


def of(act: str, request: EnterpriseRequest) -> str:
    return reverse(f"supplier:orders_enterpriserequest_{act}", args=[request.pk])


def a_request(sku: Sku, **parts: Any) -> EnterpriseRequest:
    now = clock.now()
    wanted = now.astimezone(SHANGHAI).date() + timedelta(days=30)
    return asked(sku, at=now, wanted_date=wanted, **parts)


def a_quote(request: EnterpriseRequest, price: int) -> EnterpriseRequest:
    return quoted(request, price, at=clock.now(), valid_date=fresh(request).wanted_date)


def filled(request: EnterpriseRequest, price: str) -> dict[str, str]:
    line = request.lines.get()
    return {f"price_{line.pk}": price, "valid_date": request.wanted_date.isoformat(), "note": "七天交货"}


def test_a_request_stands_in_the_list_with_the_contact_masked(firm: Firm, tea: Sku) -> None:
    request = a_request(tea)
    page = firm.client.get(LIST).content.decode()
    for words in (request.number, "杭州松坪文化有限公司", f"{tea.spec} × 100", "待报价", "企业询价"):
        assert words in page
    record = firm.client.get(of("change", request)).content.decode()
    assert "138****1234" in record
    assert "周**" in record
    for secret in ("13800001234", "周可"):
        assert secret not in page + record


def test_what_waits_for_a_quote_is_counted_among_the_opportunities(firm: Firm, tea: Sku) -> None:
    a_request(a_sku())
    a_quote(a_request(tea), 6_000)
    waiting = [a_request(tea), a_request(tea)]
    answer = firm.client.get("/supplier/opportunities/")
    (figure,) = [one for one in answer.context["figures"] if one["label"] == "企业询价待报价"]
    assert figure["value"] == 2
    page = firm.client.get(figure["address"]).content.decode()
    assert all(request.number in page for request in waiting)
    assert page.count("QG26") >= 2


def test_a_look_at_the_contact_needs_a_reason_and_is_written_down(firm: Firm, tea: Sku) -> None:
    request = a_request(tea)
    with nothing_changes():
        assert "请写明查看的原因" in firm.client.post(of("reveal", request), {"reason": ""}).content.decode()
    answer = firm.client.post(of("reveal", request), {"reason": "核对规格"}, follow=True)
    page = answer.content.decode()
    assert "13800001234" in page
    assert "周可" in page
    assert "核对规格" in page
    look = ContactReveal.objects.get()
    assert (look.seen_by, look.request) == (firm.owner, request)
    assert "13800001234" not in firm.seat(Role.SERVICE).get(of("change", request)).content.decode()


def test_the_form_shows_the_working_of_the_lowest_price_with_the_fee_in_force(firm: Firm, tea: Sku) -> None:
    Product.objects.filter(pk=tea.product_id).update(commission_bps=1_000)
    today = clock.now().astimezone(SHANGHAI).date()
    set_terms(
        supplier=firm.supplier, starts_on=today, period="month", fee_bps=200, commission_bps=0, by=None, at=clock.now()
    )
    request = a_request(tea)
    page = firm.client.get(of("quote", request)).content.decode()
    assert "最低 ¥45.34 = 供货价 ¥40.00 + 平台服务费 2% ¥0.80 + 零售佣金 10% ¥4.54" in page
    assert "标价 ¥78.00" in page
    assert "要 100，可售 500，售价 ¥68.00" in page
    with nothing_changes():
        page = firm.client.post(of("quote", request), filled(request, "45.33")).content.decode()
    assert "报价 ¥45.33 盖不住成本" in page
    assert 'value="45.33"' in page
    assert "七天交货" in page
    with nothing_changes():
        for price in ("78.01", "0", "", "abc", "-5", "60.005"):
            assert firm.client.post(of("quote", request), filled(request, price)).status_code == 200, price
    firm.client.post(of("quote", request), filled(request, "45.34"))
    found = fresh(request)
    assert (found.state, found.fee_bps, found.lines.get().unit_price_fen) == ("quoted", 200, 4_534)
    assert found.quoted_by == firm.owner


def test_a_quote_can_be_changed_until_it_is_accepted_and_declined_is_declined(firm: Firm, tea: Sku) -> None:
    request, other = a_request(tea), a_request(tea)
    firm.client.post(of("quote", request), filled(request, "60"))
    assert "改报价" in firm.client.get(LIST).content.decode()
    firm.client.post(of("quote", request), filled(request, "59"))
    assert fresh(request).lines.get().unit_price_fen == 5_900
    firm.client.post(of("decline", other), {"reason": "排不开"})
    assert (fresh(other).state, fresh(other).reason) == ("declined", "排不开")
    accepted(fresh(request), at=clock.now())
    with nothing_changes():
        assert "处理过" in firm.client.post(of("quote", request), filled(request, "58")).content.decode()


def test_an_order_at_a_quote_names_it_at_all_desks(firm: Firm, tea: Sku) -> None:
    request = a_quote(a_request(tea), 6_000)
    order = accepted(request, at=clock.now()).orders.get()
    assert f"{order.number}，待付款" in firm.client.get(of("change", request)).content.decode()
    pay(order, at=clock.now())
    address = reverse("supplier:orders_order_change", args=[order.pk])
    assert address in firm.client.get(of("change", request)).content.decode()
    assert request.number in firm.client.get(address).content.decode()
    client = as_(operator("小林", SERVICE))
    assert request.number in text(client.get(reverse("ops:orders_order_change", args=[order.pk])))
    record = text(client.get(reverse("ops:orders_enterpriserequest_change", args=[request.pk])))
    assert order.number in record


def test_the_database_shows_a_supplier_its_own_requests_alone(firm: Firm, tea: Sku) -> None:
    own, theirs = a_request(tea), a_request(a_sku())
    with rows_of(firm.supplier.pk):
        assert list(EnterpriseRequest.objects.all()) == [own]
        assert EnterpriseLine.objects.get().request_id == own.pk
        assert not EnterpriseRequest.objects.filter(pk=theirs.pk).update(note="偷改")
    for act in ("change", "quote", "decline", "reveal"):
        assert firm.client.get(of(act, theirs), follow=True).status_code in (200, 404)
        assert theirs.number not in firm.client.get(of(act, theirs), follow=True).content.decode()


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.WAREHOUSE, set()),
        (Role.SERVICE, {"change", "decline", "reveal"}),
        (Role.FINANCE, {"change"}),
        (Role.OWNER, {"change", "quote", "decline", "reveal"}),
    ],
)
def test_each_role_does_its_part(firm: Firm, tea: Sku, role: Role, allowed: set[str]) -> None:
    request, client = a_request(tea), firm.seat(role)
    opened = {
        act for act in ("change", "quote", "decline", "reveal") if client.get(of(act, request)).status_code == 200
    }
    assert opened == allowed
    if "quote" not in allowed:
        with nothing_changes(without=("members_member",)):
            assert client.post(of("quote", request), filled(request, "60")).status_code == 403
        assert of("quote", request) not in client.get(LIST).content.decode()


def test_operators_search_filter_and_take_the_list_away_masked(tea: Sku) -> None:
    mine, other = a_quote(a_request(tea), 6_000), a_request(a_sku(), company_name="上海他山贸易有限公司")
    client = as_(operator("小林", SERVICE))
    page = text(client.get(OPS))
    assert "¥6,000.00" in page
    for query, found, left_out in (
        ({"q": mine.number}, mine, other),
        ({"q": "他山"}, other, mine),
        ({"state__exact": "asked"}, other, mine),
    ):
        page = text(client.get(OPS, query))
        assert found.number in page
        assert left_out.number not in page
    body = text_of(client.post(f"{OPS}export/", {"file_kind": "csv", "reason": "月报"}))
    rows = list(csv.DictReader(io.StringIO(body.lstrip("\ufeff"))))
    row = next(row for row in rows if row["询价单号"] == mine.number)
    assert (row["联系电话"], row["联系人"], row["报价合计（元）"]) == ("138****1234", "周**", "6000.00")
    assert ListExport.objects.filter(page__icontains="enterpriserequest").count() == 1
    record = text(client.get(reverse("ops:orders_enterpriserequest_change", args=[mine.pk])))
    assert "138****1234" in record
    assert "13800001234" not in record


def test_operators_change_nothing(tea: Sku) -> None:
    request = a_request(tea)
    client: Client = as_(operator("小林", SERVICE))
    with nothing_changes(without=("members_member",)):
        client.post(reverse("ops:orders_enterpriserequest_change", args=[request.pk]), {"state": "accepted"})
    assert fresh(request).state == RequestState.ASKED


@pytest.mark.parametrize("site", ["supplier", "ops"])
def test_a_list_asks_as_much_for_many_requests_as_for_one(
    firm: Firm, tea: Sku, site: str, django_assert_max_num_queries: Any
) -> None:
    client, address = (firm.client, LIST) if site == "supplier" else (as_(operator("小林", SERVICE)), OPS)
    a_request(tea)
    client.get(address)
    with django_assert_max_num_queries(30) as first:
        client.get(address)
    for _ in range(5):
        a_quote(a_request(tea), 6_000)
    with django_assert_max_num_queries(len(first)):
        client.get(address)


def test_a_request_is_found_by_its_number_in_the_search_of_both_sites(firm: Firm, tea: Sku) -> None:
    request, theirs = a_request(tea), a_request(a_sku())
    assert of("change", request) in firm.client.get("/supplier/search/", {"q": request.number}).content.decode()
    assert of("change", theirs) not in firm.client.get("/supplier/search/", {"q": theirs.number}).content.decode()
    address = reverse("ops:orders_enterpriserequest_change", args=[request.pk])
    assert address in text(as_(operator("小林", SERVICE)).get("/ops/search/", {"q": request.number}))


def test_who_answers_at_the_supplier_hears_of_a_request_and_the_message_leads_there(firm: Firm, tea: Sku) -> None:
    request = a_request(tea)
    client = as_(Member.objects.get(pk=firm.owner.pk))
    page = client.get("/messages", follow=True).content.decode()
    assert "有企业询价" in page
    message = Message.objects.get(member=firm.owner, wording="enterprise_asked")
    assert client.get(reverse("service:message", args=[message.pk]))["Location"] == of("change", request)
