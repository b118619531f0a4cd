import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linkage.commands import draft_plan, publish_plan
from linkage.models import Position, Rank
from mall.core import clock
from members.models import Member, Touch
from tests.factories import a_member, a_sku
from tests.pages.reading import markup, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Member:
    return a_member(nickname="小林")


def a_plan(**params: Any) -> None:
    at = clock.now() - timedelta(minutes=1)
    version = draft_plan(name="2+1", params=params, by=None)
    publish_plan(version=version.version, starts_at=at, by=None, at=at)


def standing(member: Member, rank: Rank, *, packs: int = 1, valid_referrals: int = 0) -> None:
    values = {"shard": member.shard, "rank": rank, "packs": packs, "valid_referrals": valid_referrals}
    Position.objects.update_or_create(member=member, defaults=values)


def visit(client: Client, owner: Member, query: str = "") -> str:
    answer = client.get(f"/r/{owner.referral_code}{query}")
    assert answer.status_code == 200
    markup(answer)
    return str(answer.content.decode())


def test_a_visit_says_who_invites_and_is_written_down(client: Client, owner: Member) -> None:
    sku = a_sku(price_fen=12_800)
    text = visit(client, owner, f"?to=p/{sku.product.slug}&ch=wechat-group")
    assert "小林邀请你来" in text
    assert sku.product.name in text
    touch = Touch.objects.get()
    assert (touch.owner, touch.member, touch.channel) == (owner, None, "wechat-group")
    assert touch.target_path == f"/p/{sku.product.slug}"
    assert f"/account/login/?next=/p/{sku.product.slug}" in text


def test_without_a_plan_nothing_is_said_of_rewards_or_ranks(client: Client, owner: Member) -> None:
    standing(owner, Rank.PARTNER)
    text = visit(client, owner)
    for word in ("直推奖", "见点奖", "合伙人", "代理", "礼包"):
        assert word not in text
    assert "没有人从中得奖励" in text


@pytest.mark.parametrize(
    ("rank", "packs", "referrals", "amount"),
    [
        (Rank.CONSUMER, 0, 0, "¥0.00"),
        (Rank.AGENT, 1, 1, "¥100.00"),
        (Rank.AGENT, 0, 1, "¥0.00"),
        (Rank.PARTNER, 1, 2, "¥250.00"),
        (Rank.PARTNER, 1, 1, "¥100.00"),
        (Rank.PARTNER, 0, 2, "¥0.00"),
    ],
)
def test_what_the_inviter_gets_is_what_the_rules_pay(
    client: Client, owner: Member, rank: Rank, packs: int, referrals: int, amount: str
) -> None:
    a_plan()
    standing(owner, rank, packs=packs, valid_referrals=referrals)
    text = visit(client, owner)
    first = text[text.index("你买第一份礼包") : text.index("你买其他商品")]
    assert f'<dd class="strong">{amount}</dd>' in first


@pytest.mark.parametrize("code", ["NOTHING2", "0O1I", "%00", "x" * 300, "..%2f"])
def test_an_unknown_code_leaves_no_trace(client: Client, code: str) -> None:
    assert client.get(f"/r/{code}").status_code == 404
    assert not Touch.objects.exists()


@pytest.mark.parametrize(
    "query", ["?to=https://evil.example/", "?to=//evil.example", "?to=p/nothing", "?to=/me/&ch=<b>"]
)
def test_a_target_that_is_none_leads_to_the_shop(client: Client, owner: Member, query: str) -> None:
    text = visit(client, owner, query)
    assert not re.search(r'(href|action|content)="[^"]*//evil', text)
    touch = Touch.objects.get()
    assert (touch.target_path, touch.channel) == ("/", "")


def test_ones_own_link_leads_to_the_goods(owner: Member) -> None:
    answer = signed_in(owner).get(f"/r/{owner.referral_code}")
    assert answer["Location"] == "/"
    assert not Touch.objects.exists()


def test_a_member_is_told_that_nothing_changes(owner: Member) -> None:
    visitor = a_member()
    text = visit(signed_in(visitor), owner)
    assert "推荐人不会因为这个链接改变" in text
    assert Member.objects.get(pk=visitor.pk).referrer is None


def test_a_look_ahead_without_a_body_leaves_no_trace(client: Client, owner: Member) -> None:
    assert client.head(f"/r/{owner.referral_code}").status_code == 200
    assert not Touch.objects.exists()
