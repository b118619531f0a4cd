from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from mall.pictures import (
    SILHOUETTES,
    SNAPSHOTS,
    VIEWS,
    draw_avatar,
    draw_banner,
    draw_category,
    draw_product,
    draw_seal,
    draw_snapshot,
    picture_files,
    view_path,
)
from mall.pictures.marks import GROUNDS, banner_svg, seal_svg
from mall.pictures.props import BESIDE, theme_of
from mall.pictures.scenes import product_svg

BIGGEST = 50_000


def opened(picture: bytes) -> Image.Image:
    return Image.open(BytesIO(picture))


def test_there_are_silhouettes_enough_for_a_shop() -> None:
    assert len(SILHOUETTES) >= 16
    assert {"jar", "bottle", "tin", "box", "pouch", "bag", "tube", "cup", "plate", "textile", "pot"} <= set(SILHOUETTES)
    assert {"brush", "lantern", "basket", "egg-crate", "steamer", "gift"} <= set(SILHOUETTES)


@pytest.mark.parametrize("silhouette", SILHOUETTES)
def test_every_view_of_every_silhouette_is_well_formed(silhouette: str) -> None:
    for view in (*VIEWS, *SNAPSHOTS):
        drawing = product_svg("tea", 22, silhouette, "大红袍", view)
        root = ElementTree.fromstring(drawing)
        assert root.get("viewBox") == "0 0 750 750"
        defined = {node.get("id") for node in root.iter() if node.get("id")}
        used = {part.split(")")[0] for part in drawing.split("url(#")[1:]}
        assert used <= defined


def test_a_picture_is_the_same_every_time_and_another_for_another_name() -> None:
    assert draw_product("tea", 22, "jar", "大红袍") == draw_product("tea", 22, "jar", "大红袍")
    assert product_svg("tea", 22, "jar", "大红袍", "hero") != product_svg("cup", 22, "jar", "大红袍", "hero")
    assert product_svg("tea", 22, "jar", "大红袍", "hero") != product_svg("tea", 90, "jar", "大红袍", "hero")


@pytest.mark.parametrize("view", VIEWS)
def test_a_picture_is_small_enough_for_a_phone(view: str) -> None:
    picture = draw_product("rice", 86, "pouch", "稻花香", view)
    assert len(picture) <= BIGGEST
    assert (opened(picture).format, opened(picture).size) == ("WEBP", (750, 750))


def test_a_product_has_its_files_under_its_slug() -> None:
    files = dict(picture_files("tea", 22, "jar", "大红袍", mark="岩", theme="tea"))
    assert set(files) == {
        f"products/tea/{view}-{width}.webp" for view in ("hero", "scene", "detail", "packing") for width in (750, 375)
    }
    assert view_path("tea", "hero") == "products/tea/hero-750.webp"
    assert opened(files["products/tea/hero-375.webp"]).size == (375, 375)
    assert all(len(picture) <= BIGGEST for picture in files.values())


def test_a_product_has_as_many_photos_of_buyers_as_are_asked_for() -> None:
    files = dict(picture_files("tea", 22, "jar", "大红袍", views=(), snapshots=2))
    assert set(files) == {f"products/tea/snapshot-{number}-{width}.webp" for number in (1, 2) for width in (750, 300)}


@pytest.mark.parametrize("label", ["", "茶", "大红袍", "白茶沐浴", "五常稻花香", "六个字的标签"])
def test_a_label_has_room_for_one_to_six_characters(label: str) -> None:
    drawing = product_svg("tea", 22, "jar", label, "hero")
    assert all(f">{character}<" in drawing for character in label)


@pytest.mark.parametrize("silhouette", ["", "spaceship", "<script>"])
def test_an_unknown_silhouette_is_a_box(silhouette: str) -> None:
    assert product_svg("tea", 22, silhouette, "茶", "hero", theme="tea") == product_svg(
        "tea", 22, "box", "茶", "hero", theme="tea"
    )


def test_what_is_written_on_a_label_is_text_and_not_markup() -> None:
    drawing = product_svg("tea", 22, "jar", '<b>&"', "hero", mark="<")
    assert ElementTree.fromstring(drawing) is not None
    assert "&lt;" in drawing


@pytest.mark.parametrize(
    ("silhouette", "label", "theme"),
    [
        ("tube", "山茶花", "beauty"),
        ("bottle", "山茶油", "grain"),
        ("bag", "米饼", "snack"),
        ("jar", "大红袍", "tea"),
        ("tin", "芝麻丸", "tonic"),
        ("toy", "小兔", "baby"),
        ("lantern", "如意", "craft"),
    ],
)
def test_what_lies_beside_a_product_suits_it(silhouette: str, label: str, theme: str) -> None:
    assert theme_of(silhouette, label) == theme
    assert theme in BESIDE


def test_seals_banners_and_avatars() -> None:
    assert opened(draw_seal("岩")).size == (240, 240)
    assert all(opened(draw_banner("tea", 22, "jar", "大红袍", ground=ground)).size == (750, 320) for ground in GROUNDS)
    assert opened(draw_avatar("周可", "K7M2QX9H")).size == (160, 160)
    assert opened(draw_category("tea", 22, "gaiwan", "茶饮")).size == (160, 160)
    assert draw_avatar("周可", "a") == draw_avatar("周可", "a")
    for drawing in (seal_svg("<"), banner_svg("tea", 400, "nothing", "")):
        assert ElementTree.fromstring(drawing) is not None


@pytest.mark.parametrize("view", SNAPSHOTS)
def test_what_a_buyer_pictures_is_the_same_every_time_and_not_heavy(view: str) -> None:
    picture = draw_snapshot("tea", 22, "jar", "大红袍", view)
    assert picture == draw_snapshot("tea", 22, "jar", "大红袍", view)
    assert opened(picture).size == (750, 750)
    assert len(picture) <= 2 * BIGGEST
