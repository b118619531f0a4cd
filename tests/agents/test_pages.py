"""The agent's pages: what they say, to whom, and at what cost."""

import re
from html import unescape

import pytest
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agents.queries import holds as paged_holds
from ledger.queries import member_balances
from linkage.commands import request_withdrawal
from linkage.models import Hold, Reward
from linkage.rules.plan import PROFILE_COMPLETED
from linkage.seed_tasks import note
from mall.core import clock
from mall.core.money import yuan
from members.commands import NewMember, register_members
from tests.linkage.stories import Mall, three_generations
from tests.plans import drafted

from .conftest import See, browser_of
from .traces import fen_of, prove_every_trace

PAGES = ["", "earnings/", "progress/", "frozen/", "share/", "withdraw/", "withdrawals/"]
RANK_WORDS = ["代理", "合伙人", "直推", "见点", "种子", "礼包", "帮扶", "冻结"]


def words(client: Client, path: str, status: int = 200) -> str:
    """Return the text of a page under /agent/."""
    response = client.get(f"/agent/{path}")
    assert response.status_code == status, path
    body = response.content.decode().partition("<main")[2].partition("<aside")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def busy(mall: Mall, recruits: int) -> None:
    """zoe leads, ann recruits; every recruit buys, some return, some holds are released or lost."""
    three_generations(mall)
    for number in range(recruits):
        name = f"r{number}"
        mall.join(name, "zoe" if number % 2 else "ann")
        mall.buy(name, f"o-{name}", packs=1 + number % 2)
    mall.settle()
    mall.receive("o-r0")
    mall.refund("o-r1")
    mall.settle()


def test_every_page_opens_for_an_agent(mall: Mall, see: See) -> None:
    three_generations(mall)
    for path in [*PAGES, "tasks/", "join/", "rules/1/"]:
        assert see("ann").get(f"/agent/{path}").status_code == 200, path


def test_a_stranger_is_sent_to_log_in(mall: Mall) -> None:
    for path in [*PAGES, "tasks/", "earnings/1/", "withdrawals/TX1/"]:
        response = Client().get(f"/agent/{path}")
        assert response.status_code == 302
        assert "/account/" in response["Location"]
    assert Client().get("/agent/join/").status_code == 200


def test_without_a_plan_and_without_money_nothing_is_said_of_ranks(db: None) -> None:
    at = clock.now()
    client = browser_of(register_members([NewMember(nickname="周舟", public_id="zhou")], at=at)[0])
    assert not [word for word in RANK_WORDS if word in words(client, "")]
    for path in ("progress/", "frozen/", "tasks/", "rules/1/"):
        assert client.get(f"/agent/{path}").status_code == 404, path
    assert not [word for word in RANK_WORDS if word in words(client, "join/")]
    for path in ("earnings/", "withdraw/", "withdrawals/", "share/"):
        assert client.get(f"/agent/{path}").status_code == 200, path
    assert not [word for word in ("代理", "合伙人", "直推", "见点") if word in words(client, "share/")]


def test_who_earned_before_the_plan_was_switched_off_still_sees_the_money(mall: Mall, see: See) -> None:
    three_generations(mall)
    mall.pass_time(minutes=1)
    mall.publish(None)
    text = words(see("zoe"), "")
    assert yuan(member_balances(holder_id=mall.members["zoe"].pk).held_fen) in text.replace("¥ ", "¥")
    assert "规则 v" not in text
    assert see("zoe").get("/agent/progress/").status_code == 404
    assert see("zoe").get("/agent/frozen/").status_code == 200


def test_home_shows_every_balance(mall: Mall, see: See) -> None:
    three_generations(mall)
    balances = mall.balances("zoe")
    text = words(see("zoe"), "").replace(" ", "")
    for fen in (balances.available_fen, balances.pending_fen, balances.held_fen, balances.withdrawing_fen):
        assert yuan(fen) in text
    assert "合伙人" in text
    assert "下一步：" in text


def test_home_names_the_debt(mall: Mall, see: See) -> None:
    three_generations(mall)
    mall.receive("o-bob")
    mall.pass_time(days=8)
    mall.settle()
    mall.payable("ann")
    request_withdrawal(member=mall.members["ann"], amount_fen=10_000, at=mall.at)
    mall.refund("o-bob")
    mall.settle()
    assert mall.balances("ann").debt_fen == 10_000
    assert "追缴欠款 ¥100.00" in words(see("ann"), "")


def test_totals_are_the_sum_of_the_lines_on_all_pages(mall: Mall, see: See) -> None:
    busy(mall, 24)
    mall.pass_time(days=31)
    mall.settle()
    assert Reward.objects.filter(member=mall.members["zoe"], hold=Hold.FORFEITED).exists()
    client, path, amounts, seen = see("zoe"), "earnings/", [], set()
    while path:
        body = client.get(f"/agent/{path}").content.decode()
        found = re.findall(r'<b class="big number [a-z]+">([+−]?¥[0-9,.]+)</b>', body)
        amounts += [fen_of(amount) for amount in found]
        more = re.search(r'href="\?([^"]+)" rel="next"', body)
        path = f"earnings/?{unescape(more[1])}" if more else ""
        assert path not in seen
        seen.add(path)
    balances = mall.balances("zoe")
    total = balances.pending_fen + balances.held_fen + balances.available_fen + balances.withdrawing_fen
    assert sum(amounts) == total - balances.debt_fen
    assert any(amount < 0 for amount in amounts)
    rewards = Reward.objects.filter(member=mall.members["zoe"])
    gone = rewards.filter(reversed=True).count() + rewards.filter(hold=Hold.FORFEITED).count()
    assert len(amounts) == rewards.count() + gone
    assert f"合计 {yuan(total - balances.debt_fen)}".replace(" ", "") in words(client, "earnings/").replace(" ", "")


@pytest.mark.parametrize("status", ["estimated", "pending", "held", "settled", "reversed"])
def test_a_tab_shows_what_its_name_says(mall: Mall, see: See, status: str) -> None:
    busy(mall, 4)
    assert words(see("zoe"), f"earnings/?status={status}")


@pytest.mark.parametrize(
    "query",
    [
        "status=nonsense",
        "month=2026-13",
        "month=%00",
        "month=1999-01",
        "month=2099-12",
        "after=x",
        "after=99999999999-3-999999999999999999",
        "after=1-9-1",
        "after=%27%3B--",
        "before=1e9",
        "_connector=OR&ordering=password",
        "page=-1",
    ],
)
def test_nonsense_in_the_address_is_ignored(mall: Mall, see: See, query: str) -> None:
    three_generations(mall)
    assert see("zoe").get(f"/agent/earnings/?{query}").status_code == 200
    assert see("zoe").get(f"/agent/withdrawals/?{query}").status_code == 200


def test_the_formula_on_the_page_gives_the_amount_on_the_page(mall: Mall) -> None:
    busy(mall, 6)
    assert prove_every_trace() > 15


def test_the_reward_of_another_is_not_there(mall: Mall, see: See) -> None:
    three_generations(mall)
    for reward in Reward.objects.all():
        for name in mall.members:
            expected = 200 if reward.member_id == mall.members[name].pk else 404
            assert see(name).get(f"/agent/earnings/{reward.pk}/").status_code == expected


def test_no_page_shows_a_whole_name_or_phone_of_another(mall: Mall, see: See) -> None:
    three_generations(mall)
    for path in PAGES:
        text = words(see("zoe"), path)
        assert not re.search(r"\b(bob|ann|y1|y2)\b", text), path


def test_frozen_says_who_what_and_until_when(mall: Mall, see: See) -> None:
    three_generations(mall)
    mall.receive("o-bob")
    mall.settle()
    text = words(see("zoe"), "frozen/")
    assert "b**" in text
    assert "见点奖 ¥30.00" in text
    assert "完善资料" in text
    bob = mall.members["bob"]
    note(member_id=bob.pk, shard=bob.shard, kind=PROFILE_COMPLETED, reached=1, at=mall.at)
    mall.settle()
    text = words(see("zoe"), "frozen/")
    assert "b**" not in text
    assert "a**" in text


def test_frozen_goes_on_from_page_to_page_and_names_every_hold_once(
    mall: Mall, see: See, monkeypatch: pytest.MonkeyPatch
) -> None:
    three_generations(mall)
    for number in range(7):
        mall.join(f"s{number}", "zoe")
        mall.buy(f"s{number}", f"o-s{number}", packs=1 + number % 2)
    mall.settle()
    holds = mall.members["zoe"].rewards.filter(hold=1, reversed=False)
    wanted = {f"/agent/earnings/{pk}/" for pk in holds.values_list("pk", flat=True)}
    assert len(wanted) > 6
    total = holds.aggregate(total=Sum("held_fen"))["total"]
    for groups in (1, 3, 30):
        monkeypatch.setitem(paged_holds.__kwdefaults__, "limit", groups)
        seen: list[str] = []
        path, pages = "frozen/", 0
        while path:
            body = see("zoe").get(f"/agent/{path}").content.decode()
            assert yuan(total) in unescape(re.sub(r"<[^>]+>", "", body))
            seen += re.findall(r'class="nowrap" href="(/agent/earnings/[0-9]+/)"', body)
            more = re.search(r'href="(\?after=[^"]+)" rel="next"', body)
            path, pages = (f"frozen/{more[1]}" if more else ""), pages + 1
        assert len(seen) == len(wanted)
        assert set(seen) == wanted
        assert (pages > 1) == (groups < 7)
    assert see("zoe").get("/agent/frozen/?after=x-1").status_code == 200


def test_a_lost_hold_is_told(mall: Mall, see: See) -> None:
    three_generations(mall)
    mall.pass_time(days=31)
    mall.settle()
    text = words(see("zoe"), "frozen/")
    assert "与我有关" in text
    assert "¥30.00" in text


def test_a_seed_user_sees_the_list_and_the_deadline(mall: Mall, see: See) -> None:
    three_generations(mall)
    text = words(see("bob"), "tasks/")
    assert "还差 2 项" in text
    assert "截止" in text
    mall.receive("o-bob")
    mall.settle()
    assert "还差 1 项" in words(see("bob"), "tasks/")


def test_progress_says_who_counts_and_why_not(mall: Mall, see: See) -> None:
    mall.join("ann")
    mall.join("early", "ann")
    mall.buy("early", "o-early")
    mall.buy("ann", "o-ann")
    for name in ("one", "back", "idle"):
        mall.join(name, "ann")
    mall.buy("one", "o-one")
    mall.buy("one", "o-one-2")
    mall.buy("back", "o-back")
    mall.settle()
    mall.refund("o-back")
    mall.settle()
    text = words(see("ann"), "progress/")
    assert "首份礼包" in text
    assert "又买 1 份不重复计" in text
    assert "整份退货，席位空出" in text
    assert "付款时你还没有有效礼包" in text
    assert "已注册，还没买礼包" in text
    assert "计入 1 · 未计入 3" in text


def test_progress_says_what_a_promotion_will_do_before_it_happens(mall: Mall, see: See) -> None:
    three_generations(mall)
    text = words(see("ann"), "progress/")
    assert "你离开 z** 的团队，自己成团。" in text
    assert "席位上的 b** 和坐满席位的那一位，留在原团队" in text
    assert "第 3 位起，你推荐的新人和 TA 们带来的新人归你的团队，每添 1 位你得见点奖 ¥150.00" in text
    assert "推荐你的 z** 当时若按合伙人计奖，得一次平级奖 ¥40.00" in text
    mall.publish({"name": "follow", "on_promotion": "follow", "peer_to": "referrer_or_leader", "see_point_fen": 14_000})
    text = words(see("ann"), "progress/")
    assert "席位上的 b** 和坐满席位的那一位，随你进入新团队。 推荐线下方现有 1 位代理一起带走" in text.replace(
        "。推荐", "。 推荐"
    )
    assert "每添 1 位你得见点奖 ¥140.00" in text
    assert "TA 不够资格时，原团队的合伙人" in text
    assert "按现行规则 v2 说明" in text


def test_progress_tells_how_one_became_what_one_is(mall: Mall, see: See) -> None:
    three_generations(mall)
    mall.join("cat", "ann")
    mall.buy("cat", "o-cat")
    mall.settle()
    text = words(see("ann"), "progress/").partition("身份变化")[2]
    assert text.index("升级合伙人") < text.index("买首份礼包，成为代理") < text.index("注册")
    assert "离开 z** 的团队。" in text
    assert "c** 买首份礼包，直推满 2 位。" in text
    mall.refund("o-bob")
    mall.settle()
    mall.buy("bob", "o-bob-2")
    mall.settle()
    text = words(see("bob"), "progress/").partition("身份变化")[2]
    assert text.index("退货后重新买礼包") < text.index("礼包整份退货") < text.index("买首份礼包，成为代理")


def test_a_hold_says_why_until_when_and_by_which_clause(mall: Mall, see: See) -> None:
    three_generations(mall)
    text = words(see("zoe"), "frozen/")
    assert "因为：种子任务未完成（还差 2 项） · 完成后解冻；" in text
    assert "前未完成将转入帮扶基金 · 规则 v1 第" in text
    assert f"另有 {yuan(mall.balances('zoe').pending_fen)} 待结算" in text
    mall.publish({"name": "release", "on_hold_expiry": "release"})
    mall.join("eve", "zoe")
    mall.buy("eve", "o-eve")
    mall.settle()
    assert "到期也会解冻 · 规则 v2 第" in words(see("zoe"), "frozen/")


def test_tasks_say_what_waits_for_them_and_when_they_were_done(mall: Mall, see: See) -> None:
    three_generations(mall)
    mall.receive("o-bob")
    mall.settle()
    text = words(see("bob"), "tasks/")
    assert "现有 1 笔奖励的 20% 等着你的任务；到期没做完，这部分转入帮扶基金。" in text.replace("； ", "；")
    assert re.search(r"[0-9]+月[0-9]+日完成", text)


def test_the_disclosure_counts_everybody(mall: Mall) -> None:
    three_generations(mall)
    text = words(Client(), "join/")
    assert "60% 的代理没有得到奖励" in text
    assert "全部 5 位代理" in text


def test_an_unpublished_version_has_no_page(mall: Mall) -> None:
    draft = drafted({"see_point_fen": 14_000}, name="下一版")
    assert Client().get(f"/agent/rules/{draft.version}/").status_code == 404
    assert "第九条" in words(Client(), "rules/1/")


def queries_of(client: Client, path: str) -> int:
    client.get(f"/agent/{path}")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/agent/{path}").status_code == 200
    return len(queries)


@pytest.mark.parametrize(("path", "most"), [("", 42), ("earnings/", 14), ("frozen/", 20), ("progress/", 16)])
def test_pages_cost_the_same_however_much_there_is(mall: Mall, see: See, path: str, most: int) -> None:
    busy(mall, 2)
    few = queries_of(see("zoe"), path)
    for number in range(12):
        mall.join(f"s{number}", "zoe")
        mall.buy(f"s{number}", f"o-s{number}")
    mall.settle()
    assert queries_of(see("zoe"), path) == few
    assert few <= most
