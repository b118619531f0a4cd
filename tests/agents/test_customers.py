"""An adviser's customers: who is seen, for how long, what is written down, and who may."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from agents import commands
from agents.advice import Advice, CustomerFacts, advice
from agents.models import CustomerNote, CustomerTag, Reminder
from mall.core import clock
from members.models import DayVisit, Member
from tests.linkage.stories import Mall

from .conftest import See
from .relations import bind, end, serve
from .test_team import body_of, queries_of, shown, words


@pytest.fixture
def shop(mall: Mall) -> Mall:
    """zoe advises bob and cat; sam advises dan. Now is now."""
    for name in ("zoe", "sam", "bob", "cat", "dan"):
        mall.join(name)
    mall.at = clock.now().replace(microsecond=0)
    bind(mall, "bob", "zoe")
    bind(mall, "cat", "zoe", days=3)
    bind(mall, "dan", "sam")
    return mall


def counts() -> tuple[int, int, int]:
    return CustomerTag.objects.count(), CustomerNote.objects.count(), Reminder.objects.count()


def test_the_relation_that_ends_first_stands_first_and_names_are_masked(shop: Mall, see: See) -> None:
    Member.objects.filter(public_id="bob").update(phone="+8613800001234")
    DayVisit.objects.create(member=shop.members["bob"], date=timezone.localtime(shop.at).date())
    assert shown(see("zoe"), "customers/") == ["c**", "b**"]
    text = words(see("zoe"), "customers/")
    assert "138****1234" in text
    assert "13800001234" not in text
    assert "2 天 保护期内" in text
    assert "锁客期快到了" in text
    assert "export" not in body_of(see("zoe"), "customers/")


def test_nobody_sees_anothers_customer_or_a_former_one(shop: Mall, see: See) -> None:
    relation = bind(shop, "sam", "zoe")
    assert see("zoe").get("/agent/customers/sam/").status_code == 200
    end(relation, shop)
    before = counts()
    for viewer, other in (
        ("zoe", "dan"),
        ("zoe", "sam"),
        ("zoe", "zoe"),
        ("sam", "bob"),
        ("bob", "zoe"),
        ("zoe", "nobody"),
    ):
        client = see(viewer)
        assert client.get(f"/agent/customers/{other}/").status_code == 404, (viewer, other)
        for part, data in (
            ("tags", {"name": "茶"}),
            ("notes", {"text": "爱喝茶"}),
            ("reminders", {"text": "问候", "due_date": "2099-01-01"}),
        ):
            answer = client.post(f"/agent/customers/{other}/{part}/", data)
            assert answer.status_code == (404 if part != "reminders" else answer.status_code), (viewer, other, part)
            assert answer.status_code in (404, 422)
    assert counts() == before


def test_what_is_written_down_stands_on_the_page_and_goes_again(shop: Mall, see: See) -> None:
    client, today = see("zoe"), timezone.localtime(shop.at).date()
    assert client.post("/agent/customers/bob/tags/", {"name": " 爱喝茶 "}).status_code == 302
    assert client.post("/agent/customers/bob/notes/", {"text": "对花生过敏"}).status_code == 302
    set_it = {"text": "问问新茶", "due_date": today.isoformat()}
    assert client.post("/agent/customers/bob/reminders/", set_it).status_code == 302
    # A form sent twice writes once.
    client.post("/agent/customers/bob/tags/", {"name": "爱喝茶"})
    client.post("/agent/customers/bob/notes/", {"text": "对花生过敏"})
    client.post("/agent/customers/bob/reminders/", set_it)
    assert counts() == (1, 1, 1)
    text = words(client, "customers/bob/")
    assert "爱喝茶" in text
    assert "对花生过敏" in text
    assert "问问新茶" in text
    assert shown(client, "customers/?tag=爱喝茶") == ["b**"]
    assert shown(client, "customers/?due=1") == ["b**"]
    assert "今天有跟进提醒" in words(client, "customers/")
    reminder, note = Reminder.objects.get(), CustomerNote.objects.get()
    client.post("/agent/customers/bob/reminders/", {"done": reminder.pk})
    client.post("/agent/customers/bob/notes/", {"drop": note.pk})
    client.post("/agent/customers/bob/tags/", {"drop": "爱喝茶"})
    assert counts() == (0, 0, 1)
    assert Reminder.objects.get().done_at is not None
    assert "没有符合条件的客户" in words(client, "customers/?due=1")


def test_the_rows_of_another_adviser_stay_even_by_their_number(shop: Mall, see: See) -> None:
    note = commands.write_note(adviser=shop.members["sam"], public_id="dan", text="记得回电", at=shop.at)
    reminder = commands.set_reminder(
        adviser=shop.members["sam"],
        public_id="dan",
        due_date=timezone.localtime(shop.at).date(),
        text="回电",
        at=shop.at,
    )
    see("zoe").post("/agent/customers/bob/notes/", {"drop": note.pk})
    see("zoe").post("/agent/customers/bob/reminders/", {"done": reminder.pk})
    reminder.refresh_from_db()
    assert reminder.done_at is None
    assert CustomerNote.objects.filter(pk=note.pk).exists()


@pytest.mark.parametrize(
    ("part", "data"),
    [
        ("tags", {"name": ""}),
        ("tags", {"name": "十三个字的标签实在太长了吧"}),
        ("tags", {"name": "a\x00b"}),
        ("notes", {"text": "  \u202e "}),
        ("notes", {"text": "长" * 301}),
        ("reminders", {"text": "问候", "due_date": ""}),
        ("reminders", {"text": "问候", "due_date": "2020-01-01"}),
        ("reminders", {"text": "问候", "due_date": "9999-12-31"}),
        ("reminders", {"text": "", "due_date": "2099-01-01"}),
    ],
)
def test_bad_input_is_told_and_nothing_is_written_or_lost(
    shop: Mall, see: See, part: str, data: dict[str, str]
) -> None:
    answer = see("zoe").post(f"/agent/customers/bob/{part}/", data)
    assert answer.status_code == 422
    assert "notice-danger" in answer.content.decode()
    typed = (data.get("text") or "").strip("\u202e ")
    assert typed in answer.content.decode()
    assert counts() == (0, 0, 0)


def test_there_is_a_limit_on_everything(shop: Mall) -> None:
    zoe, today = shop.members["zoe"], timezone.localtime(shop.at).date()
    for number in range(8):
        commands.add_tag(adviser=zoe, public_id="bob", name=f"标签{number}", at=shop.at)
    with pytest.raises(commands.CustomerRefused):
        commands.add_tag(adviser=zoe, public_id="bob", name="再来", at=shop.at)
    for number in range(20):
        commands.set_reminder(adviser=zoe, public_id="bob", due_date=today, text=f"第 {number} 件", at=shop.at)
    with pytest.raises(commands.CustomerRefused):
        commands.set_reminder(adviser=zoe, public_id="bob", due_date=today, text="再来", at=shop.at)
    assert counts() == (8, 0, 20)


def test_due_reminders_stand_on_the_home_page_of_who_earns(shop: Mall, see: See) -> None:
    today = timezone.localtime(shop.at).date()
    for name, days in (("bob", 0), ("cat", 2)):
        commands.set_reminder(
            adviser=shop.members["zoe"],
            public_id=name,
            due_date=today + timedelta(days=days),
            text=f"问候 {name[0]}",
            at=shop.at,
        )
    text = words(see("zoe"), "")
    assert "今天要跟进 1 件" in text
    assert "问候 b" in text
    assert "问候 c" not in text


def test_what_was_written_about_former_customers_is_forgotten(shop: Mall) -> None:
    zoe = shop.members["zoe"]
    for name in ("bob", "cat"):
        commands.add_tag(adviser=zoe, public_id=name, name="茶", at=shop.at)
        commands.write_note(adviser=zoe, public_id=name, text="爱喝茶", at=shop.at)
    # cat's relation ends in three days, bob's in ninety.
    assert commands.forget_former_customers(at=shop.at + timedelta(days=32)) == 0
    assert commands.forget_former_customers(at=shop.at + timedelta(days=34)) == 2
    assert list(CustomerTag.objects.values_list("customer__public_id", flat=True)) == ["bob"]


def test_an_order_of_the_customer_is_seen_where_it_is_ones_own(shop: Mall, see: See) -> None:
    serve(shop, "bob", "zoe", "R1")
    serve(shop, "bob", "sam", "R2")
    text = words(see("zoe"), "customers/bob/")
    assert text.count("¥499.00") == 1


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        (CustomerFacts(80, 2), Advice.GREET),
        (CustomerFacts(80, 2, is_reminder_due=True), Advice.FOLLOW_UP),
        (CustomerFacts(80, 40, days_since_order=3), Advice.ASK_AFTER_ARRIVAL),
        (CustomerFacts(80, 40, days_since_order=2), None),
        (CustomerFacts(7, 80, days_since_order=30), Advice.RELATION_ENDS),
        (CustomerFacts(8, 80, days_since_order=30), Advice.RESTOCK),
        (CustomerFacts(80, 40, days_since_order=15, days_since_visit=1), Advice.LOOKED_WITHOUT_BUYING),
        (CustomerFacts(80, 40, days_since_visit=3), Advice.LOOKED_WITHOUT_BUYING),
        (CustomerFacts(80, 90, days_since_order=61, days_since_visit=31), Advice.LONG_AWAY),
        (CustomerFacts(80, 90, days_since_order=61, days_since_visit=20), None),
        (CustomerFacts(80, 20, days_since_visit=10), None),
    ],
)
def test_advice_is_plain(facts: CustomerFacts, wanted: Advice | None) -> None:
    assert advice(facts) is wanted


def test_pages_lead_to_every_customer_once_and_cost_the_same(shop: Mall, see: See) -> None:
    few = queries_of(see("zoe"), "customers/")
    for number in range(43):
        shop.join(f"k{number}")
        bind(shop, f"k{number}", "zoe", days=10 + number // 2)
    client, path, seen = see("zoe"), "customers/", []
    assert queries_of(client, path) == few <= 12
    while path:
        body = body_of(client, path)
        seen += [part.partition("/")[0] for part in body.split("/agent/customers/")[1:]]
        more = body.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0] if 'rel="next"' in body else ""
        path = f"customers/{more}" if more else ""
    people = [name for name in seen if name in shop.members]
    assert len(people) == len(set(people)) == 45


def test_a_stranger_is_sent_to_log_in(db: None) -> None:
    for path in ("customers/", "customers/bob/", "rank/", "team/", "team/tree/", "team/tree/bob/", "team/moves/"):
        answer = Client().get(f"/agent/{path}")
        assert answer.status_code == 302
        assert "/account/" in answer["Location"]
