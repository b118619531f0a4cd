"""The page of the search: history, hot words, suggestions, results, corrections, nothing found."""

import re
from typing import Any

import pytest
from django.test import Client

from suppliers.commands import add_category, block_word, note_search
from suppliers.models import SearchHistory, SearchWord
from suppliers.queries import search_history
from tests.factories import AT, a_member, a_supplier
from tests.pages.reading import markup
from tests.snapshots import nothing_changes
from tests.storefront.goods import a_good

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tea() -> Any:
    """Something to be found."""
    category = add_category(name="绿茶", slug="green")
    return a_good("明前龙井 群体种", label="龙井", supplier=a_supplier(), category=category)


def search(client: Client, text: str, **more: str) -> Any:
    return client.get("/search", {"q": text, **more})


def member_of(client: Client) -> Any:
    member = a_member()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return member


@pytest.mark.parametrize("text", ["龙井", "longjing", "lj", "群体种"])
def test_a_tea_is_found_however_it_is_written(client: Client, text: str) -> None:
    answer = search(client, text)
    markup(answer)
    assert "明前龙井" in answer.content.decode()
    assert "找到 1 件" in answer.content.decode()


def test_a_typo_is_corrected_and_the_visitor_may_insist(client: Client) -> None:
    text = search(client, "龙景").content.decode()
    assert "已按“<b>龙井</b>”找到 1 件，改搜" in text
    (insist,) = re.findall(r'<a class="link" href="([^"]+)"', text)
    text = client.get(insist.replace("&amp;", "&")).content.decode()
    assert "没有找到“龙景”" in text
    assert "看看这些" in text
    assert "明前龙井" in text


def test_nothing_found_recommends_something_else_and_counts_for_nothing(client: Client) -> None:
    with nothing_changes():
        answer = search(client, "自行车轮胎")
    markup(answer)
    assert "没有找到“自行车轮胎”" in answer.content.decode()
    assert "明前龙井" in answer.content.decode()


def test_filters_that_empty_the_results_are_offered_to_be_dropped(client: Client) -> None:
    text = search(client, "龙井", low="9999").content.decode()
    assert "没有符合条件的商品" in text
    assert "清除筛选" in text
    assert "看看这些" in text


@pytest.mark.parametrize(
    "text", ["%_\\'\";--", "' OR 1=1", "<script>alert(1)</script>", "\x00", "茶" * 5_000, "🍵", "  "]
)
def test_whatever_is_typed_is_shown_as_text_and_breaks_nothing(client: Client, text: str) -> None:
    answer = search(client, text)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert client.get("/search/suggest", {"q": text}, headers={"HX-Request": "true"}).status_code == 200


def test_suggestions_come_as_a_fragment_and_without_script_as_the_search(client: Client) -> None:
    answer = client.get("/search/suggest", {"q": "longj"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert 'href="/search?q=%E9%BE%99%E4%BA%95"' in answer.content.decode()
    assert client.get("/search/suggest", {"q": "lj"})["Location"] == "/search?q=lj"


def test_a_visitor_sees_the_own_history_and_clears_it(client: Client) -> None:
    for text in ("龙井", "绿茶", "龙井"):
        search(client, text)
    page = client.get("/search").content.decode()
    assert page.index("?q=%E9%BE%99%E4%BA%95") < page.index("?q=%E7%BB%BF%E8%8C%B6")
    assert "龙井" not in Client().get("/search").content.decode().split("大家常买")[0]
    assert SearchWord.objects.get(pk="龙井").searches == 1
    assert client.post("/search/forget")["Location"] == "/search"
    assert "搜过的" not in client.get("/search").content.decode()


def test_a_members_history_is_on_every_device_and_nobody_elses(client: Client) -> None:
    member = member_of(client)
    search(client, "龙井")
    assert search_history(member=member) == ["龙井"]
    second = Client()
    second.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    assert "搜过的" in second.get("/search").content.decode()
    stranger = Client()
    member_of(stranger)
    assert "搜过的" not in stranger.get("/search").content.decode()
    stranger.post("/search/forget")
    assert SearchHistory.objects.count() == 1
    second.post("/search/forget")
    assert not SearchHistory.objects.exists()


def test_a_history_is_cleared_by_a_form_with_a_token_alone() -> None:
    client = Client(enforce_csrf_checks=True)
    member = member_of(client)
    note_search(text="龙井", at=AT, member=member)
    with nothing_changes():
        assert client.get("/search/forget").status_code == 405
        assert client.post("/search/forget").status_code == 403


def test_hot_words_are_shown_unless_an_operator_blocks_them(client: Client) -> None:
    for _ in range(3):
        note_search(text="龙井", at=AT)
        note_search(text="坏话", at=AT)
    block_word(word="坏话", is_blocked=True, at=AT)
    text = client.get("/search").content.decode()
    assert "大家在搜" in text
    assert "坏话" not in text


def test_machines_heat_no_word(client: Client) -> None:
    client.get("/search", {"q": "龙井"}, headers={"User-Agent": "Baiduspider/2.0"})
    assert not SearchWord.objects.exists()
