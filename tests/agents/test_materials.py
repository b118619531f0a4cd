"""Materials: written and checked by operators, used by shopkeepers."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from agents import commands
from agents.commands import MaterialRefused, MaterialText
from agents.models import Material, MaterialState, MaterialUse, UseKind
from agents.rules import forbidden_words
from mall.core.rights import REVIEW, SERVICE
from members.models import Member
from tests.factories import AT, a_member, later
from tests.operators import as_, operator
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

from .shops import a_good, a_shopkeeper

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Member:
    return a_shopkeeper()


def a_material(title: str = "秋茶上新", *, checked: bool = True, **parts: Any) -> Material:
    said = {"kind": "copy", "title": title, "text": "今年的秋茶，\n汤色亮。"} | parts
    material = commands.save_material(material=None, text=MaterialText(**said), by=None, at=AT)
    return commands.check_material(material=material, by=a_member(nickname="审核"), at=AT) if checked else material


def a_picture(name: str = "a.jpg") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (60, 40), "green").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), content_type="image/jpeg")


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    markup(answer)
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("今年的秋茶，汤色亮", []),
        ("转发得红包，人人有份", ["转发得红包"]),
        ("躺 赚 不是梦，稳\n赚", ["稳赚", "躺赚"]),
        ("喝了降血压，国家级产区", ["国家级", "降血压"]),
    ],
)
def test_words_that_may_not_stand_there_are_found(text: str, found: list[str]) -> None:
    assert forbidden_words(text) == found


def test_shopkeepers_see_only_what_was_checked(owner: Member) -> None:
    a_material("看得到")
    draft = a_material("还没审", checked=False)
    gone = a_material("撤下的")
    commands.withdraw_material(material=gone)
    browser = signed_in(owner)
    text = text_of(browser.get("/agent/materials/"))
    assert "看得到" in text
    assert "已合规审核" in text
    assert "还没审" not in text
    assert "撤下的" not in text
    for material in (draft, gone):
        assert browser.get(f"/agent/materials/{material.pk}/").status_code == 404
        assert browser.post(f"/agent/materials/{material.pk}/use/", {"kind": "copied"}).status_code == 404
    assert browser.get(f"/agent/materials/{10**30}/").status_code == 404
    assert not MaterialUse.objects.exists()


def test_a_forbidden_word_is_not_passed(owner: Member) -> None:
    material = a_material(text="分享得红包", checked=False)
    by = a_member()
    with nothing_changes(), pytest.raises(MaterialRefused, match="分享得红包"):
        commands.check_material(material=material, by=by, at=AT)


def test_new_words_are_checked_anew() -> None:
    material = a_material()
    again = commands.save_material(
        material=material, text=MaterialText("copy", "秋茶上新", "换了说法"), by=None, at=later(days=1)
    )
    assert (again.state, again.checked_by, again.checked_at) == (MaterialState.DRAFT, None, None)
    commands.withdraw_material(material=again)
    with pytest.raises(MaterialRefused):
        commands.check_material(material=again, by=None, at=later(days=1))


@pytest.mark.parametrize(
    "text",
    [
        MaterialText("poem", "标题", "文案"),
        MaterialText("copy", "", "文案"),
        MaterialText("copy", "长" * 31, "文案"),
        MaterialText("copy", "标题", ""),
        MaterialText("copy", "标题", "长" * 1001),
        MaterialText("images", "标题", "只有文案"),
    ],
)
def test_what_is_out_of_bounds_is_refused(text: MaterialText) -> None:
    with nothing_changes(), pytest.raises(MaterialRefused):
        commands.save_material(material=None, text=text, by=None, at=AT)


def test_a_use_counts_once_a_day_for_each_member(owner: Member) -> None:
    material = a_material()
    for hours in (0, 1, 26):
        commands.use_material(member=owner, material=material, kind=UseKind.COPIED, at=later(hours=hours))
    commands.use_material(member=a_shopkeeper(), material=material, kind=UseKind.COPIED, at=AT)
    material.refresh_from_db()
    assert material.used_count == MaterialUse.objects.count() == 3


def test_copying_and_saving_work_with_and_without_script(owner: Member, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    operators = as_(operator("writer", SERVICE))
    said = {"kind": "images", "title": "九宫格", "text": "", "product": "", "photos": [a_picture(), a_picture("b.jpg")]}
    assert operators.post("/ops/agents/material/new/", said).status_code == 302
    material = Material.objects.get()
    assert material.images.count() == 2
    operators.post(f"/ops/agents/material/{material.pk}/check/")
    browser = signed_in(owner)
    answer = browser.post(f"/agent/materials/{material.pk}/use/", {"kind": "saved"})
    assert answer["Location"].startswith("/media/materials/")
    answer = browser.post(f"/agent/materials/{material.pk}/use/", {"kind": "copied"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert browser.post(f"/agent/materials/{material.pk}/use/", {"kind": "eaten"}).status_code == 400
    assert "2 人次用过" in text_of(browser.get("/agent/materials/?kind=images"))


def test_materials_are_narrowed_by_kind_and_product_and_paged(owner: Member) -> None:
    product = a_good("武夷岩茶").product
    a_material("岩茶文案", product=product)
    a_material("拍岩茶", kind="script", product=product)
    for number in range(21):
        a_material(f"第{number}条")
    browser = signed_in(owner)
    first = text_of(browser.get("/agent/materials/"))
    assert "第20条" in first
    assert "拍岩茶" not in first
    with CaptureQueriesContext(connection) as few:
        browser.get("/agent/materials/?kind=script")
    with CaptureQueriesContext(connection) as many:
        browser.get("/agent/materials/")
    assert len(many) == len(few)
    about = text_of(browser.get(f"/agent/materials/?product={product.slug}"))
    assert "岩茶文案" in about
    assert "第1条" not in about
    assert "拍岩茶" in text_of(browser.get("/agent/materials/?kind=script&before=99999999"))
    for query in ("?kind=x", "?before=x", "?before=-1", "?product=%00", f"?product={'x' * 300}"):
        assert browser.get(f"/agent/materials/{query}").status_code == 200


def test_operators_write_check_and_withdraw_and_nobody_else() -> None:
    browser = as_(operator("service", SERVICE))
    said = {"kind": "copy", "title": "秋茶上新", "text": "汤色亮", "product": a_good().product.slug}
    assert browser.post("/ops/agents/material/new/", said).status_code == 302
    material = Material.objects.get()
    assert browser.get("/ops/agents/material/").status_code == 200
    assert "汤色亮" in browser.get(f"/ops/agents/material/{material.pk}/check/").content.decode()
    assert browser.post(f"/ops/agents/material/{material.pk}/check/").status_code == 302
    material.refresh_from_db()
    assert material.state == MaterialState.CHECKED
    assert material.checked_by is not None
    assert material.checked_at is not None
    assert browser.post(f"/ops/agents/material/{material.pk}/save/", said | {"product": "nothing"}).status_code == 200
    assert browser.post(f"/ops/agents/material/{material.pk}/withdraw/").status_code == 302
    other = as_(operator("review", REVIEW))
    assert other.get("/ops/agents/material/").status_code == 200
    for act in ("new", f"{material.pk}/save", f"{material.pk}/check", f"{material.pk}/withdraw"):
        assert other.post(f"/ops/agents/material/{act}/", said).status_code == 403
    assert Client().get("/ops/agents/material/").status_code == 302
