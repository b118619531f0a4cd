"""The demo's shops and materials are made by the commands, and hold to the rules that everybody's do."""

import pytest

from agents.models import Material, MaterialState, MaterialUse, Persona, Shop, ShopItem
from agents.rules import forbidden_words
from mall.demo import sharing
from mall.demo.opening import Shop as OpenShop
from mall.demo.people import ACCOUNTS
from members.commands import register_member
from members.models import Member, Shopkeeper, ShopkeeperState, Touch
from suppliers.models import Product
from tests.agents.shops import a_good
from tests.factories import AT, a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> OpenShop:
    """What the demo has by then: its accounts as shopkeepers, two operators, and the goods that are told of."""
    for account in ACCOUNTS[:3]:
        member = register_member(phone=account.phone, nickname=account.nickname, referrer=None, at=AT)
        state = ShopkeeperState.APPROVED
        Shopkeeper.objects.create(member=member, state=state, applied_at=AT, approved_at=AT, decided_at=AT)
    slugs = {slug for shop in sharing._TOLD["shops"] for slug, _words, _pinned in shop["items"]}
    for slug in sorted(slugs):
        Product.objects.filter(pk=a_good().product_id).update(slug=slug)
    return OpenShop(skus={}, keepers={}, reviewer=a_member(), releaser=a_member())


def test_shops_stand_and_were_looked_at(house: OpenShop) -> None:
    sharing.open_shops(shop=house, pictures=False, at=AT)
    assert sorted(Shop.objects.values_list("name", flat=True)) == ["林溪的好物铺", "阿杰路上的小店"]
    assert ShopItem.objects.count() == 8
    assert Persona.objects.count() == 2
    assert Touch.objects.count() > 100
    assert not Touch.objects.filter(at__gt=AT).exists()
    assert set(Member.objects.filter(touches__isnull=False).values_list("nickname", flat=True)) == {
        "林溪",
        "阿杰在路上",
    }


def test_materials_are_checked_and_used(house: OpenShop) -> None:
    sharing.open_shops(shop=house, pictures=False, at=AT)
    assert set(Material.objects.values_list("state", flat=True)) == {MaterialState.CHECKED}
    assert Material.objects.count() == 5
    assert MaterialUse.objects.exists()
    told = [shop["pinned_text"] + shop["intro"] + shop["notice"] for shop in sharing._TOLD["shops"]]
    assert forbidden_words("".join(told)) == []
