"""The pages of after-sale and logistics: the four steps, one's own cases only, evidence that only its people see."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from mall.core.rights import PLANS, SERVICE
from orders.commands import confirm_receipt
from orders.commands.after_sale import agree_case, refuse_case
from orders.models import AfterSale, CasePhoto, CaseState, Reminder, TrackEvent
from tests.factories import AT, a_gift_pack, a_member, a_paid_order, a_placed_order, a_seat, fresh, gift_pack_terms
from tests.operators import as_, operator
from tests.orders.after_sale import a_case, an_order, call_off, line_of, refund_of, shipped
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time_and_folders(tmp_path, settings, monkeypatch):
    monkeypatch.setattr("mall.core.clock._standing", AT)
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private", "file_permissions_mode": 0o600},
        },
    }


def a_photo(name: str = "photo.jpg") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (30, 20), "crimson").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def wizard(order: Any, position: int = 0) -> str:
    return reverse("orders:case-new", args=[line_of(order, position).pk])


ASKED = {"kind": "return_refund", "reason": "damaged", "quantity": "1"}


def test_four_steps_lead_to_a_case() -> None:
    order = shipped(an_order(3))
    buyer, address = as_(order.member), wizard(order)
    assert "退货退款" in buyer.get(address).content.decode()
    assert "收到时有破损" in buyer.get(address, {"kind": "return_refund"}).content.decode()
    page = buyer.get(address, {"kind": "return_refund", "reason": "damaged"}).content.decode()
    assert "预计原路退回" in page
    sums = buyer.get(address, ASKED | {"quantity": "2"}, headers={"HX-Request": "true", "HX-Target": "sums"})
    assert "¥20.00" in sums.content.decode()
    assert "<html" not in sums.content.decode()
    assert "提交申请" in buyer.get(address, ASKED | {"step": "4"}).content.decode()

    answer = buyer.post(address, ASKED | {"note": "摔坏了", "photos": [a_photo(), a_photo("../../x.php")]})

    case = AfterSale.objects.get()
    assert answer["Location"] == reverse("orders:case", args=[case.number])
    assert (case.quantity, case.amount_fen, case.note, case.photos.count()) == (1, 1_000, "摔坏了", 2)
    page = buyer.get(answer["Location"]).content.decode()
    assert "待商家处理" in page
    assert "撤销申请" in page


def test_what_did_not_ship_is_refunded_at_once_from_its_page() -> None:
    order = an_order(2)
    buyer, address = as_(order.member), wizard(order)
    asked = {"kind": "call_off", "reason": "not_wanted", "quantity": "2"}
    assert "提交后马上退" in buyer.get(address, asked).content.decode()
    buyer.post(address, asked)
    assert refund_of(AfterSale.objects.get()).amount_fen == 2_000


BAD: list[dict[str, Any]] = [
    {"quantity": "0"},
    {"quantity": "-1"},
    {"quantity": "1.5"},
    {"quantity": "4"},
    {"quantity": "NaN"},
    {"quantity": str(2**63)},
    {"quantity": ""},
    {"reason": ""},
    {"reason": "nonsense"},
    {"kind": "nonsense"},
    {"kind": ""},
    {"kind": "call_off"},
    {"kind": "refund_only", "amount": "0"},
    {"kind": "refund_only", "amount": "-1"},
    {"kind": "refund_only", "amount": "10.01"},
    {"kind": "refund_only", "amount": "1.234"},
    {"kind": "refund_only", "amount": "NaN"},
    {"kind": "refund_only", "amount": "1e-9"},
    {"kind": "return_refund", "amount": "0.01"},
    {"note": "长" * 201},
    {"note": "a\x00b"},
]


@pytest.mark.parametrize("changes", BAD, ids=str)
def test_a_bad_request_is_answered_on_its_page_and_changes_nothing(changes: dict[str, str]) -> None:
    order = shipped(an_order(3))
    buyer = as_(order.member)
    with nothing_changes():
        assert buyer.post(wizard(order), ASKED | changes).status_code == 400
        assert buyer.get(wizard(order), ASKED | changes | {"step": "4"}).status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a<script>alert(1)</script>",
        b"PK\x03\x04zip",
    ],
)
def test_evidence_that_is_no_photo_is_refused(content: bytes, tmp_path: Any) -> None:
    order = shipped(an_order(1))
    buyer, lie = as_(order.member), SimpleUploadedFile("proof.jpg", content, "image/jpeg")
    with nothing_changes():
        answer = buyer.post(wizard(order), ASKED | {"photos": [lie]})
        assert answer.status_code == 400
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_fields_that_nobody_asked_for_are_ignored() -> None:
    order = shipped(an_order(1))
    extra = {
        "amount_fen": "999999",
        "state": "refunding",
        "member": "1",
        "total": "1",
        "order": "2",
        "counts_pieces": "0",
    }
    as_(order.member).post(wizard(order), ASKED | extra)
    case = AfterSale.objects.get()
    assert (case.amount_fen, case.state, case.order) == (1_000, CaseState.ASKED, order)


def test_others_find_nothing_of_it() -> None:
    order = shipped(an_order(2))
    buyer, stranger = as_(order.member), as_(a_member())
    buyer.post(wizard(order), ASKED | {"photos": [a_photo()]})
    case, photo = AfterSale.objects.get(), CasePhoto.objects.get()
    addresses = [
        wizard(order),
        reverse("orders:case", args=[case.number]),
        reverse("orders:case-cancel", args=[case.number]),
        reverse("orders:case-dispute", args=[case.number]),
        reverse("orders:case-photo", args=[photo.pk]),
        reverse("orders:logistics", args=[order.number]),
        reverse("orders:extend", args=[order.number]),
    ]
    with nothing_changes():
        for address in addresses:
            assert stranger.get(address).status_code == 404
            assert Client().get(address).status_code == 302
        for name in ("case-cancel", "case-dispute", "case-send-back", "case-received"):
            assert stranger.post(reverse(f"orders:{name}", args=[case.number])).status_code == 404
        for name in ("remind", "extend"):
            assert stranger.post(reverse(f"orders:{name}", args=[order.number])).status_code == 404
    answer = buyer.get(reverse("orders:case-photo", args=[photo.pk]))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/webp", "private, no-store")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert buyer.get(f"/media/{photo.name}").status_code == 404
    assert stranger.get(reverse("orders:cases")).content.decode().count(case.number) == 0


def test_why_nothing_can_be_asked_is_said() -> None:
    gift_pack_terms()
    pack, unpaid = a_paid_order(sku=a_gift_pack()), a_placed_order()
    assert "礼包只能整份退" in as_(pack.member).get(wizard(pack)).content.decode()
    assert "还没有付款" in as_(unpaid.member).get(wizard(unpaid)).content.decode()
    order = shipped(an_order(1))
    a_case(order)
    assert "正在售后中" in as_(order.member).get(wizard(order)).content.decode()


def test_a_buyer_goes_through_a_return_a_cancellation_and_a_dispute() -> None:
    order = shipped(an_order(3))
    buyer, seat = as_(order.member), a_seat(order.supplier)
    case = a_case(order)
    agree_case(case=case, by=seat, at=AT)
    address = reverse("orders:case", args=[case.number])
    assert "浙江省杭州市余杭区 1 号仓" in buyer.get(address).content.decode()
    back = reverse("orders:case-send-back", args=[case.number])
    with nothing_changes():
        for wrong in (
            {},
            {"carrier": "顺丰速运", "tracking_number": "1"},
            {"carrier": "x", "tracking_number": "SF123456"},
        ):
            assert buyer.post(back, wrong).status_code == 400
    buyer.post(back, {"carrier": "顺丰速运", "tracking_number": "SF123456"})
    assert "退货运输中" in buyer.get(address).content.decode()
    with nothing_changes():
        buyer.post(back, {"carrier": "顺丰速运", "tracking_number": "SF123457"})

    second = a_case(order)
    refuse_case(case=second, by=seat, reason="已使用", at=AT)
    dispute = reverse("orders:case-dispute", args=[second.number])
    assert "已使用" in buyer.get(dispute).content.decode()
    with nothing_changes():
        assert buyer.post(dispute, {"text": ""}).status_code == 400
    buyer.post(dispute, {"text": "没用过", "photos": [a_photo()]})
    assert AfterSale.objects.get(pk=second.pk).state == CaseState.DISPUTED

    third = a_case(order)
    cancel = reverse("orders:case-cancel", args=[third.number])
    assert buyer.get(cancel, headers={"HX-Request": "true", "HX-Target": "sheet"}).status_code == 200
    buyer.post(cancel)
    assert AfterSale.objects.get(pk=third.pk).state == CaseState.CLOSED


def test_the_list_of_cases_has_tabs_pages_and_a_fixed_number_of_queries(django_assert_max_num_queries: Any) -> None:
    order = shipped(an_order(12))
    buyer = as_(order.member)
    assert "还没有售后" in buyer.get(reverse("orders:cases")).content.decode()
    for _ in range(12):
        a_case(order)
    with django_assert_max_num_queries(8):
        page = buyer.get(reverse("orders:cases")).content.decode()
    assert page.count("<article") == 10
    last = AfterSale.objects.order_by("-pk")[9]
    older = buyer.get(reverse("orders:cases"), {"before": last.number}, headers={"HX-Target": "more"})
    assert older.content.decode().count("<article") == 2
    assert buyer.get(reverse("orders:cases"), {"tab": "nonsense"}).status_code == 404
    assert buyer.get(reverse("orders:cases"), {"before": "\x00"}).status_code == 200


def test_the_logistics_page_tells_parcels_tracks_and_promises(django_assert_max_num_queries: Any) -> None:
    order = an_order(1)
    buyer, address = as_(order.member), reverse("orders:logistics", args=[order.number])
    assert "还没有发货" in buyer.get(address).content.decode()
    order = shipped(order)
    assert "还没有物流轨迹" in buyer.get(address).content.decode()
    parcel = order.parcels.get()
    TrackEvent.objects.create(parcel=parcel, event_id="1", kind="moving", text="到达深圳转运中心", at=AT)
    with django_assert_max_num_queries(20):
        page = buyer.get(address).content.decode()
    for words in ("运输中", "到达深圳转运中心", "SF1234567890", "tel:95338", "承诺发货"):
        assert words in page
    for odd in ("0", "99", "-1", "x", "²"):
        assert buyer.get(address, {"parcel": odd}).status_code == 200


def test_a_supplier_is_reminded_once_a_day_and_a_receipt_put_off_once() -> None:
    order = an_order(1)
    buyer = as_(order.member)
    buyer.post(reverse("orders:remind", args=[order.number]))
    assert Reminder.objects.count() == 1
    with nothing_changes():
        buyer.post(reverse("orders:remind", args=[order.number]))
        buyer.post(reverse("orders:extend", args=[order.number]))
    order = shipped(order)
    was = order.auto_receive_at
    assert "晚 7 天" in buyer.get(reverse("orders:extend", args=[order.number])).content.decode()
    buyer.post(reverse("orders:extend", args=[order.number]))
    assert (fresh(order).auto_receive_at - was).days == 7
    with nothing_changes():
        buyer.post(reverse("orders:extend", args=[order.number]))
    confirm_receipt(order=order, at=AT)
    with nothing_changes():
        buyer.post(reverse("orders:remind", args=[order.number]))


def test_a_supplier_answers_its_own_cases_at_its_desk() -> None:
    order = shipped(an_order(3))
    desk, other = as_(a_seat(order.supplier)), as_(a_seat(an_order(1).supplier))
    as_(order.member).post(wizard(order), ASKED | {"photos": [a_photo()]})
    case, photo = AfterSale.objects.get(), CasePhoto.objects.get()
    page = reverse("supplier:orders_aftersale_change", args=[case.pk])
    proof = reverse("supplier:orders_aftersale_photo", args=[case.pk, photo.pk])
    assert case.number in desk.get(reverse("supplier:orders_aftersale_changelist")).content.decode()
    assert "收到时有破损" in desk.get(page).content.decode()
    assert desk.get(proof).status_code == 200
    names = ("agree", "refuse", "take_back", "resend", "refund_instead", "return_address")
    acts = [reverse(f"supplier:orders_aftersale_{act}", args=[case.pk]) for act in names]
    with nothing_changes():
        assert case.number not in other.get(reverse("supplier:orders_aftersale_changelist")).content.decode()
        for address in (page, proof, *acts):
            assert other.get(address).status_code == 404
            assert other.post(address).status_code in (403, 404)
        assert desk.post(acts[1], {"reason": ""}).status_code == 200
        assert desk.post(acts[2], {"restock": "yes"}).status_code == 200
    desk.post(acts[0], {})
    assert AfterSale.objects.get().state == CaseState.TO_RETURN
    as_(order.member).post(
        reverse("orders:case-send-back", args=[case.number]), {"carrier": "顺丰速运", "tracking_number": "SF123456"}
    )
    desk.post(acts[2], {"restock": "yes"})
    assert AfterSale.objects.get().state == CaseState.REFUNDING


def test_an_operator_decides_a_dispute_and_others_only_look() -> None:
    order = shipped(an_order(1))
    case, seat = a_case(order), a_seat(order.supplier)
    refuse_case(case=case, by=seat, reason="已使用", at=AT)
    as_(order.member).post(reverse("orders:case-dispute", args=[case.number]), {"text": "没用过"})
    page = reverse("ops:orders_aftersale_change", args=[case.pk])
    decide = reverse("ops:orders_aftersale_decide", args=[case.pk])
    looker = as_(operator("看客", PLANS))
    with nothing_changes():
        assert looker.get(page).status_code == 200
        assert looker.get(decide).status_code == 403
        assert looker.post(decide, {"verdict": "refund", "reason": "好"}).status_code == 403
    judge = as_(operator("裁判", SERVICE))
    with nothing_changes():
        assert judge.post(decide, {"verdict": "nonsense", "reason": "好"}).status_code == 200
        assert judge.post(decide, {"verdict": "refund", "reason": ""}).status_code == 200
    judge.post(decide, {"verdict": "refund", "reason": "照片清楚"})
    assert AfterSale.objects.get().state == CaseState.REFUNDING
    assert (
        case.number
        in judge.get(reverse("ops:orders_aftersale_changelist") + "?state__exact=refunding").content.decode()
    )


def test_a_supplier_ships_in_parts_from_its_desk() -> None:
    order = an_order(2, 1)
    desk = as_(a_seat(order.supplier))
    first, second = line_of(order), line_of(order, 1)
    address = reverse("supplier:orders_order_ship", args=[order.pk])
    waybill = {"carrier": "顺丰速运", "tracking_number": "SF123456"}
    with nothing_changes():
        for wrong in (
            {f"line_{first.pk}": "3", f"line_{second.pk}": "0"},
            {f"line_{first.pk}": "0", f"line_{second.pk}": "0"},
        ):
            assert desk.post(address, waybill | wrong).status_code == 200
    desk.post(address, waybill | {f"line_{first.pk}": "1", f"line_{second.pk}": "0"})
    assert (fresh(order).state, line_of(order).shipped_quantity) == ("paid", 1)
    assert "部分发货" in desk.get(reverse("supplier:orders_order_changelist"), {"part": "to_ship"}).content.decode()
    desk.post(address, waybill | {f"line_{first.pk}": "1", f"line_{second.pk}": "1"})
    assert fresh(order).state == "shipped"
    assert order.parcels.count() == 2


def test_a_whole_order_of_goods_is_given_back_only_before_a_parcel_has_left() -> None:
    order = an_order(2)
    buyer, address = as_(order.member), reverse("orders:refund", args=[order.number])
    call_off(order, 1)
    page = buyer.get(address).content.decode()
    assert "退款 ¥10.00" in page
    assert "之前已退" in page
    gone = shipped(an_order(1))
    other = as_(gone.member)
    with nothing_changes():
        assert other.get(reverse("orders:refund", args=[gone.number])).status_code == 302
        answer = other.post(reverse("orders:refund", args=[gone.number]), {"reason": "changed_mind"}, follow=True)
    assert "逐件申请售后" in answer.content.decode()
    buyer.post(address, {"reason": "changed_mind"})
    assert fresh(order).state == "refunded"
