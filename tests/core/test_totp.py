"""One-time codes by time, checked against the numbers of RFC 6238."""

import base64
from datetime import UTC, datetime

import pytest

from mall.core.totp import address_of, code_of, new_secret, step_at, step_of

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    assert code_of(RFC_SECRET, step_at(datetime.fromtimestamp(second, UTC))) == code


def test_a_code_counts_a_step_early_or_late_and_never_twice() -> None:
    at = datetime(2026, 11, 20, 4, tzinfo=UTC)
    now = step_at(at)
    for step in (now - 1, now, now + 1):
        assert step_of(RFC_SECRET, code_of(RFC_SECRET, step), at=at, after=0) == step
        assert step_of(RFC_SECRET, code_of(RFC_SECRET, step), at=at, after=step) is None
    for step in (now - 2, now + 2):
        assert step_of(RFC_SECRET, code_of(RFC_SECRET, step), at=at, after=0) is None


@pytest.mark.parametrize("code", ["", "0", "1234567", "abcdef", "１２３４５６", "\x00" * 6])
def test_what_is_no_code_is_none(code: str) -> None:
    assert step_of(RFC_SECRET, code, at=datetime(2026, 11, 20, tzinfo=UTC), after=0) is None


def test_secrets_differ_and_their_address_is_what_apps_read() -> None:
    assert new_secret() != new_secret()
    assert len(new_secret()) == 32
    assert address_of("ABC", issuer="禾集", account="138****0000").startswith("otpauth://totp/%E7%A6%BE%E9%9B%86%3A138")
