"""The money pages in English: whole sentences of it, and the same amounts."""

import re
from html import unescape

from django.test import Client

from linkage.models import Reward
from tests.linkage.stories import Mall, three_generations

from .conftest import See
from .traces import fen_of, recomputed

CHINESE = re.compile(r"[\u3400-\u9fff，。：；（）]")


def english(client: Client, path: str) -> str:
    client.cookies["django_language"] = "en"
    response = client.get(f"/agent/{path}")
    assert response.status_code == 200, path
    return unescape(response.content.decode().partition("<main")[2].partition("<aside")[0])


def test_a_reward_is_explained_in_english_with_the_same_amounts(mall: Mall, see: See) -> None:
    three_generations(mall)
    mall.receive("o-bob")
    mall.refund("o-y1")
    mall.settle()
    for name in ("ann", "zoe"):
        for reward in Reward.objects.filter(member=mall.members[name]):
            page = english(see(name), f"earnings/{reward.pk}/")
            words = re.sub(r"<[^>]+>", " ", page)
            assert not CHINESE.search(words), CHINESE.findall(words)
            formula = page.partition('id="formula"')[2].partition("</dl>")[0]
            assert recomputed(formula) == reward.amount_fen
            parts = re.findall(r"data-part>.*?<dd[^>]*>([^<]+)</dd>", formula, re.S)
            assert sum(map(fen_of, parts)) == reward.amount_fen


def test_the_rules_and_the_other_pages_of_money_are_in_english(mall: Mall, see: See) -> None:
    three_generations(mall)
    mall.receive("o-bob")
    mall.settle()
    paths = ["rules/1/", "earnings/", "frozen/", "calendar/", "orders/", "statements/", "tasks/"]
    month = re.search(r"/agent/statements/(\d{4}-\d{2})/", english(see("zoe"), "statements/"))
    assert month is not None
    for path in [*paths, f"statements/{month[1]}/"]:
        words = re.sub(r"<[^>]+>", " ", english(see("zoe"), path))
        assert not CHINESE.search(words), (path, CHINESE.findall(words), words[:2_000])
