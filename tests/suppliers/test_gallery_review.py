"""Pictures of what is on the shelf change when operators agree, and not before; what they refuse leaves no file."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from suppliers.commands import (
    GalleryEdit,
    ReviewRefused,
    add_media,
    approve_revision,
    entry_of,
    gallery_of,
    put_back_on_shelf,
    reject_revision,
    submit_product,
    take_off_shelf,
    withdraw_revision,
)
from suppliers.commands.gallery import edited
from suppliers.models import Product, ProductMedia, ProductRevision, ReviewState, RevisionState
from suppliers.queries import galleries
from tests.factories import AT
from tests.films import an_mp4
from tests.operators import as_, operator, text
from tests.snapshots import nothing_changes
from tests.suppliers.test_desk import Desk
from tests.suppliers.test_desk_catalogue import a_film, a_picture, row_form, save

pytestmark = pytest.mark.django_db

OLD = "goods/2611/old.webp"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def mine(media: Path) -> Desk:
    """A desk whose product is on the shelf with one picture."""
    desk = Desk("甲家")
    (media / OLD).parent.mkdir(parents=True)
    (media / OLD).write_bytes(b"old")
    add_media(product=desk.sku.product, path=OLD, alt="旧图")
    Product.objects.filter(pk=desk.sku.product_id).update(image=OLD)
    return desk


def live(desk: Desk) -> dict[str, Any]:
    row = ProductMedia.objects.get(product=desk.sku.product)
    return {"id": row.pk, "product": desk.sku.product_id}


def propose(desk: Desk, *, total: int = 2, kept: Any = None, **new: Any) -> Any:
    """Send the form with the picture that is there, and a new one in the second row."""
    rows = row_form(0, **{"alt": "旧图", **live(desk), **(kept or {})})
    if total > 1:
        rows |= row_form(1, **{"photos": a_picture(), "alt": "新图", "position": "1", **new})
    return save(desk, **{"media-TOTAL_FORMS": str(total), "media-INITIAL_FORMS": "1"}, **rows)


def waiting(desk: Desk) -> ProductRevision:
    found: ProductRevision = desk.sku.product.revisions.get(state=RevisionState.WAITING)
    return found


def files(media: Path) -> set[str]:
    return {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}


def test_the_shelf_shows_the_old_picture_until_the_new_one_is_approved(mine: Desk, media: Path) -> None:
    product = mine.sku.product
    before = gallery_of(product)
    assert propose(mine).status_code == 302
    assert gallery_of(product) == before
    new = waiting(mine).content["gallery"][1]["path"]
    assert new in files(media)
    page = mine.client.get(reverse("shop:product", args=[product.slug])).content.decode()
    assert OLD in page
    assert new not in page
    desk = mine.get("suppliers_product_change", product.pk).content.decode()
    assert "审核中的图片" in desk
    assert new in desk
    approve_revision(revision=waiting(mine), by=None, at=AT)
    assert [row["path"] for row in gallery_of(product)] == [OLD, new]
    assert new in mine.client.get(reverse("shop:product", args=[product.slug])).content.decode()


def test_operators_see_both_galleries_side_by_side(mine: Desk) -> None:
    propose(mine, kept={"position": "5", "alt": "旧图，近看"})
    page = text(
        as_(operator("沈初审", "operator_service")).get(
            reverse("ops:suppliers_productrevision_change", args=[waiting(mine).pk])
        )
    )
    old, new = re.findall(r'<ol class="ops-photos">(.*?)</ol>', page, re.S)
    assert OLD in old
    assert "新图" not in old
    assert "旧图，近看" in new
    assert "新增" in new
    # The new one comes first: it stands at 1, the old one went to 5.
    assert new.index("新图") < new.index("旧图，近看")


def test_what_becomes_of_each_picture_is_said() -> None:
    def entry(path: str, alt: str = "", kind: str = "image") -> dict[str, Any]:
        return {"kind": kind, "path": path, "poster": "", "alt": alt, "width": 1, "height": 1, "position": 0}

    revision = ProductRevision(
        content={"gallery": [entry("c"), entry("b", "近看"), entry("a"), entry("n")]},
        before={"gallery": [entry("a"), entry("b"), entry("c"), entry("x")]},
        is_live=True,
    )
    found = galleries(revision=revision)
    assert found is not None
    assert [(one.path, one.change) for one in found[0]] == [("a", ""), ("b", ""), ("c", ""), ("x", "gone")]
    assert [(one.path, one.change) for one in found[1]] == [
        ("c", "moved"),
        ("b", "described"),
        ("a", "moved"),
        ("n", "new"),
    ]


@pytest.mark.parametrize("end", ["rejected", "withdrawn"])
def test_what_is_not_approved_leaves_no_file_and_the_shelf_alone(
    mine: Desk, media: Path, end: str, django_capture_on_commit_callbacks: Any
) -> None:
    film = a_film(an_mp4(), "film.mp4")
    propose(mine, film=film)
    revision = waiting(mine)
    assert len(files(media)) == 3
    with django_capture_on_commit_callbacks(execute=True):
        if end == "rejected":
            reject_revision(revision=revision, by=None, reason="看不清", at=AT)
        else:
            withdraw_revision(product=mine.sku.product, at=AT)
    assert files(media) == {OLD}
    assert [row["path"] for row in gallery_of(mine.sku.product)] == [OLD]
    revision.refresh_from_db()
    address = reverse("ops:suppliers_productrevision_change", args=[revision.pk])
    page = text(as_(operator("沈初审", "operator_service")).get(address))
    assert "没有采用，文件已删除" in page
    assert revision.content["gallery"][0]["path"] not in page


def test_a_second_change_goes_on_from_the_first_and_keeps_its_files(
    mine: Desk, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        propose(mine)
        propose(mine, alt="第二张", position="2")
        # Words alone take the pictures that wait along.
        save(mine, name="新名", **{"media-TOTAL_FORMS": "1", "media-INITIAL_FORMS": "1"}, **row_form(0, **live(mine)))
    content = waiting(mine).content
    assert content["name"] == "新名"
    assert [row["alt"] for row in content["gallery"]][1:] == ["新图", "第二张"]
    assert files(media) == {OLD, *(row["path"] for row in content["gallery"])}


def test_the_last_picture_of_what_is_on_the_shelf_stays(mine: Desk, media: Path) -> None:
    page = propose(mine, total=1, kept={"DELETE": "on"})
    assert page.status_code == 302
    assert "至少要留一张图片" in mine.get("suppliers_product_changelist").content.decode()
    assert files(media) == {OLD}
    # The words of the form are proposed, the gallery is not.
    assert "gallery" not in waiting(mine).content
    assert ProductMedia.objects.count() == 1


def test_a_gallery_that_changed_meanwhile_is_not_approved(mine: Desk) -> None:
    propose(mine)
    add_media(product=mine.sku.product, path="goods/z.webp")
    with nothing_changes(), pytest.raises(ReviewRefused, match="重新提交"):
        approve_revision(revision=waiting(mine), by=None, at=AT)


def test_new_pictures_do_not_get_on_the_shelf_by_taking_it_off_and_putting_it_back(mine: Desk) -> None:
    take_off_shelf(product=mine.sku.product)
    propose(mine)
    product = Product.objects.get(pk=mine.sku.product_id)
    assert product.review == ReviewState.DRAFT
    with nothing_changes(), pytest.raises(ReviewRefused):
        put_back_on_shelf(product=product)
    revision = submit_product(product=product, by=mine.member, at=AT)
    add_media(product=product, path="goods/z.webp")
    with nothing_changes(), pytest.raises(ReviewRefused, match="重新提交"):
        approve_revision(revision=revision, by=None, at=AT)


def test_pictures_of_a_rejected_draft_are_kept_to_be_mended(
    mine: Desk, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    take_off_shelf(product=mine.sku.product)
    propose(mine)
    kept = files(media)
    revision = submit_product(product=Product.objects.get(pk=mine.sku.product_id), by=mine.member, at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        reject_revision(revision=revision, by=None, reason="看不清", at=AT)
    assert files(media) == kept
    assert ProductMedia.objects.count() == 2


def test_an_edit_of_what_a_proposal_no_longer_has_brings_it_back() -> None:
    media = ProductMedia(path="a", kind="image", position=1)
    film = ProductMedia(path="f", kind="video", poster="p", position=9)
    both = [entry_of(media), entry_of(film)]
    assert edited(both, [GalleryEdit("a", None)]) == [entry_of(film)]
    assert edited([entry_of(film)], [GalleryEdit("a", entry_of(media))]) == [entry_of(film), entry_of(media)]
    assert edited([entry_of(film)], [GalleryEdit("a", None)]) == [entry_of(film)]
