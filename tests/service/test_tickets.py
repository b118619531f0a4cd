"""C-25: tickets from the question to the stars, and what nobody may do."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from mall.core import clock
from service import commands
from service.commands import TicketRefused
from service.models import Message, Ticket, TicketPhoto, TicketPost, TicketState
from tests.factories import AT, a_member, a_paid_order, a_seat, later
from tests.operators import as_, operator, text
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

from .conftest import a_photo, upload

pytestmark = pytest.mark.django_db


def files_kept() -> list[Path]:
    return [path for path in Path(django_settings.PRIVATE_ROOT).rglob("*") if path.is_file()]


def test_a_ticket_waits_is_answered_goes_on_ends_and_is_praised(a_ticket):
    member, helper = a_member(), operator("客服")
    ticket = a_ticket(member=member)
    assert (ticket.state, ticket.reply_due_at) == (TicketState.WAITING, AT + timedelta(hours=24))
    commands.answer_ticket(ticket=ticket, by=helper, text="已催快递", at=later(hours=2))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.first_replied_at, ticket.assignee) == (TicketState.ANSWERED, later(hours=2), helper)
    assert list(Message.objects.values_list("wording", "path")) == [("ticket_answered", f"/support/{ticket.number}")]
    commands.write_in_ticket(ticket=ticket, member=member, text="还是没动", at=later(hours=3))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.waiting_since) == (TicketState.WAITING, later(hours=3))
    commands.close_ticket(ticket=ticket, by=member, at=later(hours=4))
    commands.praise_ticket(ticket=ticket, member=member, stars=4, words="耐心")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.stars, ticket.praise) == (TicketState.CLOSED, 4, "耐心")
    commands.reopen_ticket(ticket=ticket, by=member, at=later(days=1))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.closed_at, ticket.stars) == (TicketState.WAITING, None, None)


def test_the_same_form_twice_opens_one_ticket_and_keeps_its_photos_once(a_ticket):
    member = a_member()
    first = a_ticket(member=member, photos=2)
    assert a_ticket(member=member, photos=2).pk == first.pk
    assert TicketPhoto.objects.count() == len(files_kept()) == 2


def test_the_same_words_twice_in_a_minute_are_one_tap(a_ticket):
    member = a_member()
    ticket = a_ticket(member=member)
    for seconds in (60, 70):
        commands.write_in_ticket(ticket=ticket, member=member, text="在吗", at=later(seconds=seconds))
    assert TicketPost.objects.filter(text="在吗").count() == 1
    commands.write_in_ticket(ticket=ticket, member=member, text="在吗", at=later(minutes=5))
    assert TicketPost.objects.filter(text="在吗").count() == 2


def test_there_is_a_limit_a_day_and_an_hour(a_ticket):
    member = a_member()
    tickets = [a_ticket(member=member, key=f"k{number}", at=later(hours=number)) for number in range(8)]
    with nothing_changes(), pytest.raises(TicketRefused):
        a_ticket(member=member, key="k9", photos=1, at=later(hours=9))
    assert files_kept() == []
    for number in range(20):
        commands.write_in_ticket(ticket=tickets[0], member=member, text=f"{number}", at=later(hours=20))
    with nothing_changes(), pytest.raises(TicketRefused):
        commands.write_in_ticket(ticket=tickets[0], member=member, text="x", photos=[a_photo()], at=later(hours=20))
    assert files_kept() == []
    a_ticket(member=member, key="k9", at=later(days=2))


def test_what_does_not_fit_the_state_changes_nothing(a_ticket):
    member, helper = a_member(), operator("客服")
    ticket = a_ticket(member=member)
    with nothing_changes():
        for refused in (
            lambda: commands.reopen_ticket(ticket=ticket, by=member, at=AT),
            lambda: commands.praise_ticket(ticket=ticket, member=member, stars=5),
            lambda: commands.hand_over(item=ticket, to=member),
            lambda: commands.close_ticket(ticket=ticket, by=helper, at=AT),
        ):
            with pytest.raises(TicketRefused):
                refused()
    commands.answer_ticket(ticket=ticket, by=helper, text="好了", at=AT)
    commands.close_ticket(ticket=ticket, by=helper, at=AT)
    assert set(Message.objects.values_list("wording", flat=True)) == {"ticket_answered", "ticket_closed"}
    with nothing_changes():
        for refused in (
            lambda: commands.write_in_ticket(ticket=ticket, member=member, text="x", at=AT),
            lambda: commands.answer_ticket(ticket=ticket, by=helper, text="x", at=AT),
            lambda: commands.close_ticket(ticket=ticket, by=member, at=AT),
            lambda: commands.praise_ticket(ticket=ticket, member=member, stars=6),
            lambda: commands.reopen_ticket(ticket=ticket, by=member, at=later(days=16)),
        ):
            with pytest.raises(TicketRefused):
                refused()


@pytest.mark.parametrize("words", ["", "  \n ", "\x00", "长" * 1001, "\u202e"])
def test_words_that_are_none_are_refused(a_ticket, words):
    member = a_member()
    ticket = a_ticket(member=member)
    with nothing_changes(), pytest.raises(TicketRefused):
        commands.write_in_ticket(ticket=ticket, member=member, text=words, at=later(minutes=5))


def test_tickets_that_were_answered_and_fell_quiet_end_by_themselves(a_ticket):
    member = a_member()
    ticket, other = a_ticket(member=member), a_ticket(member=member, key="other")
    commands.answer_ticket(ticket=ticket, by=operator("客服"), text="好了吗", at=AT)
    assert commands.close_quiet_tickets(at=later(days=4)) == 0
    assert commands.close_quiet_tickets(at=later(days=6)) == 1
    assert commands.close_quiet_tickets(at=later(days=6)) == 0
    other.refresh_from_db()
    assert other.state == TicketState.WAITING


# Pages of the member


def test_a_member_asks_about_an_order_with_photos_and_goes_on():
    order = a_paid_order(at=clock.now())
    browser = signed_in(order.member)
    page = browser.get("/support/new", {"order": order.number})
    form = markup(page)
    assert f'value="{order.number}" selected' in page.content.decode()
    fields = {"topic": "order", "order": order.number, "text": "包裹破了", "key": form.fields["key"]}
    answer = browser.post("/support/new", {**fields, "photos": [upload(), upload("b.png")]})
    ticket = Ticket.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/support/{ticket.number}")
    assert ticket.order == order
    page = browser.get(f"/support/{ticket.number}")
    markup(page)
    assert "首次回复" in page.content.decode()
    photo = TicketPhoto.objects.order_by("pk").first()
    assert photo is not None
    picture = browser.get(f"/support/{ticket.number}/photos/{photo.pk}")
    assert (picture["Content-Type"], picture["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert "no-store" in picture["Cache-Control"]
    browser.post(f"/support/{ticket.number}", {"text": "补充一下"})
    assert "补充一下" in browser.get(f"/support/{ticket.number}").content.decode()
    assert (
        ticket.number in browser.get("/support").content.decode() or "订单" in browser.get("/support").content.decode()
    )


def test_a_whole_ticket_can_be_walked_on_the_pages(a_ticket):
    member = a_member()
    ticket = a_ticket(member=member, at=clock.now())
    browser = signed_in(member)
    assert browser.post(f"/support/{ticket.number}/close").status_code == 302
    assert "这次服务怎么样" in browser.get(f"/support/{ticket.number}").content.decode()
    browser.post(f"/support/{ticket.number}/praise", {"stars": "5", "words": "很快"})
    assert "5 星" in browser.get(f"/support/{ticket.number}").content.decode()
    browser.post(f"/support/{ticket.number}/reopen")
    ticket.refresh_from_db()
    assert ticket.state == TicketState.WAITING


def test_notes_and_what_suppliers_are_asked_are_never_shown_to_the_member(a_ticket):
    order = a_paid_order(at=clock.now())
    ticket = a_ticket(member=order.member, order=order, at=clock.now())
    helper = operator("客服")
    commands.note_on_ticket(ticket=ticket, by=helper, text="疑似职业索赔", at=clock.now())
    commands.ask_supplier(ticket=ticket, supplier=order.supplier, by=helper, text="请查快递", at=clock.now())
    commands.supplier_answers(
        ticket=ticket, supplier_id=order.supplier_id, by=a_seat(order.supplier), text="快递丢了", at=clock.now()
    )
    page = signed_in(order.member).get(f"/support/{ticket.number}").content.decode()
    for hidden in ("疑似职业索赔", "请查快递", "快递丢了"):
        assert hidden not in page


def test_nobody_reaches_anothers_ticket(a_ticket):
    ticket = a_ticket(photos=1)
    photo = TicketPhoto.objects.get()
    browser = signed_in(a_member())
    with nothing_changes():
        for path in ("", "/close", "/reopen", "/praise"):
            assert browser.post(f"/support/{ticket.number}{path}", {"text": "x", "stars": 5}).status_code == 404
        for path in ("", f"/photos/{photo.pk}"):
            assert browser.get(f"/support/{ticket.number}{path}").status_code == 404
    assert ticket.number not in browser.get("/support").content.decode()
    own = a_ticket(member=a_member(), key="own")
    assert signed_in(own.member).get(f"/support/{own.number}/photos/{photo.pk}").status_code == 404


def test_anothers_order_cannot_be_named():
    order = a_paid_order()
    browser = signed_in(a_member())
    with nothing_changes():
        answer = browser.post("/support/new", {"topic": "order", "order": order.number, "text": "x", "key": "k"})
    assert answer.status_code == 400
    assert "没有找到这个订单" in answer.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"topic": "hacking"},
        {"text": ""},
        {"text": "长" * 1001},
        {"text": "a\x00b"},
        {"order": "../../x"},
        {"order": "x" * 500},
        {"key": ""},
        {"key": "k" * 100},
    ],
)
def test_forms_that_are_wrong_are_answered_and_open_nothing(changes):
    browser = signed_in(a_member())
    fields = {"topic": "order", "order": "", "text": "包裹没到", "key": "k"}
    with nothing_changes():
        assert browser.post("/support/new", {**fields, **changes}).status_code == 400


def test_a_file_that_is_no_photo_opens_nothing():
    browser = signed_in(a_member())
    fields = {"topic": "order", "text": "包裹没到", "key": "k"}
    for content in (b"<svg onload=alert(1)>", b"GIF89a<script>", b"", b"PK\x03\x04"):
        with nothing_changes():
            file = SimpleUploadedFile("x.jpg", content, "image/jpeg")
            assert browser.post("/support/new", {**fields, "photos": file}).status_code == 400
    with nothing_changes():
        assert browser.post("/support/new", {**fields, "photos": [upload() for _ in range(7)]}).status_code == 400
    assert files_kept() == []


def test_the_list_is_read_in_parts_with_few_queries(a_ticket, django_assert_max_num_queries):
    member = a_member()
    for number in range(12):
        a_ticket(member=member, key=f"k{number}", at=later(days=2 * number))
    browser = signed_in(member)
    with django_assert_max_num_queries(8):
        page = browser.get("/support").content.decode()
    assert page.count("/support/GD") == 10
    more = page.partition("?before=")[2].partition('"')[0]
    assert browser.get("/support", {"before": more}).content.decode().count("/support/GD") == 2
    assert browser.get("/support", {"before": "nonsense\x00"}).status_code == 200


def test_strangers_are_sent_to_log_in(client: Client):
    for path in ("/support", "/support/new", "/support/GD1"):
        assert client.get(path).status_code == 302


# Operators and suppliers


def test_an_operator_reads_the_queue_answers_notes_and_ends(a_ticket):
    order = a_paid_order(at=clock.now())
    ticket = a_ticket(member=order.member, order=order, photos=1, at=timezone.now() - timedelta(hours=30))
    template = commands.save_template(title="催件", text="{称呼}您好，订单 {订单} 已催。", topic="order")
    browser = as_(operator("客服", "operator_service"))
    assert "已超时" in text(browser.get("/ops/service/ticket/"))
    page = text(browser.get(f"/ops/service/ticket/{ticket.pk}/change/?template={template.pk}"))
    assert f"订单 {order.number} 已催。" in page
    assert browser.get(f"/ops/service/photo/{TicketPhoto.objects.get().pk}/")["Content-Type"] == "image/webp"
    for act, fields in (("note", {"text": "内部"}), ("answer", {"text": "已处理"}), ("take", {}), ("close", {})):
        assert browser.post(f"/ops/service/ticket/{ticket.pk}/{act}/", fields).status_code == 302, act
    ticket.refresh_from_db()
    assert ticket.state == TicketState.CLOSED
    with nothing_changes():
        assert browser.post(f"/ops/service/ticket/{ticket.pk}/answer/", {"text": "再答"}).status_code == 200


def test_operators_without_the_right_only_read(a_ticket):
    ticket = a_ticket(photos=1)
    browser = as_(operator("复核", "operator_release"))
    assert browser.get(f"/ops/service/ticket/{ticket.pk}/change/").status_code == 200
    with nothing_changes():
        for act in ("answer", "note", "take", "hand", "release", "tag", "ask", "merge", "close", "reopen"):
            assert browser.post(f"/ops/service/ticket/{ticket.pk}/{act}/", {"text": "x"}).status_code == 403
    outsider = as_(operator("新同事"))
    assert outsider.get(f"/ops/service/photo/{TicketPhoto.objects.get().pk}/").status_code == 403
    assert as_(a_member()).get(f"/ops/service/photo/{TicketPhoto.objects.get().pk}/").status_code == 302


def test_a_supplier_sees_only_what_it_was_asked_and_answers_the_mall(a_ticket):
    order = a_paid_order(at=clock.now())
    ticket, other = a_ticket(member=order.member, order=order, photos=1), a_ticket(key="other")
    helper = operator("客服", "operator_service")
    keeper = as_(a_seat(order.supplier))
    photo = TicketPhoto.objects.get()
    assert keeper.get(f"/supplier/service/ticket/{ticket.pk}/change/").status_code != 200
    assert keeper.get(f"/supplier/service/ticket/photo/{photo.pk}/").status_code == 404
    commands.note_on_ticket(ticket=ticket, by=helper, text="只给自己看", at=AT)
    asked = as_(helper).post(
        f"/ops/service/ticket/{ticket.pk}/ask/", {"supplier": order.supplier_id, "text": "请查一下快递"}
    )
    assert asked.status_code == 302
    page = text(keeper.get(f"/supplier/service/ticket/{ticket.pk}/change/"))
    assert "请查一下快递" in page
    assert "只给自己看" not in page
    assert str(order.member.phone) not in page
    assert keeper.get(f"/supplier/service/ticket/photo/{photo.pk}/").status_code == 200
    assert keeper.post(f"/supplier/service/ticket/{ticket.pk}/answer/", {"text": "补发"}).status_code == 302
    assert "补发" in text(as_(helper).get(f"/ops/service/ticket/{ticket.pk}/change/"))
    with nothing_changes():
        assert keeper.post(f"/supplier/service/ticket/{other.pk}/answer/", {"text": "x"}).status_code in (302, 404)
    stranger = as_(a_seat(a_paid_order().supplier))
    with nothing_changes():
        assert stranger.post(f"/supplier/service/ticket/{ticket.pk}/answer/", {"text": "x"}).status_code in (302, 404)
        assert stranger.get(f"/supplier/service/ticket/photo/{photo.pk}/").status_code == 404
