"""O-7: the queue by deadline, the clock that stands, who handles what, macros, tags, duplicates, stars."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from mall.core import clock
from mall.core.rights import RELEASE, SERVICE
from orders.commands.after_sale import dispute_case, refuse_case
from service import commands, queries, rules
from service.commands import TicketRefused
from service.models import Dispute, Message, ReplyTemplate, Tag, Ticket, TicketState, Topic
from service.queries import Part, Wanted
from tests.factories import AT, a_member, a_paid_order, a_seat, later
from tests.operators import as_, operator, text
from tests.orders.after_sale import a_case, an_order, shipped
from tests.pages.reading import signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

BOTH = ("ticket", "dispute")


def a_dispute(at: Any = AT, **changes: Any) -> Dispute:
    """A dispute that the buyer opened then; it is to be decided within three days."""
    order = shipped(an_order(2, **changes), at=at)
    case = a_case(order, kind="refund_only", at=at)
    refuse_case(case=case, by=a_seat(order.supplier), reason="出库完好", at=at)
    dispute_case(case=case, member=order.member, text="照片很清楚", at=at)
    return Dispute.objects.get(case=case)


# The clock


def test_the_clock_of_the_solution_stands_while_the_member_is_to_speak(a_ticket):
    member, helper = a_member(), operator("客服", SERVICE)
    ticket = a_ticket(member=member)
    assert (ticket.due_at, ticket.resolve_due_at) == (later(hours=24), later(hours=72))
    commands.answer_ticket(ticket=ticket, by=helper, text="请拍照", at=later(hours=10))
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.stopped_at) == (None, later(hours=10))
    commands.answer_ticket(ticket=ticket, by=helper, text="还在吗", at=later(hours=20))
    commands.write_in_ticket(ticket=ticket, member=member, text="拍了", at=later(hours=50))
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.resolve_due_at, ticket.stopped_at) == (later(hours=112), later(hours=112), None)
    commands.close_ticket(ticket=ticket, by=helper, at=later(hours=60))
    commands.reopen_ticket(ticket=ticket, by=member, at=later(hours=90))
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.reply_due_at) == (later(hours=142), later(hours=24))


def test_a_ticket_closed_before_its_answer_keeps_what_was_left_for_it(a_ticket):
    member = a_member()
    ticket = a_ticket(member=member)
    commands.close_ticket(ticket=ticket, by=member, at=later(hours=4))
    commands.reopen_ticket(ticket=ticket, by=member, at=later(hours=100))
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.resolve_due_at) == (later(hours=120), later(hours=168))


def test_the_database_lets_no_ticket_wait_without_a_deadline(a_ticket):
    ticket = a_ticket()
    for wrong in ({"due_at": None}, {"stopped_at": AT}, {"state": "answered"}, {"merged_into": ticket}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ticket.objects.filter(pk=ticket.pk).update(**wrong)


# The queue


def test_tickets_and_disputes_stand_in_one_queue_by_deadline_and_late_ones_say_so(a_ticket):
    now = clock.now()
    dispute = a_dispute(at=now - timedelta(hours=71))
    late = a_ticket(key="late", at=now - timedelta(hours=30))
    new = a_ticket(key="new", at=now)
    answered = a_ticket(key="answered", at=now - timedelta(hours=40))
    commands.answer_ticket(ticket=answered, by=operator("甲", SERVICE), text="好", at=now)
    page = text(as_(operator("客服", SERVICE)).get("/ops/service/ticket/"))
    places = [page.index(number) for number in (late.number, dispute.case.number, new.number)]
    assert places == sorted(places)
    assert answered.number not in page
    assert "已超时 6 小时" in page
    assert "还剩 59 分钟" in page or "还剩 60 分钟" in page or "还剩 1 小时" in page
    assert answered.number in text(as_(operator("乙", SERVICE)).get("/ops/service/ticket/?part=answered"))


def test_the_queue_is_filtered_and_read_on_from_place_to_place(a_ticket):
    helper, order = operator("客服", SERVICE), a_paid_order(at=AT)
    tag = commands.save_tag(name="破损")
    mine = a_ticket(member=order.member, order=order, key="mine")
    commands.take_item(item=mine, by=helper)
    commands.tag_item(item=mine, tags=[tag])
    others = [a_ticket(key=f"k{number}", at=AT) for number in range(7)]
    dispute = a_dispute()

    def found(**wanted: Any) -> list[Any]:
        return [entry.row for entry in queries.desk_page(wanted=Wanted(kinds=BOTH, **wanted), limit=50)]

    assert found(assignee_id=helper.pk) == found(tag_id=tag.pk) == found(supplier_id=order.supplier_id) == [mine]
    assert found(term=order.number) == found(term=mine.number) == [mine]
    assert found(term=dispute.case.number) == [dispute]
    assert found(topic=Topic.AFTER_SALE) == [dispute]
    assert mine not in found(is_free=True)
    for part in (Part.OPEN, Part.ALL):
        wanted, after, read = Wanted(kinds=BOTH, part=part), None, []
        while entries := queries.desk_page(wanted=wanted, after=after, limit=2):
            read += [entry.row for entry in entries]
            after = entries[-1].place
        assert read == found(part=part)
        assert len(read) == len({(type(row), row.pk) for row in read}) == len(others) + 2


@pytest.mark.parametrize(
    "query",
    [
        *("after=x", "after=2026-99-99T00:00:00_ticket_1", "after=2026-11-22T00:00:00_ticket_x", "supplier=9999999999"),
        *("tag=x", "topic=hacking", "assignee=-1", "part=nothing", "kind=nothing", "q=%00%27", "q=" + "x" * 500),
    ],
)
def test_nonsense_in_the_address_is_no_error(a_ticket, query):
    a_ticket(at=clock.now())
    assert as_(operator("客服", SERVICE)).get(f"/ops/service/ticket/?{query}").status_code == 200


def test_the_queue_asks_as_much_for_many_rows_as_for_few(a_ticket, django_assert_max_num_queries):
    client = as_(operator("客服", SERVICE))
    tag = commands.save_tag(name="破损")

    def one_more(number: int) -> None:
        for item in (a_ticket(key=f"q{number}", at=AT), a_dispute()):
            commands.tag_item(item=item, tags=[tag])

    one_more(0)
    client.get("/ops/service/ticket/")
    with django_assert_max_num_queries(40) as first:
        client.get("/ops/service/ticket/")
    for number in range(1, 5):
        one_more(number)
    with django_assert_max_num_queries(len(first)):
        assert text(client.get("/ops/service/ticket/")).count("破损") > 5


def test_every_part_of_the_queue_is_read_by_an_index(a_ticket):
    """With a hundred thousand tickets no part of the queue sorts or reads them all."""
    ticket = a_ticket()
    helper = operator("客服", SERVICE)
    Ticket.objects.filter(pk=ticket.pk).update(assignee=helper)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO service_ticket (number, member_id, topic, state, opened_at, reply_due_at, resolve_due_at,
                stopped_at, due_at, last_at, closed_at, assignee_id, praise, idempotency_key)
            SELECT 'GX' || n, member_id, (ARRAY['order', 'goods', 'other', 'payment'])[1 + n % 4],
                CASE WHEN n % 20 = 0 THEN 'waiting' WHEN n % 20 = 1 THEN 'answered' ELSE 'closed' END,
                opened_at + n * interval '1 minute', reply_due_at, resolve_due_at,
                CASE WHEN n % 20 <> 0 THEN opened_at END,
                CASE WHEN n % 20 = 0 THEN opened_at + n * interval '1 minute' END,
                last_at + n * interval '1 minute', CASE WHEN n % 20 > 1 THEN opened_at END,
                CASE WHEN n % 3 = 0 THEN assignee_id END, '', 'k' || n
            FROM service_ticket, generate_series(1, 30000) AS n
            """
        )
        cursor.execute("ANALYZE service_ticket")
    wanted = [Wanted(kinds=BOTH, part=part) for part in Part]
    wanted += [Wanted(kinds=BOTH, part=part, assignee_id=helper.pk) for part in (Part.OPEN, Part.ALL)]
    wanted += [Wanted(kinds=BOTH, part=Part.ALL, topic="goods"), Wanted(kinds=BOTH, term="GX777")]
    for one in wanted:
        rows = queries.desk.ticket_rows(one)[:51]
        plan = rows.explain(format="text")
        assert "Seq Scan on service_ticket" not in plan, plan
        assert "Sort" not in plan or "Incremental Sort" in plan or one.term, plan


# Who handles it


def test_one_takes_hands_over_and_gives_back_and_nobody_takes_what_is_taken(a_ticket):
    one, other, outsider = operator("甲", SERVICE), operator("乙", SERVICE), operator("丙", RELEASE)
    customer = a_member()
    for item in (a_ticket(), a_dispute()):
        commands.take_item(item=item, by=one)
        with nothing_changes():
            commands.take_item(item=item, by=one)
            for refused in (
                lambda item=item: commands.take_item(item=item, by=other),
                lambda item=item: commands.hand_over(item=item, to=outsider),
                lambda item=item: commands.hand_over(item=item, to=customer),
            ):
                with pytest.raises(TicketRefused):
                    refused()
        commands.hand_over(item=item, to=other)
        item.refresh_from_db()
        assert item.assignee == other
        commands.release_item(item=item)
        item.refresh_from_db()
        assert item.assignee is None


def test_the_acts_of_a_desk_stand_on_its_pages(a_ticket):
    one, other = operator("甲", SERVICE), operator("乙", SERVICE)
    client, tag = as_(one), commands.save_tag(name="破损")
    ticket, dispute = a_ticket(at=clock.now()), a_dispute()
    for page, item in ((f"/ops/service/ticket/{ticket.pk}", ticket), (f"/ops/service/dispute/{dispute.pk}", dispute)):
        for act, fields in (
            ("take", {}),
            ("tag", {"tags": [tag.pk]}),
            ("note", {"text": "先问仓库"}),
            ("hand", {"to": other.pk}),
        ):
            assert client.post(f"{page}/{act}/", fields).status_code == 302, act
        item.refresh_from_db()
        assert (item.assignee, list(item.tags.all())) == (other, [tag])
        shown = text(client.get(f"{page}/change/"))
        for words in ("先问仓库", "破损", "已由 乙 受理，请由对方转交"):
            assert words in shown
        with nothing_changes():
            assert client.post(f"{page}/hand/", {"to": one.pk + 99999}).status_code == 200
            assert client.post(f"{page}/tag/", {"tags": ["x"]}).status_code == 200


def test_who_has_no_right_only_reads_and_who_sees_nothing_is_refused(a_ticket):
    ticket, dispute = a_ticket(), a_dispute()
    reader, outsider = as_(operator("复核", RELEASE)), as_(operator("新同事"))
    pages = (f"/ops/service/ticket/{ticket.pk}", f"/ops/service/dispute/{dispute.pk}")
    with nothing_changes():
        for page in pages:
            assert reader.get(f"{page}/change/").status_code == 200
            assert outsider.get(f"{page}/change/").status_code == 403
            for act in ("take", "hand", "release", "tag", "note"):
                assert reader.post(f"{page}/{act}/", {"text": "x"}).status_code == 403
        for page in ("/ops/service/ticket/", "/ops/service/topics/", f"/ops/service/dispute/case/{dispute.case_id}/"):
            assert outsider.get(page).status_code == 403
        assert reader.post("/ops/service/tag/new/", {"name": "x"}).status_code == 403
    assert reader.get(f"/ops/service/dispute/case/{dispute.case_id}/").status_code == 302


# Macros


def test_a_macro_is_filled_in_and_what_is_left_in_braces_is_not_sent(a_ticket):
    order, helper = a_paid_order(at=clock.now()), operator("客服", SERVICE)
    template = commands.save_template(title="催件", text="{称呼}您好，{订单} 的{商品}已催。{客服}", topic="")
    about, bare = a_ticket(member=order.member, order=order), a_ticket(key="bare")
    client = as_(helper)
    page = text(client.get(f"/ops/service/ticket/{about.pk}/change/?template={template.pk}"))
    assert f"小禾您好，{order.number} 的{order.lines.get().product_name}已催。客服" in page
    left = rules.filled(template.text, {"称呼": "小禾", "客服": "客服"})
    assert left == "小禾您好，{订单} 的{商品}已催。客服"
    with nothing_changes():
        assert "还有没填的内容" in text(client.post(f"/ops/service/ticket/{bare.pk}/answer/", {"text": left}))
        with pytest.raises(TicketRefused, match="还有没填的内容"):
            commands.answer_ticket(ticket=bare, by=helper, text=left, at=AT)
        with pytest.raises(TicketRefused, match="这个占位符"):
            commands.save_template(title="错的", text="{昵称}您好")
    assert ReplyTemplate.objects.count() == 1


# Duplicates


def test_a_duplicate_goes_on_in_the_other_ticket_of_the_same_member(a_ticket):
    order, helper = a_paid_order(at=AT), operator("客服", SERVICE)
    member = order.member
    first = a_ticket(member=member, order=order, key="a", photos=1, at=AT)
    second = a_ticket(member=member, key="b", at=later(hours=5))
    tag = commands.save_tag(name="催件")
    commands.tag_item(item=first, tags=[tag])
    commands.answer_ticket(ticket=second, by=helper, text="在查", at=later(hours=6))
    commands.merge_ticket(ticket=first, into=second, by=helper, at=later(hours=8))
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.state, first.merged_into, first.closed_at) == (TicketState.CLOSED, second, later(hours=8))
    assert (second.state, second.waiting_since, second.due_at) == (TicketState.WAITING, AT, later(hours=72))
    assert (second.order, list(second.tags.all())) == (order, [tag])
    assert Message.objects.filter(wording="ticket_merged").count() == 1
    browser = signed_in(member)
    page = browser.get(f"/support/{second.number}").content.decode()
    assert page.count("包裹三天没有更新了") == 2
    assert browser.get(f"/support/{first.number}/photos/{first.posts.get().photos.get().pk}").status_code == 200
    assert f"已并入工单 {second.number}" in browser.get(f"/support/{first.number}").content.decode()
    with nothing_changes():
        commands.merge_ticket(ticket=first, into=second, by=helper, at=later(hours=9))
        for refused in (
            lambda: commands.reopen_ticket(ticket=first, by=member, at=later(hours=9)),
            lambda: commands.praise_ticket(ticket=first, member=member, stars=5),
            lambda: commands.merge_ticket(ticket=second, into=second, by=helper, at=later(hours=9)),
            lambda: commands.merge_ticket(ticket=second, into=first, by=helper, at=later(hours=9)),
        ):
            with pytest.raises(TicketRefused):
                refused()


def test_tickets_of_two_people_are_never_merged(a_ticket):
    helper = operator("客服", SERVICE)
    mine, theirs = a_ticket(key="a"), a_ticket(key="b")
    client = as_(helper)
    with nothing_changes():
        with pytest.raises(TicketRefused, match="同一位会员"):
            commands.merge_ticket(ticket=mine, into=theirs, by=helper, at=AT)
        answer = client.post(f"/ops/service/ticket/{mine.pk}/merge/", {"into": theirs.pk})
        assert "只能并入同一位会员没有结束的工单" in text(answer)


# Ending, opening again, and stars


def test_an_operator_ends_only_what_was_answered_and_takes_no_stars_away(a_ticket):
    member, helper = a_member(), operator("客服", SERVICE)
    ticket, client = a_ticket(member=member, at=clock.now()), as_(helper)
    page = f"/ops/service/ticket/{ticket.pk}"
    with nothing_changes():
        assert "请先回复再结束" in text(client.post(f"{page}/close/"))
    commands.answer_ticket(ticket=ticket, by=helper, text="好了", at=clock.now())
    client.post(f"{page}/close/")
    commands.praise_ticket(ticket=ticket, member=member, stars=2, words="慢")
    with nothing_changes():
        commands.praise_ticket(ticket=ticket, member=member, stars=2, words="慢")
        with pytest.raises(TicketRefused, match="已经评价过"):
            commands.praise_ticket(ticket=ticket, member=member, stars=5)
        assert "请写明为什么" in text(client.post(f"{page}/reopen/", {"reason": ""}))
    assert "2 星" in text(client.get(f"{page}/change/"))
    client.post(f"{page}/reopen/", {"reason": "答错了"})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.stars) == (TicketState.WAITING, 2)
    assert "答错了" in text(client.get(f"{page}/change/"))
    commands.close_ticket(ticket=ticket, by=member, at=clock.now())
    stranger = a_member()
    with nothing_changes(), pytest.raises(TicketRefused, match="不是你的"):
        commands.reopen_ticket(ticket=ticket, by=stranger, at=clock.now())


# What is asked about


def test_topics_are_counted_by_tag_and_week_with_disputes_and_without_duplicates(a_ticket):
    now = timezone.now()
    tag, other = commands.save_tag(name="破损"), commands.save_tag(name="催件")
    member, helper = a_member(), operator("客服", SERVICE)
    broken = a_ticket(member=member, key="a", at=now)
    old = a_ticket(member=member, key="b", at=now - timedelta(weeks=1))
    twice = a_ticket(member=member, key="c", at=now)
    dispute = a_dispute(at=now)
    a_ticket(member=member, key="d", at=now - timedelta(weeks=30))
    for item, tags in ((broken, [tag, other]), (old, [tag]), (dispute, [tag])):
        commands.tag_item(item=item, tags=tags)
    commands.merge_ticket(ticket=twice, into=broken, by=helper, at=now)
    found = {row.name: row.counts for row in queries.tag_weeks(weeks=3, at=now)}
    assert found == {"破损": (0, 1, 2), "催件": (0, 0, 1)}
    commands.answer_ticket(ticket=broken, by=helper, text="好", at=now)
    commands.close_ticket(ticket=broken, by=helper, at=now)
    commands.praise_ticket(ticket=broken, member=member, stars=4)
    last = queries.star_weeks(weeks=2, at=now)[-1]
    assert (last.rated, last.average_hundredths, last.content) == (1, 400, 1)
    page = text(as_(helper).get("/ops/service/topics/"))
    for words in ("破损", "催件", "4.00"):
        assert words in page


def test_tags_are_kept_by_who_writes_the_help_and_only_live_ones_are_given(a_ticket):
    client = as_(operator("客服", SERVICE))
    client.post("/ops/service/tag/new/", {"name": " 破损 ", "is_active": "on"})
    tag = Tag.objects.get()
    ticket = a_ticket()
    with nothing_changes():
        assert "已经有叫这个名字的标签" in text(client.post("/ops/service/tag/new/", {"name": "破损"}))
    client.post(reverse("ops:service_tag_change", args=[tag.pk]), {"name": "破损"})
    tag.refresh_from_db()
    assert not tag.is_active
    with nothing_changes(), pytest.raises(TicketRefused, match="已停用"):
        commands.tag_item(item=ticket, tags=[tag])
