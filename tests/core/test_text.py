"""People's text, as it is kept."""

import pytest

from mall.core.text import clean_text


def test_lines_stay_lines_and_spaces_are_folded() -> None:
    assert clean_text("  茶很香 \r\n\r\n\r\n 罐子\u202e也  好看\n", 50) == "茶很香\n\n罐子也 好看"


@pytest.mark.parametrize("text", ["很" * 11, "有\x00空", "a" * 100])
def test_text_that_is_too_long_or_holds_nul_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="too long"):
        clean_text(text, 10)
