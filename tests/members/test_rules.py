import pytest

from mall.core.names import masked_phone
from mall.core.text import clean_line
from members.rules import is_referral_code, normal_phone, root_shard


@pytest.mark.parametrize(
    "typed",
    [
        "13800001111",
        "+8613800001111",
        "86 138-0000-1111",
        "0086 13800001111",
        "＋８６ １３８ ００００ １１１１",
        " 138 0000 1111 ",
        "(138) 0000.1111",
        "１３８００００１１１１",
    ],
)
def test_a_phone_is_the_same_however_it_is_typed(typed: str) -> None:
    assert normal_phone(typed) == "+8613800001111"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "1380000111",
        "138000011112",
        "23800001111",
        "+1 2025550123",
        "1380000\x001111",
        "13800001111\x00",
        "1380000%00",
        "1380000111a",
        "١٣٨٠٠٠٠١١١١",
        "1" * 10_000,
    ],
)
def test_what_is_no_mainland_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a phone number"):
        normal_phone(typed)


def test_others_see_a_masked_phone() -> None:
    assert masked_phone("+8613800001111") == "138****1111"


def test_a_line_loses_control_and_direction_characters_but_no_emoji() -> None:
    assert clean_line("  禾\u202e苗\t 👨‍👩‍👧 \x07", 40) == "禾苗 👨‍👩‍👧"


@pytest.mark.parametrize("text", ["🌾" * 10_000, "禾" * 41, "a\x00b"])
def test_a_line_too_long_or_with_nul_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="too long"):
        clean_line(text, 40)


@pytest.mark.parametrize("code", ["", "abc", "ABCD\n", "0O1I0O1I", "'; DROP TABLE", "A" * 13, "ＡＢＣＤ"])
def test_a_malformed_referral_code_is_told_apart(code: str) -> None:
    assert not is_referral_code(code)


def test_a_tree_is_put_into_one_of_the_shards_by_its_root_alone():
    shards = [root_shard(f"m{number}", 16) for number in range(400)]
    assert set(shards) == set(range(16))
    assert root_shard("m7", 16) == shards[7]
    assert root_shard("123456789", 16) == 0xCBF43926 % 16
