"""V-9: papers are handed in, decided, warned of; goods whose permit ran out leave the shelf, and owners hear of it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.urls import reverse

from mall.core.rights import PLANS, SERVICE
from mall.core.seats import Role
from service.models import Message
from storefront.queries import papers, product_page
from suppliers import tasks
from suppliers.commands import (
    PaperRefused,
    PermitMissing,
    add_category,
    add_media,
    add_qualification,
    approve_paper,
    check_papers,
    publish_product,
    put_back_on_shelf,
    reject_paper,
    seat_member,
    set_category_permit,
    submit_paper,
    submit_product,
)
from suppliers.models import Category, PaperState, PermitLapse, Product, Qualification, ReviewState
from tests.core.test_documents import a_pdf, upload
from tests.factories import AT, a_member, a_sku, later
from tests.operators import as_, operator, text
from tests.snapshots import nothing_changes
from tests.suppliers.test_desk import Desk
from tests.suppliers.test_desk_catalogue import a_picture

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 1)
JY, JY_NEW = "JY13301060000012", "JY13301060000099"


@pytest.fixture(autouse=True)
def private(tmp_path: Path, settings: Any, monkeypatch: Any) -> Path:
    monkeypatch.setattr("mall.core.clock._standing", AT)
    settings.MEDIA_ROOT = tmp_path / "public"
    folder = tmp_path / "private"
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder, "file_permissions_mode": 0o600},
        },
    }
    return folder


@pytest.fixture
def mine() -> Desk:
    return Desk("甲家")


@pytest.fixture
def checker() -> Any:
    return operator("何琳", SERVICE)


def tea(desk: Desk) -> Category:
    """The product's category, below one that asks for a permit to sell food."""
    top = add_category(name="食品", slug="food")
    below = add_category(name="茶", slug="tea", parent=top)
    Product.objects.filter(pk=desk.sku.product_id).update(category=below)
    set_category_permit(category=top, permit="food")
    return below


def permit(desk: Desk, *, days: int | None = 10, number: str = JY, product: Product | None = None) -> Qualification:
    until = None if days is None else TODAY + timedelta(days=days)
    return add_qualification(
        supplier=desk.supplier, kind="food", title="食品经营许可证", number=number, valid_until=until, product=product
    )


def submitted(desk: Desk, paper: Qualification | None = None, **changes: Any) -> Qualification:
    given = {
        "kind": "food",
        "title": "食品经营许可证",
        "number": JY_NEW,
        "picture": "papers/new.webp",
        "valid_until": TODAY + timedelta(days=700),
        "replaces": paper,
    }
    return submit_paper(supplier=desk.supplier, by=desk.member, at=AT, **(given | changes))


def is_published(desk: Desk) -> bool:
    return Product.objects.get(pk=desk.sku.product_id).is_published


def told(desk: Desk) -> list[str]:
    return list(Message.objects.filter(member=desk.member).order_by("pk").values_list("wording", flat=True))


# Handing in and deciding


def test_a_new_paper_waits_and_is_shown_to_buyers_when_it_was_approved(mine: Desk, checker: Any) -> None:
    Qualification.objects.all().delete()
    paper = submitted(mine)
    slug = Product.objects.get(pk=mine.sku.product_id).slug

    def shown() -> list[Any]:
        found = product_page(slug=slug, member=None, today=TODAY)
        assert found is not None
        return papers(found[0])

    assert shown() == []
    approve_paper(paper=paper, by=checker, at=later(hours=1))
    (line,) = shown()
    assert JY_NEW in line.text
    assert told(mine) == ["paper_approved"]


def test_a_successor_takes_the_place_of_a_paper_when_it_was_approved(mine: Desk, checker: Any) -> None:
    old = permit(mine)
    first, second = submitted(mine, old), submitted(mine, old)
    first.refresh_from_db()
    assert first.state == PaperState.WITHDRAWN
    assert Qualification.objects.get(pk=old.pk).is_in_force
    approve_paper(paper=second, by=checker, at=AT)
    assert Qualification.objects.get(pk=old.pk).state == PaperState.REPLACED
    with nothing_changes(), pytest.raises(PaperRefused, match="已经处理过"):
        approve_paper(paper=second, by=checker, at=AT)
    with nothing_changes(), pytest.raises(PaperRefused, match="已经换过"):
        submitted(mine, old)


def test_a_paper_comes_back_with_its_reason(mine: Desk, checker: Any) -> None:
    paper = submitted(mine)
    with nothing_changes(), pytest.raises(PaperRefused, match="写明原因"):
        reject_paper(paper=paper, reason="  ", by=checker, at=AT)
    reject_paper(paper=paper, reason="照片看不清编号", by=checker, at=AT)
    assert told(mine) == ["paper_rejected"]
    assert "照片看不清编号" in mine.get("suppliers_qualification_changelist").content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": "JY123"}, "JY 加 14 位"),
        ({"number": ""}, "JY 加 14 位"),
        ({"valid_until": None}, "有效期"),
        ({"valid_until": TODAY - timedelta(days=1)}, "已经过期"),
        ({"picture": ""}, "请传一张"),
        ({"kind": "business", "number": "91330100799655058A"}, "统一社会信用代码不对"),
        ({"kind": "production", "number": JY}, "SC 加 14 位"),
        ({"title": "证" * 41}, "最多 40 个字"),
    ],
)
def test_what_cannot_be_a_paper_is_refused_and_nothing_is_kept(mine: Desk, changes: Any, words: str) -> None:
    with nothing_changes(), pytest.raises(PaperRefused, match=words):
        submitted(mine, **changes)


def test_nobody_decides_for_the_own_firm_or_on_another_firms_goods(mine: Desk, checker: Any) -> None:
    paper, theirs = submitted(mine), Desk("乙家")
    of_theirs = permit(theirs)
    seat_member(supplier=mine.supplier, member=checker, role=Role.SERVICE)
    with nothing_changes(), pytest.raises(PaperRefused, match="别的同事"):
        approve_paper(paper=paper, by=checker, at=AT)
    with nothing_changes(), pytest.raises(PaperRefused, match="不是你们的"):
        submitted(mine, product=theirs.sku.product)
    with nothing_changes(), pytest.raises(PaperRefused, match="已经换过"):
        submitted(mine, of_theirs)


def test_a_paper_that_ran_out_while_it_waited_is_not_approved(mine: Desk, checker: Any) -> None:
    paper = submitted(mine, valid_until=TODAY + timedelta(days=1))
    with nothing_changes(), pytest.raises(PaperRefused, match="过期"):
        approve_paper(paper=paper, by=checker, at=later(days=2))


# What runs out


def test_an_expired_permit_takes_its_goods_off_the_shelf_once_and_says_so(mine: Desk, checker: Any) -> None:
    tea(mine)
    paper, elsewhere = permit(mine), a_sku(supplier=mine.supplier)
    assert check_papers(at=later(days=10)) == 0
    assert is_published(mine)
    assert told(mine) == ["paper_soon"]
    assert check_papers(at=later(days=11)) == 1
    assert not is_published(mine)
    assert Product.objects.get(pk=elsewhere.product_id).is_published
    assert told(mine) == ["paper_soon", "paper_expired", "permit_lapsed"]
    (message,) = Message.objects.filter(wording="permit_lapsed")
    assert (message.words["count"], message.words["goods"]) == (1, "甲家的茶")
    with nothing_changes():
        assert check_papers(at=later(days=12)) == 0
    (lapse,) = PermitLapse.objects.all()
    assert (lapse.product_id, lapse.paper) == (mine.sku.product_id, paper)
    product = Product.objects.get(pk=mine.sku.product_id)
    with nothing_changes(), pytest.raises(PermitMissing, match="食品经营许可证"):
        put_back_on_shelf(product=product)
    approve_paper(paper=submitted(mine, Qualification.objects.get(pk=paper.pk)), by=checker, at=later(days=13))
    put_back_on_shelf(product=product)
    assert check_papers(at=later(days=14)) == 0
    assert is_published(mine)


def test_what_another_permit_covers_stays_on_the_shelf(mine: Desk) -> None:
    tea(mine)
    permit(mine)
    permit(mine, days=None, number=JY_NEW, product=mine.sku.product)
    assert check_papers(at=later(days=11)) == 0
    assert is_published(mine)


def test_a_permit_of_one_product_takes_only_that_one_off(mine: Desk) -> None:
    category = tea(mine)
    other = a_sku(supplier=mine.supplier)
    Product.objects.filter(pk=other.product_id).update(category=category)
    permit(mine, product=mine.sku.product)
    assert check_papers(at=later(days=11)) == 1
    assert not is_published(mine)
    assert Product.objects.get(pk=other.product_id).is_published


def test_where_no_category_asks_a_paper_that_ran_out_takes_nothing_off(mine: Desk) -> None:
    permit(mine)
    theirs = Desk("乙家")
    tea(theirs)
    assert check_papers(at=later(days=11)) == 0
    assert is_published(mine)
    assert is_published(theirs)


def test_only_owners_who_may_come_in_are_told(mine: Desk) -> None:
    keeper = a_member()
    seat_member(supplier=mine.supplier, member=keeper, role=Role.WAREHOUSE)
    permit(mine)
    check_papers(at=AT)
    assert told(mine) == ["paper_soon"]
    assert not Message.objects.filter(member=keeper).exists()


def test_the_clock_runs_it(mine: Desk, monkeypatch: Any) -> None:
    tea(mine)
    permit(mine)
    monkeypatch.setattr("mall.core.clock._standing", later(days=11))
    assert tasks.check_papers() == 1


# The way to the shelf


def test_without_the_permit_nothing_of_the_category_comes_to_the_shelf(mine: Desk, checker: Any) -> None:
    tea(mine)
    product = Product.objects.get(pk=mine.sku.product_id)
    Product.objects.filter(pk=product.pk).update(is_published=False, review=ReviewState.DRAFT)
    add_media(product=product, path="goods/x.webp")
    product.refresh_from_db()
    with nothing_changes(), pytest.raises(PermitMissing, match="“茶”的商品要有有效的食品经营许可证"):
        submit_product(product=product, by=mine.member, at=AT)
    client, address = as_(checker), reverse("ops:suppliers_product_shelf", args=[product.pk])
    with nothing_changes():
        assert "食品经营许可证" in text(client.post(address))
    permit(mine)
    submit_product(product=product, by=mine.member, at=AT)
    publish_product(product=product, is_published=True)


# Pages


def test_a_supplier_hands_in_a_pdf_that_stays_private(mine: Desk, private: Path) -> None:
    form = {"kind": "food", "number": "jy1 3301 0600 000 99", "valid_until": "2028-01-01", "title": ""}
    answer = mine.post("suppliers_qualification_add", **form, document=upload(a_pdf(2)))
    assert answer.status_code == 302
    paper = Qualification.objects.get(state=PaperState.WAITING)
    assert (paper.supplier, paper.number, paper.title) == (mine.supplier, JY_NEW, "食品经营许可证")
    assert (private / paper.picture).exists()
    assert not storages["default"].exists(paper.picture)
    photo = mine.get("suppliers_qualification_photo", paper.pk)
    assert photo["Content-Type"] == "image/webp"
    assert photo["Cache-Control"].startswith("private, no-store")
    assert Desk("乙家").get("suppliers_qualification_photo", paper.pk).status_code == 404


def test_a_supplier_renews_a_paper_and_cannot_say_whose_or_of_which_kind(mine: Desk) -> None:
    old, theirs = permit(mine), Desk("乙家")
    form = {"number": JY_NEW, "valid_until": "2028-01-01", "kind": "business", "supplier": theirs.supplier.pk}
    answer = mine.post("suppliers_qualification_renew", old.pk, **form, state="approved", document=a_picture())
    assert answer.status_code == 302
    paper = Qualification.objects.get(replaces=old)
    assert (paper.kind, paper.supplier, paper.state) == ("food", mine.supplier, PaperState.WAITING)
    assert theirs.get("suppliers_qualification_renew", old.pk).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "JY1"},
        {"valid_until": "2026-10-01"},
        {"valid_until": ""},
        {"valid_until": "明天"},
        {"document": ""},
        {"document": "html"},
        {"kind": "nothing"},
    ],
)
def test_bad_input_at_the_desk_changes_nothing_and_leaves_no_file(mine: Desk, private: Path, changes: Any) -> None:
    form = {"kind": "food", "number": JY, "valid_until": "2028-01-01", "document": a_picture(), **changes}
    if form["document"] == "html":
        form["document"] = upload(b"<script>", "x.png")
    with nothing_changes():
        assert mine.post("suppliers_qualification_add", **form).status_code == 200
    assert list(private.rglob("*.webp")) == []


def test_operators_see_what_waits_and_what_runs_out_and_decide(mine: Desk, checker: Any, private: Path) -> None:
    permit(mine, days=40)
    permit(mine, days=-1, number=JY_NEW)
    old = permit(mine, days=400)
    mine.post("suppliers_qualification_renew", old.pk, number=JY, valid_until="2028-01-01", document=a_picture())
    paper, client = Qualification.objects.get(state=PaperState.WAITING), as_(checker)
    lists = reverse("ops:suppliers_qualification_changelist")
    page = text(client.get(lists, follow=True))
    assert "查看并审核" in page
    assert "还有 40 天" in text(client.get(f"{lists}?part=soon"))
    assert "已过期" in text(client.get(f"{lists}?part=expired"))
    record = reverse("ops:suppliers_qualification_change", args=[paper.pk])
    assert reverse("ops:suppliers_qualification_photo", args=[paper.pk]) in text(client.get(record))
    assert client.get(reverse("ops:suppliers_qualification_photo", args=[paper.pk])).status_code == 200
    approve = reverse("ops:suppliers_qualification_approve", args=[paper.pk])
    for other in (as_(operator("规则", PLANS)), as_(mine.member)):
        with nothing_changes():
            assert other.post(approve).status_code in (302, 403)
    assert client.post(approve).status_code == 302
    assert Qualification.objects.get(pk=paper.pk).is_in_force


def test_operators_say_which_permit_a_category_asks_for(mine: Desk, checker: Any) -> None:
    category = mine.sku.product.category
    address, client = reverse("ops:suppliers_category_permit", args=[category.pk]), as_(checker)
    others = as_(operator("规则", PLANS))
    assert "食品经营许可证：1 件在架商品" in text(client.get(address))
    with nothing_changes():
        assert client.post(address, {"permit": "passport"}).status_code == 200
        assert others.post(address, {"permit": "food"}).status_code == 403
    client.post(address, {"permit": "food"})
    assert Category.objects.get(pk=category.pk).permit == "food"
    assert is_published(mine)
    assert "食品经营许可证" in text(client.get(reverse("ops:suppliers_category_changelist")))
