"""Addresses: pasted and read, chosen step by step, labelled, limited."""

import time
import tomllib
from typing import Any

import pytest
from django.test import Client

from members import regions
from members.commands import ProfileRefused, choose_default_address, save_address
from members.models import Address, Member
from members.parsing import ParsedAddress, parse_address
from members.rules import ADDRESSES_MAX
from tests.factories import AT, a_member, address_text, an_address
from tests.house.project import PROJECT
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

HANGZHOU = ParsedAddress("张三", "13800001111", "浙江省", "杭州市", "西湖区", "龙井路1号")


@pytest.mark.parametrize(
    "text",
    [
        "张三 13800001111 浙江省杭州市西湖区龙井路1号",
        "浙江省杭州市西湖区龙井路1号 张三 13800001111",
        "13800001111，浙江杭州西湖龙井路1号，张三",
        "浙江省 杭州市 西湖区 龙井路1号;张三;138 0000 1111",
        "收货人：张三\n手机号码：+86 138-0000-1111\n所在地区：浙江省杭州市西湖区\n详细地址：龙井路1号",
        "张三13800001111浙江省杭州市西湖区龙井路1号",
        "杭州市西湖区龙井路1号，张三，１３８００００１１１１",
        "地址：浙江省西湖区龙井路1号 姓名：张三 电话：13800001111 邮编：310000",
    ],
)
def test_a_pasted_address_is_read_in_any_order(text: str) -> None:
    assert parse_address(text) == HANGZHOU


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "上海市浦东新区张杨路 500 号 李四 13911112222",
            ("李四", "13911112222", "上海市", "上海市", "浦东新区", "张杨路500号"),
        ),
        ("新疆乌鲁木齐天山区解放北路1号", ("", "", "新疆维吾尔自治区", "乌鲁木齐市", "天山区", "解放北路1号")),
        ("仙桃市钱沟路3号", ("", "", "湖北省", "仙桃市", "", "钱沟路3号")),
        ("吉林省吉林市昌邑区解放路1号", ("", "", "吉林省", "吉林市", "昌邑区", "解放路1号")),
        ("江宁区胜太路1号 陈先生", ("陈先生", "", "江苏省", "南京市", "江宁区", "胜太路1号")),
        ("朝阳区望京街1号", ("", "", "", "", "", "朝阳区望京街1号")),
        ("广东省东莞市长安镇德政中路2号 Tom Lee", ("Tom Lee", "", "广东省", "东莞市", "长安镇", "德政中路2号")),
        ("", ("", "", "", "", "", "")),
        ("随便写点什么", ("随便写点什么", "", "", "", "", "")),
    ],
)
def test_what_cannot_be_known_is_left_open(text: str, expected: tuple[str, ...]) -> None:
    assert parse_address(text) == ParsedAddress(*expected)


@pytest.mark.parametrize(
    "text", ["京" * 100_000, "1" * 100_000, "北京市朝阳区" * 20_000, "\x00\u202e\ud7ff", "：，；" * 9_000, " " * 50_000]
)
def test_nothing_that_is_pasted_takes_long_or_fails(text: str) -> None:
    started = time.process_time()
    found = parse_address(text)
    # What looks at every pair of characters takes minutes.
    assert time.process_time() - started < 20
    assert len(found.detail) <= 120
    assert "\x00" not in found.name + found.detail


def test_the_table_of_regions_is_whole() -> None:
    assert len(regions.provinces()) == 34
    assert sum(len(regions.cities(province)) for province in regions.provinces()) > 380
    assert regions.is_region("浙江省", "杭州市", "西湖区")
    assert regions.is_region("湖北省", "仙桃市", "")
    assert not regions.is_region("浙江省", "杭州市", "")
    assert not regions.is_region("浙江省", "南京市", "鼓楼区")
    assert not regions.is_region("某省", "", "")


def test_everybody_of_the_demo_lives_somewhere() -> None:
    with (PROJECT / "mall" / "demo" / "names.toml").open("rb") as file:
        places = tomllib.load(file)["places"]
    assert [place for place in places if not regions.is_region(*place[:3])] == []


@pytest.fixture
def member(db: None) -> Member:
    return a_member(nickname="周可")


@pytest.fixture
def browser(member: Member) -> Client:
    return signed_in(member)


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "name": "周可",
        "phone": "13800006204",
        "province": "广东省",
        "city": "深圳市",
        "district": "南山区",
        "detail": "松坪路 18 号",
        "label": "work",
    } | changes


def test_a_pasted_address_fills_the_form_and_saves_nothing(browser: Client) -> None:
    with nothing_changes():
        answer = browser.post(
            "/me/addresses/new/",
            {"step": "parse", "pasted": "张三 13800001111 浙江省杭州市西湖区龙井路1号", "label": "home"},
        )
    page = markup(answer)
    assert (answer.status_code, page.fields["name"], page.fields["phone"]) == (200, "张三", "13800001111")
    text = answer.content.decode()
    for choice in ("浙江省", "杭州市", "西湖区"):
        assert f'<option value="{choice}" selected>' in text
    assert "都认出来了" in text
    assert "没有认出" in browser.post("/me/addresses/new/", {"step": "parse", "pasted": "龙井路1号"}).content.decode()


def test_the_picker_opens_further_without_script_and_keeps_what_was_typed(browser: Client) -> None:
    with nothing_changes():
        answer = browser.post("/me/addresses/new/", {"step": "region", "province": "浙江省", "name": "<b>周可"})
    text = answer.content.decode()
    assert '<option value="宁波市">' in text
    assert "深圳市" not in text
    assert 'value="&lt;b&gt;周可"' in text


def test_the_picker_opens_further_with_script(browser: Client) -> None:
    part = browser.get("/me/addresses/regions/", {"province": "浙江省", "city": "杭州市"}).content.decode()
    assert "<html" not in part
    assert '<option value="西湖区">' in part
    assert browser.get("/me/addresses/regions/", {"province": "\x00", "city": "x" * 999}).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"city": "南京市"},
        {"district": "西湖区"},
        {"district": ""},
        {"province": "浙江省"},
        {"label": "palace"},
        {"label": "\x00"},
    ],
    ids=str,
)
def test_a_place_that_there_is_not_changes_nothing(browser: Client, changes: dict[str, str]) -> None:
    with nothing_changes():
        answer = browser.post("/me/addresses/new/", typed(**changes))
    assert answer.status_code == 400
    markup(answer)


def test_an_address_carries_its_label(browser: Client, member: Member) -> None:
    assert browser.post("/me/addresses/new/", typed()).status_code == 302
    assert Address.objects.get(member=member).label == "work"
    assert ">公司<" in browser.get("/me/addresses/").content.decode()


def test_another_address_becomes_the_default(browser: Client, member: Member) -> None:
    first, second = an_address(member), an_address(member)
    browser.post(f"/me/addresses/{second.pk}/default/")
    assert list(Address.objects.filter(member=member, is_default=True)) == [second]
    with nothing_changes():
        assert browser.get(f"/me/addresses/{first.pk}/default/").status_code == 405


def test_another_ones_address_becomes_nobodys_default(browser: Client, member: Member) -> None:
    foreign = an_address(a_member())
    with nothing_changes():
        assert browser.post(f"/me/addresses/{foreign.pk}/default/").status_code == 404
        with pytest.raises(ProfileRefused):
            choose_default_address(member=member, address_id=foreign.pk)


def test_there_are_no_more_addresses_than_the_limit(browser: Client, member: Member) -> None:
    for _ in range(ADDRESSES_MAX):
        save_address(member=member, text=address_text(), at=AT)
    with nothing_changes():
        answer = browser.post("/me/addresses/new/", typed())
    assert answer.status_code == 400
    assert "地址已达 20 个" in answer.content.decode()
    assert "/me/addresses/new/" not in browser.get("/me/addresses/").content.decode()
