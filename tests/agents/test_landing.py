import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linkage.models import Position, Rank
from mall.core import clock
from members.models import Member, Touch
from tests.factories import a_member, a_sku
from tests.pages.reading import markup, signed_in
from tests.plans import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Member:
    return a_member(nickname="小林")


def a_plan(**params: Any) -> None:
    at = clock.now() - timedelta(minutes=1)
    published(params, name="2+1", starts_at=at)


def standing(member: Member, rank: Rank, *, packs: int = 1, valid_referrals: int = 0) -> None:
    values = {"shard": member.shard, "rank": rank, "packs": packs, "valid_referrals": valid_referrals}
    values |= {"strand_id": member.pk, "place": 0}
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


BOTS = [
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "facebookexternalhit/1.1",
    "WhatsApp/2.23",
    "TelegramBot (like TwitterBot)",
    "python-requests/2.31",
    "curl/8.5.0",
    "Mozilla/5.0 LinkPreview/1.0",
]


@pytest.mark.parametrize("agent", BOTS)
def test_bots_and_preview_fetchers_leave_no_trace(owner: Member, agent: str) -> None:
    client = Client(headers={"user-agent": agent})
    assert client.get(f"/r/{owner.referral_code}").status_code == 200
    assert not Touch.objects.exists()
    assert "sessionid" not in client.cookies


def test_a_browser_that_fetches_ahead_leaves_no_trace(client: Client, owner: Member) -> None:
    client.get(f"/r/{owner.referral_code}", headers={"sec-purpose": "prefetch;prerender"})
    assert not Touch.objects.exists()


def test_the_same_visitor_within_the_hour_is_one_touch(client: Client, owner: Member) -> None:
    other = a_member()
    for query in ("?ch=qr", "?ch=card", ""):
        visit(client, owner, query)
    assert [touch.channel for touch in Touch.objects.all()] == ["qr"]
    visit(client, other)
    visit(Client(), owner)
    clock.advance(timedelta(minutes=61))
    visit(client, owner, "?ch=poster")
    assert sorted(Touch.objects.filter(owner=owner).values_list("channel", flat=True)) == ["", "poster", "qr"]
    assert Touch.objects.filter(owner=other).count() == 1


HOSTILE = [
    "https://evil.example/",
    "http:evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/p/x",
    "/\\evil.example",
    "\\\\evil.example",
    "/%2f%2fevil.example",
    "%2f%2fevil.example",
    "/%5cevil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "ftp://evil.example",
    "https:///evil.example",
    "https:evil.example",
    "p/../../evil",
    "p/..%2f..%2fevil",
    "p/x@evil.example",
    "p/x?next=https://evil.example",
    "@evil.example",
    ".evil.example",
    "list?next=https://evil.example",
    "list?category=//evil.example",
    "c/tea%0d%0aLocation:%20https://evil.example",
    "p/x\r\nSet-Cookie: a=b",
    "\x00//evil.example",
    "  //evil.example",
    "\u2044\u2044evil.example",
    "help/../r/x",
    "/me/",
    "ops/login",
    "wx/callback?code=1",
    "p/" + "x" * 5000,
]


@pytest.mark.parametrize("to", HOSTILE, ids=range(len(HOSTILE)))
def test_a_link_leads_to_pages_of_ours_alone(client: Client, owner: Member, to: str) -> None:
    answer = client.get(f"/r/{owner.referral_code}", {"to": to})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert not re.search(r'(?:href|action|src)="(?!/qr\.svg\?to=/r/)[^"]*evil', text)
    target = Touch.objects.get().target_path
    assert target in ("/", "/list")
    assert signed_in(owner).get(f"/r/{owner.referral_code}", {"to": to})["Location"] == target


def test_a_link_leads_to_goods_categories_lists_help_and_packs(client: Client, owner: Member) -> None:
    sku = a_sku()
    category = sku.product.category
    expected = {
        f"p/{sku.product.slug}": f"/p/{sku.product.slug}",
        f"/p/{sku.product.slug}": f"/p/{sku.product.slug}",
        f"c/{category.slug}": f"/c/{category.slug}",
        "c/nothing": "/",
        f"list?category={category.slug}&evil=1": f"/list?category={category.slug}",
        "help": "/help",
        "packs": "/agent/join/",
        "": "/",
    }
    for to, path in expected.items():
        assert signed_in(owner).get(f"/r/{owner.referral_code}", {"to": to})["Location"] == path, to


def test_the_invitation_is_kept_by_no_cache_for_others(client: Client, owner: Member) -> None:
    stranger = client.get(f"/r/{owner.referral_code}")
    assert stranger["Cache-Control"] in ("no-cache", "private, no-store")
    member = signed_in(a_member()).get(f"/r/{owner.referral_code}")
    assert member["Cache-Control"] == "private, no-store"
    for answer in (stranger, member):
        assert "Cookie" in answer["Vary"]


def test_nobody_agrees_for_the_visitor(client: Client, owner: Member) -> None:
    text = visit(client, owner)
    assert 'name="agreed" value="1" required>' in text
    assert "checked" not in text
    assert "微信一键登录" in text
