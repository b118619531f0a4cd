"""Consents, what is kept, the copy of it, and the end of an account."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from ledger.models import Account, AccountKind, account_id
from linkage.models import Reward
from mall.core import clock
from mall.core.personal import Fate, holdings
from members import queries
from members.commands import (
    ClosingRefused,
    ConsentRefused,
    archive_of,
    bind_wechat,
    call_off_closing,
    close_due_accounts,
    gather_export,
    gather_waiting_exports,
    meet_wechat,
    record_consent,
    request_closing,
    save_address,
    sweep_exports,
)
from members.gateways.wechat import WechatPerson
from members.models import (
    ROLE_AGREEMENTS,
    AccountClosing,
    Address,
    Consent,
    ConsentKind,
    ConsentText,
    DataExport,
    DayVisit,
    Member,
    SmsMessage,
)
from orders.commands import complete_orders
from tests.factories import AT, a_member, a_paid_order, a_placed_order, a_received_order, address_text, an_address
from tests.members.test_security import confirm
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    return a_member(nickname="周可可")


@pytest.fixture
def browser(member: Member) -> Client:
    return signed_in(member)


def decide(browser: Client, kind: str, given: bool) -> Any:
    return browser.post(f"/me/privacy/consents/{kind}/", {"given": "1" if given else "0"})


# Consents


def test_logging_in_keeps_which_words_were_agreed_to(client: Client) -> None:
    client.post("/account/login/", {"phone": "13800001111", "agreed": "1"})
    body = SmsMessage.objects.latest("id").body
    code = "".join(filter(str.isdigit, body.partition("验证码")[2].partition("，")[0]))
    client.post("/account/login/code/", {"code": code})
    rows = {row.text.kind: row for row in Consent.objects.select_related("text", "member")}
    assert set(rows) == {"terms", "privacy"}
    wording = queries.text_in_force(kind="terms").wording
    assert (rows["terms"].text.text_hash, rows["terms"].text.version) == (wording.text_hash, 1)


def test_without_the_tick_no_code_is_sent(client: Client) -> None:
    with nothing_changes():
        answer = client.post("/account/login/", {"phone": "13800001111"})
    assert answer.status_code == 400
    assert "请先阅读并同意" in answer.content.decode()


def test_new_words_are_agreed_to_anew_and_the_old_ones_stay_readable(member: Member, tmp_path: Any) -> None:
    record_consent(member=member, kind="terms", is_given=True, at=AT)
    file = tmp_path / "terms.md"
    file.write_text("# 用户协议\n> 新的目的\n\n## 一、新的\n新的正文")
    call_command("publish_consent_text", "terms", str(file))
    call_command("publish_consent_text", "terms", str(file))
    assert ConsentText.objects.filter(kind="terms").count() == 2
    assert record_consent(member=member, kind="terms", is_given=True, at=AT + timedelta(days=1))
    assert not record_consent(member=member, kind="terms", is_given=True, at=AT + timedelta(days=2))
    assert Consent.objects.filter(member=member).count() == 2
    page = Client().get("/agreements/terms/")
    markup(page)
    assert "新的正文" in page.content.decode()
    assert "这是第 1 版" in Client().get("/agreements/terms/1/").content.decode()
    file.write_text("no title")
    with nothing_changes(), pytest.raises(CommandError):
        call_command("publish_consent_text", "terms", str(file))


def test_the_agreement_of_a_role_is_signed_and_no_switch_of_everybody(browser: Client, member: Member) -> None:
    for kind in ROLE_AGREEMENTS:
        markup(browser.get(f"/agreements/{kind}/"))
    assert "我签过的协议" not in browser.get("/me/privacy/").content.decode()
    with nothing_changes():
        assert browser.post("/me/privacy/consents/agent/", {"given": "1"}).status_code == 404
    record_consent(member=member, kind=ConsentKind.AGENT, is_given=True, at=AT)
    with nothing_changes(), pytest.raises(ConsentRefused):
        record_consent(member=member, kind=ConsentKind.AGENT, is_given=False, at=AT)
    page = browser.get("/me/privacy/").content.decode()
    assert "我签过的协议" in page
    assert "/agreements/agent/1/" in page
    assert page.count('aria-checked="false"') == 3


@pytest.mark.parametrize("path", ["/agreements/x/", "/agreements/terms/9/", "/me/privacy/consents/x/"])
def test_there_are_no_other_texts(browser: Client, path: str) -> None:
    assert browser.get(path).status_code in (404, 405)


def test_every_purpose_has_its_switch_and_nothing_is_on_by_itself(browser: Client, member: Member) -> None:
    page = browser.get("/me/privacy/")
    markup(page)
    text = page.content.decode()
    assert text.count('aria-checked="false"') == 3
    assert 'aria-checked="true"' not in text
    decide(browser, "personal", True)
    member.refresh_from_db()
    assert queries.personalises(member=member)
    assert browser.get("/me/privacy/").content.decode().count('aria-checked="true"') == 1
    decide(browser, "personal", False)
    member.refresh_from_db()
    assert not queries.personalises(member=member)
    assert [row.is_given for row in queries.consent_history(member=member)] == [False, True]
    markup(browser.get("/me/privacy/consents/"))


def test_a_repeat_and_taking_back_what_was_never_given_write_nothing(browser: Client, member: Member) -> None:
    with nothing_changes():
        decide(browser, "marketing", False)
    decide(browser, "marketing", True)
    assert queries.allows_marketing(member=member)
    with nothing_changes():
        decide(browser, "marketing", True)


def test_what_the_account_stands_on_is_taken_back_by_closing_alone(browser: Client, member: Member) -> None:
    record_consent(member=member, kind="privacy", is_given=True, at=AT)
    with nothing_changes():
        decide(browser, "privacy", False)
        with pytest.raises(ConsentRefused):
            record_consent(member=member, kind="terms", is_given=False, at=AT)


def test_taking_back_the_sharing_empties_the_address_book(browser: Client, member: Member) -> None:
    browser.post(
        "/me/addresses/new/",
        {
            "name": "周可",
            "phone": "13800006204",
            "province": "浙江省",
            "city": "杭州市",
            "district": "西湖区",
            "detail": "龙井路 1 号",
        },
    )
    assert queries.newest_consents(member=member)[ConsentKind.SHARING].is_given
    decide(browser, "sharing", False)
    assert not Address.objects.filter(member=member, deleted_at=None).exists()


def test_a_stranger_has_one_switch_on_this_device(client: Client) -> None:
    markup(client.get("/me/privacy/"))
    with nothing_changes():
        assert decide(client, "marketing", True).status_code == 404
    decide(client, "personal", True)
    assert client.cookies["personalised"].value == "1"
    assert Consent.objects.get().member is None
    decide(client, "personal", False)
    assert client.cookies["personalised"].value == "0"


# The copy


def test_every_table_is_listed_with_its_purpose(browser: Client, member: Member) -> None:
    page = browser.get("/me/privacy/data/")
    markup(page)
    text = page.content.decode()
    assert all(str(holding.title) in text for holding in holdings())
    assert all(str(holding.why) for holding in holdings() if holding.fate is Fate.KEPT)


def test_a_copy_takes_a_second_look(browser: Client) -> None:
    with nothing_changes():
        assert browser.post("/me/privacy/export/")["Location"].startswith("/me/security/confirm/")


def test_a_copy_is_gathered_and_had_by_its_owner_alone_for_a_day(browser: Client, member: Member) -> None:
    order = a_paid_order(member=member)
    confirm(browser, member)
    browser.post("/me/privacy/export/")
    export = DataExport.objects.get(member=member)
    assert "正在整理" in browser.get("/me/privacy/data/").content.decode()
    assert gather_waiting_exports(at=clock.now()) == 1
    assert not gather_export(export_id=export.pk, at=clock.now())
    path = f"/me/privacy/export/{export.token}/"
    assert path in browser.get("/me/privacy/data/").content.decode()
    answer = browser.get(path)
    assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("application/zip", True)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {f"{holding.name}.{kind}" for holding in holdings() for kind in ("json", "csv")} < set(
            archive.namelist()
        )
        assert json.loads(archive.read("orders.json"))[0]["number"] == order.number
        assert json.loads(archive.read("profile.json"))[0]["phone"] == member.phone
    assert signed_in(a_member()).get(path).status_code == 404
    assert Client().get(path).status_code == 302
    clock.advance(timedelta(hours=25))
    assert browser.get(path).status_code == 404
    assert sweep_exports(at=clock.now()) == 1
    assert DataExport.objects.get().content is None


def test_a_second_copy_within_the_hour_is_not_made(browser: Client, member: Member) -> None:
    confirm(browser, member)
    browser.post("/me/privacy/export/")
    with nothing_changes():
        browser.post("/me/privacy/export/")


def test_nothing_in_the_copy_is_a_formula(member: Member) -> None:
    for text in ("=1+1", "+1", "-1", "@SUM(A1)"):
        save_address(member=member, text=address_text(name=text), at=AT)
    content, _ = archive_of(member_id=member.pk, at=AT)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rows = list(csv.reader(io.StringIO(archive.read("addresses.csv").decode("utf-8-sig"))))
    assert not [cell for row in rows[1:] for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_ten_thousand_rows_are_gathered_into_a_small_file(member: Member) -> None:
    first = AT.date() - timedelta(days=12_000)
    DayVisit.objects.bulk_create([DayVisit(member=member, date=first + timedelta(days=n)) for n in range(10_000)])
    content, count = archive_of(member_id=member.pk, at=AT)
    assert count > 10_000
    assert len(content) < 5_000_000


def test_the_copy_of_one_holds_nothing_of_another(member: Member) -> None:
    other = a_member(nickname="另一个人")
    an_address(other)
    a_paid_order(member=other)
    content, _ = archive_of(member_id=member.pk, at=AT)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert str(other.phone) not in whole
    assert "另一个人" not in whole


# The end


def ask_to_close(browser: Client, **more: str) -> Any:
    return browser.post("/me/privacy/close/", {"sure": "1"} | more)


def test_closing_takes_a_second_look_and_a_tick(browser: Client, member: Member) -> None:
    markup(browser.get("/me/privacy/close/"))
    with nothing_changes():
        assert ask_to_close(browser)["Location"].startswith("/me/security/confirm/")
    confirm(browser, member)
    with nothing_changes():
        browser.post("/me/privacy/close/", {})


def test_an_account_with_an_open_order_is_not_closed(browser: Client, member: Member) -> None:
    a_placed_order(member=member)
    confirm(browser, member)
    assert "有订单还没完成" in browser.get("/me/privacy/close/").content.decode()
    with nothing_changes():
        ask_to_close(browser)


def test_rewards_are_had_or_given_up_by_name(browser: Client, member: Member) -> None:
    give_reward(member, 12_300)
    confirm(browser, member)
    page = browser.get("/me/privacy/close/").content.decode()
    assert "可提现 ¥123.00" in page
    with nothing_changes():
        ask_to_close(browser)
    ask_to_close(browser, gives_up="1")
    assert AccountClosing.objects.get().gives_up_rewards


def give_reward(member: Member, amount_fen: int) -> None:
    Account.objects.update_or_create(
        pk=account_id(AccountKind.AVAILABLE, member.pk),
        defaults={"kind": AccountKind.AVAILABLE, "holder_id": member.pk, "balance_fen": amount_fen},
    )


def test_within_seven_days_one_may_think_again(browser: Client, member: Member) -> None:
    confirm(browser, member)
    ask_to_close(browser)
    markup(browser.get("/me/privacy/close/"))
    assert browser.get("/me/security/").status_code == 200
    assert close_due_accounts(at=clock.now() + timedelta(days=6, hours=23)) == 0
    browser.post("/me/privacy/close/off/")
    assert close_due_accounts(at=clock.now() + timedelta(days=8)) == 0
    member.refresh_from_db()
    assert member.is_active
    with nothing_changes():
        assert not call_off_closing(member=member, at=AT)


def test_what_comes_up_meanwhile_hinders_the_end(member: Member) -> None:
    request_closing(member=member, gives_up_rewards=False, at=AT)
    a_placed_order(member=member)
    with nothing_changes():
        assert close_due_accounts(at=AT + timedelta(days=8)) == 0


def test_an_operator_closes_no_account_of_the_shop(member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(is_staff=True)
    with nothing_changes(), pytest.raises(ClosingRefused):
        request_closing(member=member, gives_up_rewards=False, at=AT)


def test_afterwards_nothing_names_the_person_but_what_the_law_keeps(client: Client) -> None:
    phone = "+8613812349876"
    member = a_member(nickname="独一无二的昵称")
    Member.objects.filter(pk=member.pk).update(phone=phone)
    member.refresh_from_db()
    bind_wechat(
        identity=meet_wechat(person=WechatPerson("oUniqueOpenid9", "uUnique", "独一无二"), at=AT), member=member, at=AT
    )
    save_address(member=member, text=address_text(name="龙独一", phone=phone, detail="独一路 9 号"), at=AT)
    referrer_code = member.referral_code
    browser = signed_in(member)
    order = a_received_order(member=member)
    complete_orders(at=AT + timedelta(days=60))
    record_consent(member=member, kind="personal", is_given=True, at=AT)
    confirm(browser, member)
    browser.post("/me/privacy/export/")
    gather_waiting_exports(at=clock.now())
    request_closing(member=member, gives_up_rewards=False, at=clock.now())
    assert close_due_accounts(at=clock.now() + timedelta(days=7, minutes=1)) == 1

    for trace in (phone, phone[3:], "独一无二", "龙独一", "独一路", "oUniqueOpenid9", "uUnique"):
        found = tables_with(trace)
        kept = {apps.get_model(holding.model)._meta.db_table for holding in holdings() if holding.fate is Fate.KEPT}
        assert found <= kept, f"{trace} in {found - kept}"
    assert tables_with("独一无二") | tables_with("oUniqueOpenid9") == set()

    member.refresh_from_db()
    order.refresh_from_db()
    assert (member.phone, member.nickname, member.is_active) == (None, "", False)
    assert order.member == member
    assert queries.referral_owner(code=referrer_code) is None
    assert Client().get(f"/r/{referrer_code}").status_code == 404
    assert browser.get("/me/security/").status_code == 302
    assert Reward.objects.filter(member=member).count() == 0


def tables_with(trace: str) -> set[str]:
    """Return the tables of the whole database in which a text stands, sessions decoded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        found = set()
        for name in names:
            cursor.execute(
                f"SELECT EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)} AS row WHERE row::text LIKE %s)",
                [f"%{trace}%"],
            )
            if cursor.fetchone()[0]:
                found.add(name)
    if any(trace in json.dumps(session.get_decoded(), ensure_ascii=False) for session in Session.objects.all()):
        found.add("django_session")
    return found


def test_the_phone_of_who_left_may_join_anew(client: Client, member: Member) -> None:
    phone = member.phone
    request_closing(member=member, gives_up_rewards=False, at=AT)
    close_due_accounts(at=AT + timedelta(days=8))
    anew = a_member()
    Member.objects.filter(pk=anew.pk).update(phone=phone)
    assert queries.member_by_phone(phone=str(phone)) == anew
