"""Real name and payout accounts: a code first, a rest after, never shown whole, and nobody else's."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from linkage.commands import request_withdrawal
from mall.core import clock
from mall.core.personal import closing_obstacles, erase_rows
from members.commands import send_code
from members.models import CodeRequest, Member, SmsMessage, WechatIdentity
from payouts.commands import place_hold
from payouts.models import Payee, PayoutAccount, Withdrawal
from tests.linkage.stories import Mall
from tests.payouts.people import asked_by_wechat, id_number, payable, person
from tests.snapshots import nothing_changes

from .conftest import See, browser_of, refusal_of

ACCOUNTS, KYC, CONFIRM, WITHDRAW = "/agent/accounts/", "/agent/kyc/", "/agent/accounts/confirm/", "/agent/withdraw/"
BANK, ALIPAY, WECHAT = (f"/agent/accounts/new/{kind}/" for kind in ("bank", "alipay", "wechat"))
CARD = {"bank_name": "招商银行", "detail": "6222 0202 0011 2233 446"}
CODES = ("members_coderequest", "members_smsmessage")


def confirmed(member: Member) -> Client:
    """Return the member's browser after it showed the code that was sent for this."""
    client = browser_of(member)
    client.post(CONFIRM, {"step": "send", "next": BANK})
    code = re.search(r"[0-9]{6}", SmsMessage.objects.filter(phone=member.phone, purpose="payout").latest("id").body)
    assert code is not None
    response = client.post(CONFIRM, {"code": code[0], "next": BANK})
    assert response["Location"] == BANK
    return client


def registered(member: Member) -> Client:
    client = confirmed(member)
    response = client.post(KYC, {"name": "林小满", "id_number": id_number(1)})
    assert response["Location"] == ACCOUNTS
    return client


def test_nothing_changes_without_a_code_for_this(ann: Member) -> None:
    client = browser_of(ann)
    payable(ann, at=clock.now())
    Payee.objects.update(used=False)
    with nothing_changes():
        for page, sent in ((BANK, CARD), (ALIPAY, {"detail": "13900001111"}), (WECHAT, {}), (KYC, {"name": "王五"})):
            assert client.get(page)["Location"].startswith(CONFIRM)
            assert client.post(page, sent)["Location"].startswith(CONFIRM)


def test_a_code_for_something_else_does_not_do(ann: Member) -> None:
    send_code(phone=str(ann.phone), purpose="login", address="", at=clock.now())
    code = re.search(r"[0-9]{6}", SmsMessage.objects.latest("id").body)
    assert code is not None
    client = browser_of(ann)
    with nothing_changes():
        for sent in (code[0], "", "12345", "１２３４５６", "123456\x00", "true"):
            assert client.post(CONFIRM, {"code": sent, "next": BANK}).status_code == 422
    assert client.get(BANK).status_code == 302


def test_the_sixth_guess_is_one_too_many(ann: Member) -> None:
    client = browser_of(ann)
    client.post(CONFIRM, {"step": "send"})
    code = re.search(r"[0-9]{6}", SmsMessage.objects.latest("id").body)
    assert code is not None
    wrong = "000000" if code[0] != "000000" else "000001"
    for _ in range(5):
        client.post(CONFIRM, {"code": wrong})
    assert client.post(CONFIRM, {"code": code[0]}).status_code == 422
    assert CodeRequest.objects.get(purpose="payout").used_at is None


def test_the_way_on_after_the_code_is_a_page_of_ours(ann: Member) -> None:
    client = browser_of(ann)
    for target in ("https://evil.example/", "//evil.example", "/agent/../ops/", "javascript:x"):
        page = client.get(CONFIRM, {"next": target}).content.decode()
        assert re.findall(r'name="next" value="([^"]*)"', page) == [ACCOUNTS]


def test_the_confirmation_ends_after_ten_minutes(ann: Member) -> None:
    payable(ann)
    client = confirmed(ann)
    assert client.get(BANK).status_code == 200
    session = client.session
    session["payout_confirmed"] -= 601
    session.save()
    assert client.get(BANK)["Location"].startswith(CONFIRM)


def test_name_and_card_are_kept_and_never_shown_whole(ann: Member) -> None:
    client = registered(ann)
    assert client.post(BANK, CARD)["Location"] == ACCOUNTS
    page = client.get(ACCOUNTS).content.decode()
    assert "林**" in page
    assert f"**************{id_number(1)[-4:]}" in page
    assert "****3446" in page
    assert "招商银行" in page
    for secret in ("林小满", id_number(1), "6222020200112233446"):
        assert secret not in page
        for table in (Payee, PayoutAccount):
            assert secret not in str(list(table.objects.values_list()))
    account = PayoutAccount.objects.get()
    assert (account.detail, Payee.objects.get().name) == ("6222020200112233446", "林小满")


@pytest.mark.parametrize(
    "sent",
    [
        {"id_number": "11010519491231002Y"},
        {"id_number": "110105194912310021"},
        {"id_number": "11010519491331002X"},
        {"id_number": "110105209912310027"},
        {"id_number": "11010519491231002"},
        {"id_number": ""},
        {"id_number": "abc"},
        {"id_number": "9" * 500},
        {"id_number": "11010519491231\x0002X"},
        {"name": ""},
        {"name": "林"},
        {"name": "林\u0007小满"},
        {"name": "林\u202e小满"},
        {"name": "林\u200b小满"},
        {"name": "<b>林小满</b>"},
        {"name": "林123"},
        {"name": "林" * 200},
    ],
)
def test_a_name_or_number_that_cannot_be_is_refused(ann: Member, sent: dict[str, str]) -> None:
    client = confirmed(ann)
    with nothing_changes():
        response = client.post(KYC, {"name": "林小满", "id_number": "11010519491231002X"} | sent)
        assert response.status_code == 422
        assert "field-error" in response.content.decode()
    assert client.post(KYC, {"name": "林小满", "id_number": " 11010519491231002x "}).status_code == 302


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        (BANK, CARD | {"detail": "6222020200112233445"}),
        (BANK, CARD | {"detail": "12"}),
        (BANK, CARD | {"detail": "6222\x000202"}),
        (BANK, CARD | {"bank_name": "<script>"}),
        (BANK, CARD | {"bank_name": ""}),
        (ALIPAY, {"detail": "somebody"}),
        (ALIPAY, {"detail": ""}),
        (ALIPAY, {"detail": "a@b"}),
        (WECHAT, {}),
    ],
)
def test_an_account_that_cannot_be_is_refused(ann: Member, page: str, sent: dict[str, str]) -> None:
    client = registered(ann)
    with nothing_changes():
        assert client.post(page, sent).status_code == 422
    assert client.get("/agent/accounts/new/cash/").status_code == 404


def test_an_identity_number_belongs_to_one_member(ann: Member, mall: Mall) -> None:
    registered(ann)
    other = confirmed(mall.members["zoe"])
    with nothing_changes():
        response = other.post(KYC, {"name": "林小满", "id_number": id_number(1)})
    assert response.status_code == 422
    assert "已登记在另一个账号上" in response.content.decode()


def test_a_name_that_was_paid_under_stays(ann: Member, mall: Mall) -> None:
    payable(ann, at=clock.now())
    request_withdrawal(member=ann, amount_fen=5_000, at=clock.now())
    client = confirmed(ann)
    assert "不能自己修改" in client.get(KYC).content.decode()
    with nothing_changes():
        client.post(KYC, {"name": "王小五", "id_number": id_number(2)})


def test_own_wechat_can_be_paid_to_while_it_is_bound(ann: Member) -> None:
    client = registered(ann)
    identity = WechatIdentity.objects.create(
        member=ann,
        app_id=settings.WECHAT_APP_ID,
        openid="oAnn",
        nickname="安安",
        first_seen_at=clock.now(),
        bound_at=clock.now(),
    )
    assert client.post(WECHAT)["Location"] == ACCOUNTS
    account = PayoutAccount.objects.get()
    assert (account.openid, account.label, account.detail) == ("oAnn", "安**", "")
    identity.member = None
    identity.save()
    assert "已解绑" in client.get(ACCOUNTS).content.decode()
    assert refusal_of(ann, at=clock.now() + timedelta(days=4)) == "no_account"


# The rest


def test_after_a_change_nothing_can_be_withdrawn_for_72_hours(ann: Member, mall: Mall) -> None:
    payable(ann, at=clock.now())
    client = confirmed(ann)
    assert client.post(BANK, CARD).status_code == 302
    changed_at = PayoutAccount.objects.latest("id").added_at
    page = client.get(WITHDRAW).content.decode()
    assert "收款账户刚有变更" in page
    assert "下一步" not in page
    with nothing_changes():
        assert client.post(WITHDRAW, {"amount": "50", "ticket": "x"}).status_code == 422
    assert refusal_of(ann) == "rest"
    assert refusal_of(ann, at=changed_at + timedelta(hours=72, seconds=-1)) == "rest"
    asked = request_withdrawal(member=ann, amount_fen=5_000, at=changed_at + timedelta(hours=72))
    assert asked.account_label == "招商银行 ****3446"


def test_removing_the_new_account_does_not_end_the_rest(ann: Member) -> None:
    payable(ann, at=clock.now())
    client = confirmed(ann)
    client.post(ALIPAY, {"detail": "13900001111"})
    added = PayoutAccount.objects.get(kind="alipay")
    assert added.label == "139****1111"
    assert client.post(f"{ACCOUNTS}{added.pk}/remove/").status_code == 302
    assert refusal_of(ann) == "rest"


def test_the_same_account_again_is_no_change(ann: Member) -> None:
    client = registered(ann)
    client.post(BANK, CARD)
    first = PayoutAccount.objects.get()
    client.post(BANK, CARD)
    assert PayoutAccount.objects.get() == first


def test_without_name_or_account_nothing_is_withdrawn_and_the_page_says_what_to_do(ann: Member, see: See) -> None:
    client = see("ann")
    assert "实名登记" in client.get(WITHDRAW).content.decode()
    assert refusal_of(ann) == "no_name"
    client = registered(ann)
    assert "请先添加收款账户" in client.get(WITHDRAW).content.decode()
    assert refusal_of(ann) == "no_account"


def test_nobody_withdraws_to_anothers_account_or_takes_it_away(ann: Member, mall: Mall, see: See) -> None:
    payable(ann, at=clock.now())
    others = payable(mall.members["zoe"], at=clock.now())
    assert refusal_of(ann, account_id=others.pk) == "unknown_account"
    client = see("ann")
    page = client.get(WITHDRAW, {"amount": "50", "confirm": "1", "account": others.pk}).content.decode()
    assert "请选择收款账户" in page
    assert "ticket" not in page
    with nothing_changes():
        assert client.post(f"{ACCOUNTS}{others.pk}/remove/").status_code == 404
    for wanted in ("x", "-1", "9" * 40, "1 OR 1=1"):
        assert client.get(WITHDRAW, {"amount": "50", "confirm": "1", "account": wanted}).status_code == 200


def test_strangers_are_sent_to_log_in() -> None:
    for page in (ACCOUNTS, KYC, CONFIRM, BANK):
        assert Client().get(page).status_code == 302


# Limits and holds


def test_the_page_of_accounts_asks_a_fixed_number_of_questions(
    ann: Member, see: See, django_assert_max_num_queries: Any
) -> None:
    payable(ann, at=clock.now())
    client = see("ann")
    client.get(ACCOUNTS)
    with django_assert_max_num_queries(16):
        client.get(ACCOUNTS)


# Confirming, and the end of an account


def waiting(member: Member) -> Withdrawal:
    """Let a withdrawal of the member wait for its payee, as WeChat Pay would have it."""
    asked = asked_by_wechat(member, at=clock.now())
    row = Withdrawal.objects.filter(pk=asked.pk)
    first, second = person("苏敏", staff=True), person("陈立", staff=True)
    at = clock.now()
    row.update(state="approved", approved_by=first, approved_at=at)
    row.update(state="sending", released_by=second, released_at=at)
    row.update(state="confirming", waiting_at=at, confirm_by=at + timedelta(hours=24), package="pkg-of-ann")
    return Withdrawal.objects.get(pk=asked.pk)


def test_inside_wechat_the_page_hands_the_package_to_the_sheet_and_elsewhere_shows_a_code(
    ann: Member, mall: Mall, see: See, settings: Any
) -> None:
    asked = waiting(ann)
    address = f"/agent/withdrawals/{asked.number}/"
    inside = see("ann").get(address, HTTP_USER_AGENT="Mozilla/5.0 MicroMessenger/8.0").content.decode()
    assert 'data-sheet="requestMerchantTransfer"' in inside
    assert "pkg-of-ann" in inside
    assert settings.WECHAT_PAY_MERCHANT_ID in inside
    settings.WECHAT_CONFIRM_URL = ""
    outside = see("ann").get(address).content.decode()
    assert "只能在微信里确认" in outside
    assert "/qr.svg?to=" in outside
    assert "pkg-of-ann" not in outside
    assert see("zoe").get(address).status_code == 404
    assert see("zoe").post(f"{address}check/").status_code == 404
    assert see("ann").get(f"{address}check/").status_code == 405


def test_closing_an_account_frees_the_number_and_forgets_the_accounts(ann: Member) -> None:
    payable(ann, at=clock.now())
    Payee.objects.update(used=True)
    erase_rows(member_id=ann.pk)
    account, payee = PayoutAccount.objects.get(), Payee.objects.get()
    assert (account.detail, account.label, account.bank_name, account.fingerprint) == ("", "", "", "")
    assert not payee.is_current
    Payee.objects.update(used=False)
    erase_rows(member_id=ann.pk)
    assert not Payee.objects.exists()


def test_a_standing_hold_and_a_withdrawal_under_way_keep_an_account_open(ann: Member) -> None:
    waiting(ann)
    place_hold(member_id=ann.pk, reason="核查", words="正在核对", by=person("何琳", staff=True), at=clock.now())
    words = [str(obstacle.words) for obstacle in closing_obstacles(member_id=ann.pk, at=clock.now())]
    assert "有提现还在处理，到账后再来" in words
    assert "提现正在核查，核查结束后再来" in words
