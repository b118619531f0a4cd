import pytest
from django.conf import settings as s
from tests.browser.conftest import *
from tests.factories import *
from tests.factories import a_seat
from members.models import Member
DESK={"viewport":{"width":1280,"height":900}}
@pytest.mark.django_db(transaction=True)
def test_look(open_page, site):
    sup=a_supplier("山里人")
    m=a_seat(sup); m.set_password("correct horse battery"); m.save(update_fields=["password"])
    gift_pack_terms()
    sku=a_sku(supplier=sup); pack=a_gift_pack(supplier=sup)
    o=a_paid_order(sku=sku,quantity=2); a_shipped_order(sku=sku); a_paid_order(sku=pack)
    p=open_page(DESK)
    p.goto("/supplier/"); p.screenshot(path="/tmp/team/shop/s1.png")
    p.fill("[name=username]", m.phone); p.fill("[name=password]","correct horse battery"); p.press("[name=password]","Enter")
    p.wait_for_load_state("networkidle"); p.screenshot(path="/tmp/team/shop/s2.png")
    for n,u in enumerate(["/supplier/orders/order/",f"/supplier/orders/order/{o.pk}/change/",f"/supplier/orders/order/{o.pk}/ship/","/supplier/suppliers/sku/",f"/supplier/suppliers/product/{sku.product_id}/change/",f"/supplier/suppliers/sku/{sku.pk}/stock/","/supplier/suppliers/product/add/","/supplier/suppliers/stockmovement/"]):
        p.goto(u); p.wait_for_load_state("networkidle"); p.screenshot(path=f"/tmp/team/shop/p{n}.png")
