"""The buyer's pages of requests for a company: nothing typed is lost, prices are the server's alone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mall.core import clock
from mall.core.ids import SHANGHAI
from members.models import Member
from orders.commands import add_to_cart
from orders.commands.enterprise import withdraw_request
from orders.models import EnterpriseRequest, Invoice, Order, Purchase, RequestState
from orders.rules.cart import CartOwner
from suppliers.commands.search import index_products
from suppliers.models import Product, Sku
from tests.factories import a_gift_pack, a_member, a_sku, an_address, gift_pack_terms
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

from .enterprise import CODE, accepted, asked, fresh, quoted

pytestmark = pytest.mark.django_db

NEW = "/enterprise/new/"


@pytest.fixture
def buyer() -> Member:
    member = a_member(nickname="周可")
    an_address(member)
    return member


@pytest.fixture
def browser(buyer: Member) -> Client:
    return signed_in(buyer)


@pytest.fixture
def tea() -> Sku:
    return a_sku(on_hand=500)


def filled(*goods: tuple[Sku, Any], **changes: Any) -> dict[str, Any]:
    """What a page sends that is filled in well."""
    wanted = clock.now().astimezone(SHANGHAI).date() + timedelta(days=30)
    fields = {
        "company_name": "杭州松坪文化有限公司",
        "credit_code": f" {CODE.lower()} ",
        "contact_name": "周可",
        "contact_phone": "138 0000 1234",
        "wanted_date": wanted.isoformat(),
        "invoice_title": "",
        "note": "年会礼品",
        "key": "k1",
        **{f"quantity-{sku.pk}": str(count) for sku, count in goods},
    }
    return fields | changes


def open_quote(sku: Sku, buyer: Member, price: int = 6_000, **parts: Any) -> EnterpriseRequest:
    """A request with a quote that holds now."""
    now = clock.now()
    today = now.astimezone(SHANGHAI).date()
    parts.setdefault("quantity", 120)
    request = asked(sku, member=buyer, at=now, wanted_date=today + timedelta(days=30), **parts)
    return quoted(request, price, valid_date=today + timedelta(days=5), at=now)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def test_strangers_are_sent_to_log_in(tea: Sku, client: Client) -> None:
    for address in ("/enterprise/", f"{NEW}?sku={tea.pk}", "/enterprise/QG1/", "/enterprise/QG1/accept/"):
        assert client.get(address)["Location"].startswith("/account/login/")


def test_a_product_leads_to_the_form_with_itself_in_it_and_a_gift_pack_does_not(browser: Client, tea: Sku) -> None:
    link = f'href="{NEW}?sku={tea.pk}"'
    assert link in browser.get(f"/p/{tea.product.slug}").content.decode()
    answer = browser.get(f"{NEW}?sku={tea.pk}&quantity=30")
    markup(answer)
    page = answer.content.decode()
    assert tea.product.name in page
    assert re.search(rf'name="quantity-{tea.pk}" value="30"', page)
    gift_pack_terms()
    pack = a_gift_pack()
    assert NEW not in browser.get(f"/p/{pack.product.slug}").content.decode()
    assert pack.product.name not in browser.get(f"{NEW}?sku={pack.pk}").content.decode()
    for nonsense in ("x", "-1", "9" * 40, "0", "٣"):
        assert browser.get(f"{NEW}?sku={nonsense}&quantity={nonsense}").status_code == 200


def test_goods_are_found_added_dropped_and_taken_from_the_cart_and_what_was_typed_stays(
    browser: Client, buyer: Member, tea: Sku
) -> None:
    other = a_sku()
    index_products(product_ids=[tea.product_id, other.product_id])
    add_to_cart(owner=CartOwner(buyer.pk), sku_id=other.pk, quantity=7, at=clock.now())
    typed = filled((tea, "abc"), company_name="只写了一半")
    with nothing_changes():
        page = browser.post(NEW, {**typed, "words": "龙井", "find": "1"}).content.decode()
        assert f'name="add" value="{other.pk}"' in page
        assert f'name="add" value="{tea.pk}"' not in page
        page = browser.post(NEW, {**typed, "words": "龙井", "add": str(other.pk)}).content.decode()
        assert f'name="quantity-{other.pk}" value="1"' in page
        page = browser.post(NEW, {**typed, "from_cart": "1"}).content.decode()
        assert f'name="quantity-{other.pk}" value="7"' in page
        assert f'name="quantity-{tea.pk}" value="abc"' in page
        assert 'value="只写了一半"' in page
        assert hidden(page, "key") == "k1"
        page = browser.post(NEW, {**typed, "drop": str(tea.pk)}).content.decode()
        assert f"quantity-{tea.pk}" not in page
        # Enter in the box of the search sends the form with its words, and nothing else happens.
        page = browser.post(NEW, {**filled((tea, 5)), "words": "火星"}).content.decode()
        assert "没有找到可以询价的商品" in page


def test_a_request_is_sent_and_shown_and_the_next_form_knows_the_company(
    browser: Client, buyer: Member, tea: Sku
) -> None:
    answer = browser.post(NEW, filled((tea, 200)), follow=True)
    request = EnterpriseRequest.objects.get()
    assert answer.redirect_chain == [(f"/enterprise/{request.number}/", 302)]
    markup(answer)
    page = answer.content.decode()
    for words in ("待报价", tea.product.name, "× 200", "杭州松坪文化有限公司", CODE, "138****1234"):
        assert words in page
    assert "13800001234" not in page
    assert request.number in browser.get("/enterprise/").content.decode()
    assert 'value="杭州松坪文化有限公司"' in browser.get(NEW).content.decode()
    with nothing_changes():
        assert browser.post(NEW, filled((tea, 200))).status_code == 302


def test_goods_of_two_suppliers_become_two_requests_in_the_list(browser: Client, tea: Sku) -> None:
    other = a_sku()
    answer = browser.post(NEW, filled((tea, 20), (other, 3)), follow=True)
    assert answer.redirect_chain == [("/enterprise/", 302)]
    assert answer.content.decode().count("待报价") == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"credit_code": "91330100799655058A"}, "统一社会信用代码不对"),
        ({"contact_phone": "123"}, "11 位手机号"),
        ({"wanted_date": "2020-01-01"}, "明天到一年内"),
        ({"wanted_date": "x"}, "明天到一年内"),
        ({"company_name": ""}, "请填写公司名称"),
        ({"key": ""}, "请求缺少编号"),
    ],
)
def test_a_refused_form_says_what_is_wrong_and_keeps_the_rest(
    browser: Client, tea: Sku, changes: dict[str, str], words: str
) -> None:
    with nothing_changes():
        answer = browser.post(NEW, filled((tea, 200)) | changes)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert words in page
    assert f'name="quantity-{tea.pk}" value="200"' in page
    assert "年会礼品" in page


def test_all_that_is_wrong_is_said_at_once(browser: Client, tea: Sku) -> None:
    wrong = filled((tea, "x"), company_name="", credit_code="123", contact_phone="123", wanted_date="")
    with nothing_changes():
        page = browser.post(NEW, wrong).content.decode()
    for words in ("请填写公司名称", "统一社会信用代码不对", "11 位手机号", "明天到一年内", "1 到 9999"):
        assert words in page, words


@pytest.mark.parametrize("count", ["0", "-5", "10000", "1.5", "١", "", "9" * 30])
def test_a_count_that_is_none_is_marked_on_its_line(browser: Client, tea: Sku, count: str) -> None:
    with nothing_changes():
        answer = browser.post(NEW, filled((tea, count)))
    assert answer.status_code == 400
    assert f'id="quantity-{tea.pk}-error"' in answer.content.decode()


def test_a_form_without_goods_or_with_too_many_is_refused(browser: Client, tea: Sku) -> None:
    many = {f"quantity-{number}": "1" for number in range(10**6, 10**6 + 70)}
    with nothing_changes():
        assert "请先添加" in browser.post(NEW, filled()).content.decode()
        assert browser.post(NEW, filled() | many).status_code == 400


def test_anothers_request_is_404_on_every_page(browser: Client, tea: Sku) -> None:
    theirs = open_quote(tea, a_member())
    with nothing_changes():
        for page in ("", "accept/"):
            assert browser.get(f"/enterprise/{theirs.number}/{page}").status_code == 404
        for page in ("accept/", "refuse/", "withdraw/"):
            given = {"reason": "x", "address": "1", "key": "k", "seen": ""}
            assert browser.post(f"/enterprise/{theirs.number}/{page}", given).status_code == 404
        assert browser.get("/enterprise/QG%00/").status_code == 404


def test_a_quote_is_shown_accepted_and_becomes_an_order_with_the_companys_invoice(
    browser: Client, buyer: Member, tea: Sku
) -> None:
    request = open_quote(tea, buyer)
    answer = browser.get(f"/enterprise/{request.number}/")
    markup(answer)
    page = answer.content.decode()
    for words in ("已报价", "¥60.00", "¥68.00", "¥7,200.00", "含礼盒", "接受报价，去下单"):
        assert words in page
    answer = browser.get(f"/enterprise/{request.number}/accept/")
    markup(answer)
    page = answer.content.decode()
    assert "¥7,200.00" in page
    assert "企业报价" in page
    assert 'name="item"' not in page
    given = {
        "key": hidden(page, "key"),
        "seen": hidden(page, "seen"),
        "address": str(buyer.addresses.get().pk),
        "invoice": "saved-0",
        f"note-{request.supplier_id}": "送到前台",
        # What a client says of goods and prices counts for nothing.
        "item": f"{a_sku().pk}:1",
        "price": "1",
        "unit_price_fen": "1",
        "total": "1",
    }
    answer = browser.post(f"/enterprise/{request.number}/accept/", given)
    order = Order.objects.get()
    assert answer["Location"] == f"/pay/{order.purchase.number}"
    line = order.lines.get()
    assert (line.sku, line.quantity, line.unit_price_fen, order.total_fen) == (tea, 120, 6_000, 720_000)
    assert (order.quote_number, order.note) == (request.number, "送到前台")
    invoice = Invoice.objects.get()
    assert (invoice.kind, invoice.title, invoice.tax_number) == ("company", "杭州松坪文化有限公司", CODE)
    with nothing_changes():
        again = browser.post(f"/enterprise/{request.number}/accept/", given)
        assert again["Location"] == f"/pay/{order.purchase.number}"
    assert order.number in browser.get(f"/enterprise/{request.number}/").content.decode().replace(" ", "")
    assert f"/enterprise/{request.number}/" in browser.get(f"/orders/{order.number}/").content.decode()


def test_a_quote_that_is_over_or_used_leads_back_to_its_page(browser: Client, buyer: Member, tea: Sku) -> None:
    over, used, waiting = open_quote(tea, buyer), open_quote(tea, buyer, key="k2"), None
    accepted(used, at=clock.now(), key="k9")
    EnterpriseRequest.objects.filter(pk=over.pk).update(valid_date=clock.now().date() - timedelta(days=2))
    today = clock.now().astimezone(SHANGHAI).date()
    waiting = asked(tea, member=buyer, key="k3", at=clock.now(), wanted_date=today + timedelta(days=9))
    given = {"key": "kx", "seen": "", "address": str(buyer.addresses.first().pk), "invoice": "none"}
    before = Purchase.objects.count()
    for request, words in ((over, "已经过期"), (used, "已经下过单"), (waiting, "不再有效")):
        address = f"/enterprise/{request.number}/accept/"
        for answer in (browser.get(address, follow=True), browser.post(address, given, follow=True)):
            assert answer.redirect_chain[-1][0] == f"/enterprise/{request.number}/"
            assert words in answer.content.decode()
    assert Purchase.objects.count() == before
    assert "已过期" in browser.get(f"/enterprise/{over.number}/").content.decode()


def test_another_price_or_too_little_stock_is_said_on_the_checkout(browser: Client, buyer: Member, tea: Sku) -> None:
    request = open_quote(tea, buyer)
    address = f"/enterprise/{request.number}/accept/"
    page = browser.get(address).content.decode()
    given = {"key": "kx", "seen": hidden(page, "seen"), "address": str(buyer.addresses.get().pk), "invoice": "none"}
    quoted(fresh(request), 5_900, at=clock.now(), valid_date=request.valid_date)
    with nothing_changes():
        answer = browser.post(address, given)
        assert answer.status_code == 409
        assert "价格有变动" in answer.content.decode()
    Sku.objects.filter(pk=tea.pk).update(on_hand=100)
    with nothing_changes():
        page = browser.get(address).content.decode()
        assert "库存只剩 100" in page
        answer = browser.post(address, given | {"seen": hidden(page, "seen")})
        assert answer.status_code == 409


def test_a_chosen_address_draws_the_checkout_anew(browser: Client, buyer: Member, tea: Sku) -> None:
    request = open_quote(tea, buyer)
    with nothing_changes():
        answer = browser.post(
            f"/enterprise/{request.number}/accept/",
            {"draw": "1", "address": str(buyer.addresses.get().pk)},
            headers={"HX-Request": "true", "HX-Target": "checkout"},
        )
    assert "¥7,200.00" in answer.content.decode()


def test_a_quote_is_refused_for_a_reason_and_a_request_taken_back(browser: Client, buyer: Member, tea: Sku) -> None:
    request, waiting = open_quote(tea, buyer), open_quote(tea, buyer, key="k2")
    with nothing_changes():
        answer = browser.post(f"/enterprise/{request.number}/refuse/", {"reason": " "})
        assert answer.status_code == 400
        assert "请写明原因" in answer.content.decode()
    browser.post(f"/enterprise/{request.number}/refuse/", {"reason": "超预算"})
    browser.post(f"/enterprise/{waiting.number}/withdraw/")
    assert (fresh(request).state, fresh(request).reason) == ("refused", "超预算")
    assert fresh(waiting).state == RequestState.WITHDRAWN
    assert "超预算" in browser.get(f"/enterprise/{request.number}/").content.decode()


def test_the_list_asks_as_much_for_many_requests_as_for_one(
    browser: Client, buyer: Member, tea: Sku, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        asked(tea, member=buyer, key=f"k{number}")
    with django_assert_max_num_queries(9):
        assert browser.get("/enterprise/").content.decode().count("待报价") == 6


def test_the_pages_speak_english(browser: Client, buyer: Member, tea: Sku) -> None:
    request = open_quote(tea, buyer)
    Product.objects.filter(pk=tea.product_id).update(name="Tea", label="")
    withdraw_request(member=buyer, number=asked(tea, member=buyer, key="k2").number, at=clock.now())
    browser.cookies["django_language"] = "en"
    for address, words in (
        ("/enterprise/", "Ask for a price"),
        (NEW, "Send the request"),
        (f"/enterprise/{request.number}/", "Accept and order"),
        (f"/enterprise/{request.number}/accept/", "Company quote"),
    ):
        assert words in browser.get(address).content.decode(), address


def test_links_lead_there_from_me_and_from_help(browser: Client) -> None:
    for address in ("/me/", "/help"):
        answer = browser.get(address, follow=True)
        assert f'href="{reverse("orders:enterprise")}"' in answer.content.decode()
