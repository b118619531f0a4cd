"""Real threads and commits against one phone, one code, one profile."""

from typing import Any

import pytest

from members.commands import (
    CodeRefused,
    JoinRefused,
    TooManyCodes,
    enter_by_code,
    redeem_code,
    register_member,
    save_address,
    send_code,
)
from members.models import Address, CodeRequest, Member, SmsMessage
from tests.concurrency.threads import at_once
from tests.factories import AT, a_member, address_text, later

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "+8613800001111"
ROUNDS = range(3)


def code_sent() -> str:
    send_code(phone=PHONE, purpose="login", address="203.0.113.9", at=AT)
    body = SmsMessage.objects.latest("id").body
    return "".join(char for char in body.partition("验证码")[2].partition("，")[0] if char.isdigit())


@pytest.mark.parametrize("_round", ROUNDS)
def test_codes_asked_for_at_once_stay_within_the_limit(_round: int) -> None:
    def ask(number: int) -> None:
        send_code(phone=PHONE, purpose="login", address="203.0.113.9", at=later(milliseconds=number))

    refused = [result for result in at_once(ask, 12, refusals=(TooManyCodes,)) if result is not None]
    assert len(refused) == 11
    assert CodeRequest.objects.count() == SmsMessage.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_guesses_at_once_share_five_tries(_round: int) -> None:
    code = int(code_sent())

    def guess(number: int) -> None:
        redeem_code(phone=PHONE, purpose="login", code=f"{(code + 1 + number) % 10**6:06d}", at=AT)

    at_once(guess, 12, refusals=(CodeRefused,))
    assert CodeRequest.objects.get().tries_left == 0
    with pytest.raises(CodeRefused):
        redeem_code(phone=PHONE, purpose="login", code=f"{code:06d}", at=AT)


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_right_code_sent_eight_times_lets_one_in(_round: int) -> None:
    code, referrer = code_sent(), a_member()

    def enter(number: int) -> tuple[Member, bool]:
        return enter_by_code(phone=PHONE, code=code, referrer=referrer, touch=None, at=AT)

    entered = [result for result in at_once(enter, 8, refusals=(CodeRefused,)) if isinstance(result, tuple)]
    assert [joined for _, joined in entered] == [True]
    assert Member.objects.filter(phone=PHONE).count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_phone_that_joins_eight_times_is_one_member_with_one_referrer(_round: int) -> None:
    referrers = [a_member() for _ in range(8)]

    def join(number: int) -> Any:
        return register_member(phone=PHONE, nickname="", referrer=referrers[number], at=AT)

    joined = [result for result in at_once(join, 8, refusals=(JoinRefused,)) if isinstance(result, Member)]
    assert len(joined) == 1
    assert Member.objects.get(phone=PHONE).referrer_id == joined[0].referrer_id


@pytest.mark.parametrize("_round", ROUNDS)
def test_addresses_saved_at_once_have_one_default(_round: int) -> None:
    member = a_member()
    at_once(lambda number: save_address(member=member, text=address_text(), at=AT, is_default=True), 6)
    assert Address.objects.filter(member=member).count() == 6
    assert Address.objects.filter(member=member, is_default=True).count() == 1
