"""Posters: what stands on them, that a phone reads their code, how large they are, and for whom they are drawn."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from PIL import Image

from agents import commands
from agents.commands import ShopText
from agents.posters import content, shelf
from agents.posters.drawing import BYTES_MAX, HEIGHT, LOOKS, WIDTH, Poster, draw
from agents.posters.text import Ink, fitted, known, wrapped
from agents.targets import target_named
from mall.pictures import draw_product
from members.models import Member
from suppliers.models import Product, Sku
from tests.factories import AT, a_member, later
from tests.pages.reading import markup, signed_in

from .shops import a_good, a_shopkeeper

SITE = "https://mall.example"


@pytest.fixture
def folders(settings: Any, tmp_path: Path) -> Path:
    settings.PRIVATE_ROOT, settings.MEDIA_ROOT = tmp_path / "private", tmp_path / "media"
    settings.SITE_URL = SITE
    return tmp_path


@pytest.fixture
def owner(db: None, folders: Path) -> Member:
    return a_shopkeeper("知夏")


@pytest.fixture
def sku(db: None, folders: Path) -> Sku:
    return pictured(a_good("武夷岩茶礼盒", price_fen=49_900))


def pictured(sku: Sku) -> Sku:
    path = f"products/{sku.product.slug}/hero-750.webp"
    storages["default"].save(path, ContentFile(draw_product(sku.product.slug, 12, "box", "岩茶")))
    Product.objects.filter(pk=sku.product_id).update(image=path)
    return Sku.objects.select_related("product").get(pk=sku.pk)


def decoded(answer: Any) -> str:
    """The text of the one code on a poster, as a phone reads it."""
    assert answer.status_code == 200
    found = zxingcpp.read_barcodes(Image.open(BytesIO(answer.content)))
    assert len(found) == 1
    return str(found[0].text)


def poster_path(member: Member, to: str = "", look: str = "paper") -> str:
    return f"/agent/share/poster/{member.referral_code}/{look}.jpg" + (f"?to={to}" if to else "")


def blank(**changes: Any) -> Poster:
    said: dict[str, Any] = {"look": "paper", "site": "禾集", "initial": "夏", "who": "知夏", "link": SITE, "code": "AB"}
    return Poster(**(said | changes))


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_a_phone_reads_the_code_and_the_picture_is_small_enough(owner: Member, sku: Sku, look: str) -> None:
    answer = signed_in(owner).get(poster_path(owner, f"p/{sku.product.slug}", look))
    assert decoded(answer) == f"{SITE}/r/{owner.referral_code}?to=p/{sku.product.slug}&ch=poster"
    picture = Image.open(BytesIO(answer.content))
    assert (picture.format, picture.size) == ("JPEG", (WIDTH, HEIGHT)) == ("JPEG", (750, 1334))
    assert len(answer.content) <= BYTES_MAX == 200_000
    assert answer["Content-Type"] == "image/jpeg"
    assert "private" in answer["Cache-Control"]


def test_shop_and_invitation_have_posters_too(owner: Member, sku: Sku) -> None:
    for number in range(4):
        commands.put_in_shop(owner=owner, slug=pictured(a_good(f"第{number}件")).product.slug, at=AT)
    browser = signed_in(owner)
    assert decoded(browser.get(poster_path(owner, "s"))) == f"{SITE}/s/{owner.referral_code}?ch=poster"
    assert decoded(browser.get(poster_path(owner))) == f"{SITE}/r/{owner.referral_code}?ch=poster"
    for to in ("", "s", f"p/{sku.product.slug}"):
        answer = browser.get(f"/agent/share/poster/?to={to}")
        assert answer.status_code == 200
        markup(answer)
        assert f'src="{poster_path(owner, to)}"' in answer.content.decode().replace("&amp;", "&")


def test_what_stands_on_it_is_what_the_page_says(owner: Member, sku: Sku) -> None:
    item = commands.put_in_shop(owner=owner, slug=sku.product.slug, at=AT)
    commands.save_persona(member=owner, intro="喝了十年岩茶", tags=["岩茶"], at=AT)
    target = target_named(f"p/{sku.product.slug}", owner=owner, at=AT)
    assert target is not None
    said = content.poster_of(member=owner, target=target, look="jade", at=AT)
    assert said is not None
    assert (said.title, said.price, said.price_note) == ("武夷岩茶礼盒", "¥499.00", "以实际页面为准")
    assert (said.who, said.who_note, said.words) == ("知夏 推荐给你", "认证店主 · 岩茶", "喝了十年岩茶")
    assert said.code.replace(" ", "") == owner.referral_code
    commands.say_of_item(owner=owner, item_id=item.pk, words="焙火足，汤色亮", at=AT)
    again = content.poster_of(member=owner, target=target, look="jade", at=AT)
    assert again is not None
    assert again.words == "焙火足，汤色亮"
    assert shelf.digest_of(again) != shelf.digest_of(said)


def test_a_poster_is_kept_until_something_on_it_changes(
    owner: Member, sku: Sku, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Poster] = []

    def counted(poster: Poster, pictures: Any) -> bytes:
        drawn.append(poster)
        return draw(poster, pictures)

    monkeypatch.setattr("agents.posters.shelf.draw", counted)
    browser, path = signed_in(owner), poster_path(owner, f"p/{sku.product.slug}")
    first = browser.get(path)
    assert browser.get(path).content == first.content
    assert browser.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert len(drawn) == 1
    Sku.objects.filter(pk=sku.pk).update(sale_price_fen=45_900)
    changed = browser.get(path, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert [poster.price for poster in drawn] == ["¥499.00", "¥459.00"]
    assert not list((folders / "private").rglob("*.part"))


def test_posters_that_nobody_looks_at_are_dropped(
    owner: Member, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, day in enumerate((0, 5, 9)):
        shelf.drawn(blank(title=f"第{number}张"), member_id=owner.pk, at=later(days=day))
    assert shelf.sweep(at=later(days=9)) == 1
    shelf.drawn(blank(title="第1张"), member_id=owner.pk, at=later(days=11))
    assert shelf.sweep(at=later(days=15)) == 0
    monkeypatch.setattr(shelf, "FILES_MAX", 1)
    assert shelf.sweep(at=later(days=15)) == 1
    assert len(list(shelf.root().glob("*/*.jpg"))) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/agent/share/poster/{other}/paper.jpg",
        "/agent/share/poster/NOTHING2/paper.jpg",
        "/agent/share/poster/{own}/gold.jpg",
        "/agent/share/poster/{own}/paper.jpg?to=p/nothing",
        "/agent/share/poster/{own}/paper.jpg?to=help",
        "/agent/share/poster/{own}/paper.jpg?to=s",
        "/agent/share/poster/{own}/paper.jpg?to=s/{other}",
        "/agent/share/poster/{own}/paper.jpg?to=https://evil.example/",
        "/agent/share/poster/?to=p/nothing",
        "/agent/share/poster/?to=../../etc/passwd",
    ],
)
def test_a_foreign_code_and_an_unknown_target_have_no_poster(owner: Member, path: str) -> None:
    other = a_shopkeeper("旁人")
    browser = signed_in(owner)
    assert browser.get(path.format(own=owner.referral_code, other=other.referral_code)).status_code == 404


def test_a_stranger_gets_none(owner: Member) -> None:
    assert Client().get(poster_path(owner)).status_code == 302
    assert signed_in(a_member()).get(poster_path(owner)).status_code == 404


def test_nobody_has_too_many_drawn_at_once(owner: Member, sku: Sku, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "DRAWN_A_MINUTE_MAX", 2)
    browser = signed_in(owner)
    to = f"p/{sku.product.slug}"
    codes = [browser.get(poster_path(owner, to, look)).status_code for look in ("paper", "jade", "rose", "paper")]
    assert codes == [200, 200, 429, 200]
    assert browser.get(poster_path(owner, to, "ink"))["Retry-After"] == "60"


def test_a_picture_that_is_missing_or_broken_is_left_out() -> None:
    for pictures in ({}, {"a.webp": b"no picture"}):
        found = Image.open(BytesIO(draw(blank(pictures=("a.webp",), title="茶"), pictures)))
        assert found.size == (WIDTH, HEIGHT)


def test_a_long_link_still_fits_and_is_read() -> None:
    link = f"https://a-rather-long-name-of-a-mall.example/r/K7M2QX9H?to=p/{'x' * 60}&ch=poster"
    found = zxingcpp.read_barcodes(Image.open(BytesIO(draw(blank(link=link), {}))))
    assert [one.text for one in found] == [link]
    corners = found[0].position
    assert corners.top_right.x - corners.top_left.x >= 178
    assert corners.bottom_left.y < HEIGHT


def test_noise_for_a_picture_stays_under_the_limit() -> None:
    import random

    noise = Image.frombytes("RGB", (750, 750), random.Random(1).randbytes(750 * 750 * 3))
    file = BytesIO()
    noise.save(file, "WEBP", quality=95)
    assert len(draw(blank(pictures=("a",)), {"a": file.getvalue()})) <= BYTES_MAX


def test_text_is_cut_where_it_does_not_fit_and_loses_what_nobody_can_read() -> None:
    assert known("知夏😀\u200d🍵 \u202eabc\n岩茶") == "知夏 abc 岩茶"
    assert fitted("武夷山大红袍正岩产区", 120, 30).endswith("…")
    assert fitted("岩茶", 120, 30) == "岩茶"
    lines = wrapped("焙火足，汤色亮，三罐分着喝，朋友来了拿得出手，自己喝也舒服。", 260, Ink(27), lines=2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(line[0] not in "，。…" for line in lines)
    assert wrapped("", 260, Ink(27), lines=2) == []


def test_a_closed_shop_has_a_poster_still(owner: Member) -> None:
    commands.save_shop(owner=owner, text=ShopText("茶铺", is_open=False), at=AT)
    assert decoded(signed_in(owner).get(poster_path(owner, "s"))).endswith("?ch=poster")
