"""Banners: kept by operators who may, shown in their time, leading to pages of our own alone."""

from typing import Any

import pytest

from mall.core.rights import SERVICE
from storefront.commands import BannerRefused, BannerText, remove_banner, save_banner
from storefront.commands.banners import leads_inside
from storefront.models import Banner
from storefront.queries import banners
from tests.factories import AT, a_member, a_sku, later
from tests.operators import as_, operator
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def text(**changes: Any) -> BannerText:
    said: dict[str, Any] = {
        "title": "秋茶上新季",
        "subtitle": "",
        "target_path": "/",
        "image": "",
        "ground": "jade",
        "position": 0,
        "starts_at": AT,
        "ends_at": later(days=7),
    }
    return BannerText(**(said | changes))


def saved(**changes: Any) -> Banner:
    return save_banner(banner=None, text=text(**changes), by=a_member(), at=AT)


def test_banners_are_shown_in_their_time_in_their_order_five_at_most() -> None:
    late = saved(title="后来的", position=9)
    first = saved(title="先来的", position=1)
    saved(title="还没开始", starts_at=later(days=3))
    saved(title="已经结束", starts_at=later(days=-9), ends_at=later(days=-1))
    remove_banner(banner=saved(title="下线的"), by=a_member(), at=AT)
    assert banners(at=later(hours=1)) == [first, late]
    for number in range(6):
        saved(title=f"第{number}条", position=number)
    assert len(banners(at=later(hours=1))) == 5


@pytest.mark.parametrize(
    "path",
    [
        "https://example.com/",
        "//example.com/",
        "/\\example.com",
        "javascript:alert(1)",
        "p/tea",
        "/ops/",
        "/orders/",
        "/nowhere",
    ],
)
def test_a_banner_leads_to_no_other_site_and_to_no_private_page(path: str) -> None:
    assert not leads_inside(path)
    member = a_member()
    with nothing_changes(), pytest.raises(BannerRefused):
        save_banner(banner=None, text=text(target_path=path), by=member, at=AT)


@pytest.mark.parametrize(
    "changes", [{"title": ""}, {"title": "长" * 15}, {"subtitle": "长" * 25}, {"ground": "red"}, {"ends_at": AT}]
)
def test_a_banner_out_of_bounds_is_refused(changes: dict[str, Any]) -> None:
    member = a_member()
    with nothing_changes(), pytest.raises(BannerRefused):
        save_banner(banner=None, text=text(**changes), by=member, at=AT)


def test_an_operator_puts_a_banner_up_with_a_products_picture_and_takes_it_down() -> None:
    product = a_sku().product
    type(product).objects.filter(pk=product.pk).update(image="products/tea/hero-750.webp")
    client = as_(operator("小运营", SERVICE))
    given = {
        "title": "新茶",
        "subtitle": "明前",
        "target_path": f"/p/{product.slug}",
        "product": product.slug,
        "ground": "plum",
        "position": "2",
        "starts_at": "2026-11-01 00:00",
        "ends_at": "2026-12-01 00:00",
    }
    assert client.post("/ops/storefront/banner/new/", given).status_code == 302
    banner = Banner.objects.get()
    assert (banner.title, banner.image, banner.ground) == ("新茶", "products/tea/hero-750.webp", "plum")
    page = f"/ops/storefront/banner/{banner.pk}/save/"
    assert 'value="新茶"' in client.get(page).content.decode()
    assert client.post(page, given | {"title": "新茶到了", "product": ""}).status_code == 302
    banner.refresh_from_db()
    assert (banner.title, banner.image) == ("新茶到了", "products/tea/hero-750.webp")
    assert client.post(f"/ops/storefront/banner/{banner.pk}/remove/").status_code == 302
    banner.refresh_from_db()
    assert not banner.is_active


def test_an_operator_without_the_right_changes_no_banner() -> None:
    banner = saved()
    client = as_(operator("只看"))
    with nothing_changes():
        for page in ("new/", f"{banner.pk}/save/", f"{banner.pk}/remove/"):
            assert client.post(f"/ops/storefront/banner/{page}", {"title": "x"}).status_code == 403
