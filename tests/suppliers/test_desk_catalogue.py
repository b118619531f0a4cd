"""What a supplier says of its goods at /supplier/: specs, promises, limits, pictures, papers, freight."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from suppliers.commands import add_brand, add_media, add_sku, publish_product
from suppliers.models import FreightRule, FreightTemplate, Product, ProductMedia, Qualification, Sku
from suppliers.queries import Selection, listing
from tests.factories import AT, a_sku
from tests.films import a_webm, an_mp4
from tests.snapshots import nothing_changes
from tests.suppliers.test_desk import Desk, product_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Desk:
    """A desk whose product is off the shelf: what is said of it is kept at once."""
    desk = Desk("甲家")
    Product.objects.filter(pk=desk.sku.product_id).update(is_published=False)
    return desk


@pytest.fixture
def theirs() -> Desk:
    return Desk("乙家")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def a_picture(name: str = "../../x.php", kind: str = "PNG") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (900, 600), "green").save(file, kind)
    return SimpleUploadedFile(name, file.getvalue(), content_type="text/html")


def save(desk: Desk, **changes: Any) -> Any:
    return desk.post("suppliers_product_change", desk.sku.product_id, **product_form(desk.sku, **changes))


def test_a_supplier_says_all_that_buyers_want_to_know(mine: Desk) -> None:
    brand = add_brand(name="狮峰", slug="shifeng", seal="狮")
    answer = save(
        mine,
        name="明前龙井",
        brand=brand.pk,
        keywords="绿茶 春茶",
        unit="罐",
        promises=["authentic", "damage"],
        ship_within_hours="24",
        returnable="",
        not_returnable_reason="食品拆封后不退",
        limit_per_order="2",
        limit_per_member="5",
        freight_template=mine.template.pk,
        detail="# 怎么泡\n<p onclick=x>85℃<script>alert(1)</script></p>\n# 产地\n狮峰山",
    )
    assert answer.status_code == 302
    product = Product.objects.get(pk=mine.sku.product_id)
    assert (product.brand, product.unit, product.promises) == (brand, "罐", ["authentic", "damage"])
    assert (product.ship_within_hours, product.returnable) == (24, False)
    assert (product.limit_per_order, product.limit_per_member) == (2, 5)
    assert product.freight_template == mine.template
    assert product.detail == [{"title": "怎么泡", "html": "<p>85℃</p>"}, {"title": "产地", "text": "狮峰山"}]
    assert product.lowest_price_fen == 6_850
    publish_product(product=product, is_published=True)
    found = listing(selection=Selection(text="chuncha"), limit=9, at=AT)
    assert [card.product for card in found] == [product]
    assert "85℃" in mine.get("suppliers_product_change", product.pk).content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"returnable": ""},
        {"limit_per_order": "0"},
        {"limit_per_member": "-1"},
        {"limit_per_member": "1e9"},
        {"ship_within_hours": "0"},
        {"promises": "free_money"},
        {"brand": "999999"},
        {"spec_names": "一/二/三/四"},
        {"spec_names": "一//三"},
        {"spec_names": "口味/规格"},
        {"skus-0-spec_values": "原味/一斤"},
        {"skus-0-spec_values": ""},
        {"skus-0-weight_g": "-1"},
        {"skus-0-barcode": "<b>"},
        {"detail": "<p>" + "茶" * 25_000},
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(mine: Desk, changes: dict[str, str]) -> None:
    with nothing_changes():
        assert save(mine, **changes).status_code == 200


def test_another_suppliers_template_and_papers_are_out_of_reach(mine: Desk, theirs: Desk) -> None:
    with nothing_changes():
        assert save(mine, freight_template=theirs.template.pk).status_code == 200
        paper = {"kind": "origin", "title": "产地", "product": theirs.sku.product_id, "document": a_picture()}
        assert mine.post("suppliers_qualification_add", **paper).status_code == 200
    picture = add_media(product=theirs.sku.product, path="goods/x.webp")
    gallery = {"media-TOTAL_FORMS": "1", "media-INITIAL_FORMS": "1", "media-0-id": picture.pk}
    gallery |= {"media-0-product": theirs.sku.product_id, "media-0-alt": "改了", "media-0-position": "9"}
    with nothing_changes():
        assert save(mine, **gallery).status_code < 500
    save(mine, **gallery, **{"media-0-DELETE": "on"})
    (kept,) = ProductMedia.objects.all()
    assert (kept.product, kept.alt, kept.position) == (theirs.sku.product, "", 0)


def test_skus_stand_in_a_matrix_of_specs(mine: Desk) -> None:
    form = {
        "spec_names": "口味 / 规格",
        "skus-TOTAL_FORMS": "2",
        "skus-0-spec_values": "原味 / 一斤",
        "skus-0-weight_g": "520",
        "skus-0-barcode": "6901234567892",
        "skus-1-code": "NEW-2",
        "skus-1-spec_values": "桂花/半斤",
        "skus-1-supply_price_fen": "20",
        "skus-1-list_price_fen": "60",
        "skus-1-sale_price_fen": "45",
        "skus-1-is_active": "on",
    }
    assert save(mine, **form).status_code == 302
    product = Product.objects.get(pk=mine.sku.product_id)
    assert (product.spec_names, product.lowest_price_fen) == (["口味", "规格"], 4_500)
    one, other = product.skus.order_by("id")
    assert (one.spec, one.specs, one.weight_g) == ("原味 · 一斤", [("口味", "原味"), ("规格", "一斤")], 520)
    assert (other.spec, other.barcode, one.barcode) == ("桂花 · 半斤", "", "6901234567892")
    with nothing_changes():
        again = {**form, "skus-INITIAL_FORMS": "2", "skus-1-id": other.pk, "skus-1-product": product.pk}
        again |= {"skus-1-spec_values": "原味/一斤"}
        assert "重复" in save(mine, **again).content.decode()


def test_a_sku_alone_keeps_to_the_axes_of_its_product(mine: Desk) -> None:
    form = {"code": "ONE", "supply_price_fen": "40", "list_price_fen": "99", "sale_price_fen": "30", "is_active": "on"}
    with nothing_changes():
        assert mine.post("suppliers_sku_change", mine.sku.pk, **form, spec_values="一/二").status_code == 200
    assert mine.post("suppliers_sku_change", mine.sku.pk, **form, spec_values="半斤").status_code == 302
    sku = Sku.objects.select_related("product").get(pk=mine.sku.pk)
    assert (sku.spec, sku.spec_values, sku.product.lowest_price_fen) == ("半斤", ["半斤"], 3_000)


def test_a_picture_is_drawn_anew_under_a_name_of_our_own_and_is_the_one_on_the_card(mine: Desk, media: Path) -> None:
    gallery = {
        "media-TOTAL_FORMS": "1",
        "media-0-photos": a_picture(),
        "media-0-alt": "茶汤",
        "media-0-position": "0",
    }
    assert save(mine, **gallery).status_code == 302
    (row,) = ProductMedia.objects.all()
    assert row.path.startswith("goods/")
    assert row.path.endswith(".webp")
    assert (row.alt, row.kind, row.width, row.height) == ("茶汤", "image", 900, 600)
    assert Image.open(media / row.path).format == "WEBP"
    assert Product.objects.get(pk=mine.sku.product_id).image == row.path
    moved = {"media-TOTAL_FORMS": "1", "media-INITIAL_FORMS": "1", "media-0-id": row.pk, "media-0-position": "3"}
    moved |= {"media-0-product": mine.sku.product_id, "media-0-alt": "杯"}
    assert save(mine, **moved).status_code == 302
    row.refresh_from_db()
    assert (row.alt, row.position, row.path.startswith("goods/")) == ("杯", 3, True)
    assert save(mine, **moved, **{"media-0-DELETE": "on"}).status_code == 302
    assert not ProductMedia.objects.exists()


def a_film(content: bytes, name: str = "../../x.php") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def row_form(row: int, **changes: Any) -> dict[str, Any]:
    return {f"media-{row}-{name}": value for name, value in {"position": "0", "alt": "", **changes}.items()}


def test_a_film_with_its_cover_comes_first_and_is_shown_with_controls(mine: Desk, media: Path) -> None:
    gallery = {"media-TOTAL_FORMS": "2"}
    gallery |= row_form(0, photos=a_picture(), alt="茶汤")
    gallery |= row_form(1, photos=a_picture(), film=a_film(an_mp4(told=b"+30.27+120.15/")), alt="采茶", position="5")
    assert save(mine, **gallery).status_code == 302
    film, picture = ProductMedia.objects.all()
    assert (film.kind, picture.kind) == ("video", "image")
    assert film.path.startswith("goods/")
    assert film.path.endswith(".mp4")
    assert b"+30.27" not in (media / film.path).read_bytes()
    assert Image.open(media / film.poster).format == "WEBP"
    product = Product.objects.get(pk=mine.sku.product_id)
    publish_product(product=product, is_published=True)
    assert product.image == picture.path
    desk = mine.get("suppliers_product_change", product.pk).content.decode()
    assert film.path in desk
    page = mine.client.get(reverse("shop:product", args=[product.slug])).content.decode()
    (tag,) = re.findall(r"<video [^>]+>", page)
    assert f'src="/media/{film.path}"' in tag
    assert f'poster="/media/{film.poster}"' in tag
    assert " controls " in tag
    assert 'preload="none"' in tag
    assert "autoplay" not in tag
    assert page.index("<video") < page.index(f'<img src="/media/{picture.path}')


def test_a_picture_that_gets_a_film_becomes_its_cover(mine: Desk, media: Path) -> None:
    assert save(mine, **{"media-TOTAL_FORMS": "1"}, **row_form(0, photos=a_picture())).status_code == 302
    (row,) = ProductMedia.objects.all()
    cover = row.path
    again = {"media-TOTAL_FORMS": "1", "media-INITIAL_FORMS": "1"}
    kept = row_form(0, id=row.pk, product=mine.sku.product_id, film=a_film(a_webm(), "x.mp4"))
    assert save(mine, **again, **kept).status_code == 302
    row.refresh_from_db()
    assert (row.kind, row.poster, row.path.endswith(".webm")) == ("video", cover, True)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"film": an_mp4()}, "请给视频传一张封面图"),
        ({"film": an_mp4(codec=b"hvc1"), "photos": True}, "H.264"),
        ({"film": b"<script>alert(1)</script>", "photos": True}, "不是完好的 MP4 或 WebM"),
        ({"film": b"", "photos": True}, "empty|空"),
    ],
    ids=["no cover", "hevc", "a page", "empty"],
)
def test_what_is_no_film_is_refused_and_leaves_no_file(
    mine: Desk, media: Path, sent: dict[str, Any], words: str
) -> None:
    fields: dict[str, Any] = {"film": a_film(sent["film"], "film.mp4")}
    if "photos" in sent:
        fields["photos"] = a_picture()
    with nothing_changes():
        answer = save(mine, **{"media-TOTAL_FORMS": "1"}, **row_form(0, **fields))
    assert answer.status_code == 200
    assert re.search(words, answer.content.decode())
    assert [path for path in media.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "content", [b"<svg onload=alert(1)>", b"<html>", b"", b"GIF89a<script>", b"\x89PNG\r\n\x1a\n" + b"x" * 50]
)
def test_what_is_no_picture_is_refused(mine: Desk, media: Path, content: bytes) -> None:
    gallery = {"media-TOTAL_FORMS": "1", "media-0-position": "0", "media-0-alt": "x"}
    with nothing_changes():
        upload = SimpleUploadedFile("x.jpg", content, content_type="image/jpeg")
        assert save(mine, **gallery, **{"media-0-photos": upload}).status_code == 200
        assert save(mine, **gallery).status_code == 200
    assert list(media.rglob("*.webp")) == []


def test_a_paper_is_handed_in_for_the_own_shop_or_one_of_its_goods(mine: Desk, theirs: Desk) -> None:
    form = {"kind": "inspection", "title": "农残检测", "number": "JC-1", "valid_until": "2027-11-22"}
    form |= {"product": mine.sku.product_id, "supplier": theirs.supplier.pk, "state": "approved"}
    assert mine.post("suppliers_qualification_add", **form, document=a_picture()).status_code == 302
    paper = Qualification.objects.get(title="农残检测")
    assert (paper.supplier, paper.product, paper.state) == (mine.supplier, mine.sku.product, "waiting")
    assert paper.picture.startswith("papers/")
    with nothing_changes():
        assert mine.post("suppliers_qualification_change", paper.pk, **form).status_code == 403


def freight_form(**changes: Any) -> dict[str, Any]:
    fields = {
        "name": "标准快递",
        "charged_by": "weight",
        "first_unit": "1000",
        "first_fee_fen": "8",
        "step_unit": "500",
        "step_fee_fen": "0",
        "free_above_fen": "99",
        "unserved": "新疆维吾尔自治区，西藏",
        "rules-TOTAL_FORMS": "1",
        "rules-INITIAL_FORMS": "0",
        "rules-0-provinces": "内蒙古、青海省",
        "rules-0-first_unit": "1000",
        "rules-0-first_fee_fen": "15.50",
        "rules-0-step_unit": "500",
        "rules-0-step_fee_fen": "6",
    }
    return fields | changes


def test_a_freight_template_is_written_with_its_regions(mine: Desk) -> None:
    assert mine.post("suppliers_freighttemplate_add", **freight_form()).status_code == 302
    template = FreightTemplate.objects.get(name="标准快递")
    assert (template.supplier, template.first_fee_fen, template.step_fee_fen) == (mine.supplier, 800, 0)
    assert (template.free_above_fen, template.unserved) == (9_900, ["西藏", "新疆"])
    rule = template.rules.get()
    assert (rule.provinces, rule.first_fee_fen) == (["内蒙古", "青海"], 1_550)
    gone = {"rules-INITIAL_FORMS": "1", "rules-0-id": rule.pk, "rules-0-template": template.pk}
    changed = freight_form(free_above_fen="", **gone, **{"rules-0-DELETE": "on"})
    assert mine.post("suppliers_freighttemplate_change", template.pk, **changed).status_code == 302
    template.refresh_from_db()
    assert template.free_above_fen is None
    assert not FreightRule.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "甲家运费"},
        {"first_unit": "0"},
        {"step_unit": "0"},
        {"first_fee_fen": "-1"},
        {"step_fee_fen": "1e3"},
        {"free_above_fen": "0"},
        {"unserved": "火星"},
        {"rules-0-provinces": ""},
        {"rules-0-provinces": "浙江、亚特兰蒂斯"},
        {"rules-0-step_unit": "0"},
        {"charged_by": "moon"},
    ],
)
def test_an_odd_template_is_refused(mine: Desk, changes: dict[str, str]) -> None:
    with nothing_changes():
        assert mine.post("suppliers_freighttemplate_add", **freight_form(**changes)).status_code == 200


def test_what_is_sold_out_of_two_axes_is_still_one_product_of_the_own(mine: Desk) -> None:
    sku = a_sku(supplier=mine.supplier)
    with nothing_changes():
        taken = save(mine, **{"skus-0-code": sku.code})
        assert taken.status_code == 200
    add_sku(
        product=mine.sku.product,
        code="SECOND",
        spec_values=["另一种"],
        supply_price_fen=1,
        list_price_fen=2,
        sale_price_fen=2,
        on_hand=0,
        at=AT,
    )
    assert Product.objects.get(pk=mine.sku.product_id).lowest_price_fen == 2
