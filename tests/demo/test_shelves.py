"""What the demo's shop says of its goods."""

from datetime import timedelta
from typing import Any

import pytest

from integration.models import ApiAct, ApiKey, Delivery, Webhook
from mall.core.sealing import unseal
from mall.demo.connecting import connect_a_system
from mall.demo.goods import goods
from mall.demo.opening import open_shop
from mall.demo.shelves import lay_out, limit_goods, look_around
from mall.demo.supplying import suppliers_apply
from onboarding.commands import approve_application
from onboarding.models import Application, Stage
from suppliers.commands import require_permits
from suppliers.models import Brand, FreightTemplate, Product, ProductView, Qualification, Sku, Supplier
from suppliers.queries import (
    FreightItem,
    Selection,
    corrected,
    expiring_counts,
    freight,
    hot_words,
    listing,
    papers_waiting,
    permits_of,
)
from tests.factories import AT, a_member, a_paid_order, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Any:
    """The shop on its first day."""
    opened = open_shop(at=AT)
    lay_out(at=AT)
    return opened


def test_every_product_has_a_brand_and_every_sku_a_weight_and_its_specs(shop: Any) -> None:
    assert not Product.objects.filter(brand=None).exists()
    assert Brand.objects.count() == 10
    assert Product.objects.count() == len(goods())
    for sku in Sku.objects.select_related("product"):
        assert len(sku.spec_values) == len(sku.product.spec_names)
        assert sku.spec == " · ".join(sku.spec_values)
        assert sku.weight_g > 0
    two = [product for product in Product.objects.prefetch_related("skus") if len(product.spec_names) == 2]
    assert len(two) == 5
    assert all(product.skus.count() >= 3 for product in two)
    rice = Sku.objects.get(spec="2.5 千克", product__slug="wuchang-rice")
    assert rice.weight_g == 2_560
    assert Qualification.objects.count() == 9


def test_everything_on_the_shelf_has_the_permits_that_its_category_asks_for(shop: Any) -> None:
    assert sum(bool(permits_of(category_id=product.category_id)) for product in Product.objects.all()) >= 20
    for product in Product.objects.all():
        require_permits(product=product)


def test_a_firm_waits_to_become_a_supplier_and_a_paper_runs_out_soon(shop: Any, tmp_path: Any, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    now = AT + timedelta(days=120)
    suppliers_apply(at=now)
    assert Application.objects.get().stage == Stage.WAITING
    assert papers_waiting().count() == 1
    assert len(list(tmp_path.rglob("*.webp"))) == 3
    yanxu = Supplier.objects.get(slug="yanxu")
    assert expiring_counts(supplier=yanxu, today=now.date()) == {"expired": 0, "soon": 1, "later": 0}
    approve_application(application=Application.objects.get(), by=shop.reviewer, at=now)
    for product in Product.objects.filter(is_published=True):
        require_permits(product=product)


def test_a_supplier_has_a_key_that_nobody_knows_and_a_webhook_that_is_off(shop: Any, capsys: Any) -> None:
    now = AT + timedelta(days=120)
    connect_a_system(at=now)
    key, webhook = ApiKey.objects.get(), Webhook.objects.get()
    assert (key.supplier.slug, key.revoked_at, key.expires_at > now) == ("yanxu", None, True)
    assert len(key.digest) == 64
    assert (webhook.supplier, webhook.is_active) == (key.supplier, False)
    assert unseal(webhook.sealed, purpose="webhook secret").startswith("whsec_")
    assert [act.kind for act in ApiAct.objects.order_by("pk")] == ["key_made", "webhook_set", "webhook_off"]
    a_paid_order(sku=Sku.objects.filter(product__supplier=key.supplier, is_gift_pack=False)[0], at=now)
    assert not Delivery.objects.exists()
    assert capsys.readouterr().out == ""


def test_rice_goes_by_weight_and_not_to_the_far_west_and_snacks_go_free_from_a_sum_on(shop: Any) -> None:
    rice, nuts = shop.skus["WUCHANG-RICE-2"], shop.skus["DAILY-NUTS-1"]
    assert freight(items=[FreightItem(rice.pk, 1, 10_900)], province="浙江省").fee_fen == 800 + 3 * 200
    far = freight(items=[FreightItem(rice.pk, 1, 10_900)], province="西藏自治区")
    assert far.unserved_sku_ids == {rice.pk}
    assert freight(items=[FreightItem(nuts.pk, 3, 8_970)], province="浙江省").fee_fen == 1_000
    assert freight(items=[FreightItem(nuts.pk, 4, 11_960)], province="浙江省").fee_fen == 0
    assert FreightTemplate.objects.count() == 2


def test_goods_are_found_by_what_people_call_them(shop: Any) -> None:
    for text, slug in (
        ("longjing", "long-jing"),
        ("大米", "wuchang-rice"),
        ("dhp", "da-hong-pao"),
        ("蜂蜜", "bird-honey"),
    ):
        assert listing(selection=Selection(text=text), limit=1, at=AT)[0].product.slug == slug
    assert corrected(text="龙景") == "龙井"


def test_people_have_looked_around_and_searched(shop: Any) -> None:
    for _ in range(5):
        a_member()
    limit_goods()
    look_around(at=later(days=30))
    assert ProductView.objects.count() >= 10
    assert hot_words()[0] == "龙井"
    assert Product.objects.get(slug="lantern").limit_per_member == 2
