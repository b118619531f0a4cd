"""Codes by SMS: their limits, and how often they can be guessed."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache

from members.checks import check_sms_gateway
from members.commands import CodeRefused, TooManyCodes, redeem_code, send_code, sweep_codes
from members.models import CodeRequest, SmsMessage
from tests.factories import AT, later
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

PHONE = "+8613800001111"
OTHER = "+8613800002222"


def send(*, phone: str = PHONE, address: str = "203.0.113.9", at: datetime = AT) -> str:
    """Send a code and return it, as read in the outbox."""
    send_code(phone=phone, purpose="login", address=address, at=at)
    body = SmsMessage.objects.filter(phone=phone).latest("id").body
    return "".join(char for char in body.partition("验证码")[2].partition("，")[0] if char.isdigit())


def redeem(code: str, *, phone: str = PHONE, at: datetime = AT) -> None:
    redeem_code(phone=phone, purpose="login", code=code, at=at)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_is_good_once() -> None:
    code = send()
    redeem(code)
    with nothing_changes(), pytest.raises(CodeRefused):
        redeem(code)


def test_a_code_is_of_one_phone() -> None:
    code = send()
    send(phone=OTHER)
    with pytest.raises(CodeRefused):
        redeem(code, phone=OTHER)
    redeem(code)


def test_a_code_lives_five_minutes() -> None:
    code = send()
    with nothing_changes(), pytest.raises(CodeRefused):
        redeem(code, at=later(minutes=5))
    redeem(code, at=later(minutes=4, seconds=59))


def test_the_fifth_wrong_try_burns_the_code() -> None:
    code = send()
    for _ in range(5):
        with pytest.raises(CodeRefused):
            redeem(wrong(code))
    with nothing_changes(), pytest.raises(CodeRefused):
        redeem(code)


def test_four_wrong_tries_do_not() -> None:
    code = send()
    for _ in range(4):
        with pytest.raises(CodeRefused):
            redeem(wrong(code))
    redeem(code)


def test_a_new_code_burns_the_one_before() -> None:
    old = send()
    new = send(at=later(seconds=60))
    if old != new:
        with pytest.raises(CodeRefused):
            redeem(old, at=later(seconds=61))
    redeem(new, at=later(seconds=62))


def test_the_code_itself_is_kept_nowhere() -> None:
    code = send()
    request = CodeRequest.objects.get()
    assert code not in str(vars(request))


def test_one_code_a_minute_five_an_hour_and_ten_a_day_for_a_phone() -> None:
    send()
    with nothing_changes(), pytest.raises(TooManyCodes) as soon:
        send(at=later(seconds=59))
    assert soon.value.wait == timedelta(seconds=1)

    for minute in range(1, 5):
        send(at=later(minutes=minute))
    with nothing_changes(), pytest.raises(TooManyCodes):
        send(at=later(minutes=59))

    for minute in range(5):
        send(at=later(hours=2, minutes=minute))
    with nothing_changes(), pytest.raises(TooManyCodes):
        send(at=later(hours=6))
    send(at=later(hours=24, minutes=1))


def test_a_thousand_requests_send_at_most_five_messages_an_hour() -> None:
    sent = 0
    for n in range(1000):
        try:
            send(at=later(seconds=3.5 * n))
            sent += 1
        except TooManyCodes:
            pass
    assert sent == SmsMessage.objects.count() == 5


def test_one_address_cannot_ask_for_ever_more_phones() -> None:
    for n in range(10):
        send(phone=f"+86139000000{n:02d}")
    with nothing_changes(), pytest.raises(TooManyCodes):
        send(phone="+8613900000099")
    send(phone="+8613900000099", address="203.0.113.10")


def test_a_flushed_cache_forgets_no_limit() -> None:
    send()
    cache.clear()
    with pytest.raises(TooManyCodes):
        send(at=later(seconds=10))


def test_old_requests_are_forgotten() -> None:
    send()
    assert sweep_codes(at=later(hours=47)) == 0
    assert sweep_codes(at=later(hours=49)) == 1


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"SMS_GATEWAY": "members.gateways.nowhere.Gateway"}, "members.E001"),
        ({"SMS_GATEWAY": "members.rules.normal_phone"}, "members.E002"),
        ({"DEMO": False, "DEBUG": False}, "members.E003"),
        ({"SMS_GATEWAY": "members.gateways.http.HttpGateway", "SMS_HTTP_KEY": "k"}, "members.E004"),
    ],
)
def test_a_gateway_that_reaches_nobody_stops_the_start(settings, changes: dict[str, object], problem: str) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    assert [error.id for error in check_sms_gateway(None)] == [problem]


def test_the_outbox_is_good_enough_for_the_demo() -> None:
    assert check_sms_gateway(None) == []
