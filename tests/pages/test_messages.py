"""The English catalogue is complete and compiled; `manage.py collect_messages` names what it lacks."""

import re

from babel.messages.catalog import Message

from mall import messages

PLACE = re.compile(r"%\([a-z_]+\)[sd]|%[sd%]|</?[a-z]+")


def texts(value: object) -> list[str]:
    return [str(part) for part in (value if isinstance(value, list | tuple) else (value,))]


def places(text: str) -> list[str]:
    return sorted(PLACE.findall(text))


def real(catalogue: object) -> list[Message]:
    return [message for message in catalogue if message.id]  # type: ignore[attr-defined]


def test_every_string_of_code_and_templates_is_in_the_catalogue_and_no_other() -> None:
    now = {str(message.id) for message in real(messages.collected())}
    kept = {str(message.id) for message in real(messages.kept())}
    assert (now - kept, kept - now) == (set(), set())


def test_every_string_has_an_english_one() -> None:
    assert messages.untranslated(messages.kept()) == []
    assert [message.id for message in real(messages.kept()) if message.fuzzy] == []


def test_no_translation_loses_a_place_or_a_tag() -> None:
    wrong = [
        (source, target)
        for message in real(messages.kept())
        for source in texts(message.id)[:1]
        for target in texts(message.string)
        if places(source) != places(target) and "%(" in source + target
    ]
    assert wrong == []


def test_no_translation_is_still_chinese() -> None:
    allowed = {"如 深圳市", "如 南山区", "“{称呼}”会换成会员昵称，“{订单}”换成订单号"}
    wrong = [
        message.id
        for message in real(messages.kept())
        if str(message.id) not in allowed and re.search(r"[\u4e00-\u9fff]", " ".join(texts(message.string)))
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    path = messages.catalogue_path()
    assert path.with_suffix(".mo").read_bytes() == messages.compiled(messages.kept())
