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
    # Names of cities, of places in a text, and of a table's columns, which are the same in every language.
    allowed = {
        "如 深圳市",
        "如 南山区",
        "“{称呼}”会换成会员昵称，“{订单}”换成订单号",
        "套用时自动填好：{称呼} 会员昵称、{订单} 订单号、{工单} 工单编号、{商品} 商品名、{客服} 你的名字",
        "第一行要有：商户单号、结果、流水号，可以有金额（元）、失败原因。最多 2,000 行。",
        "“结果”要写成功或失败",
        "第一行要有这些列：商户单号、结果、流水号",
        "每行是一个规格：改供货价、划线价、售价，或在“新在库”填盘点后的件数。不改的格子可以不动或清空。",
        "库存按“新在库”和“下载时在库”的差来增减，下载之后卖掉的不会被抹掉。",
    }
    wrong = [
        message.id
        for message in real(messages.kept())
        if str(message.id) not in allowed and re.search(r"[\u4e00-\u9fff]", " ".join(texts(message.string)))
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    path = messages.catalogue_path()
    assert path.with_suffix(".mo").read_bytes() == messages.compiled(messages.kept())
