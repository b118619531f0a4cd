"""Statements at `/supplier/` and at `/ops/`."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from mall.core.rights import PLANS, RELEASE, REVIEW
from mall.core.seats import Role
from orders.commands import refund_order
from remittance.models import (
    Statement,
    StatementDispute,
    StatementInvoice,
    StatementLine,
    SupplierAccount,
    SupplierTerms,
)
from suppliers.commands import seat_member
from tests.factories import a_member, a_paid_order, later
from tests.operators import as_, operator, text
from tests.snapshots import nothing_changes

from .story import House, confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path)}},
    }


@pytest.fixture
def house() -> House:
    found = House("山里人")
    found.terms(fee_bps=200)
    a_paid_order(sku=found.sku, quantity=3)
    refund_order(order=a_paid_order(sku=found.sku, at=later(hours=1)), reason="", at=later(hours=2))
    return found


def page(act: str, *args: int) -> str:
    return reverse(f"supplier:remittance_statement_{act}", args=args)


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (64, 48), "#8a5a2b").save(out, "PNG")
    return SimpleUploadedFile("a.png", out.getvalue(), "image/png")


def test_a_supplier_reads_its_statement_to_the_last_line(house: House) -> None:
    statement = house.close()
    client = as_(house.owner)
    assert "¥117.60" in text(client.get(page("changelist")))
    shown = text(client.get(page("change", statement.pk)))
    for words in ("2026-11-01 至 2026-11-30", "供货款", "¥160.00", "退款", "平台服务费 2%", "¥117.60", "狮峰龙井"):
        assert words in shown, words


def test_the_export_holds_the_lines_and_the_sums(house: House) -> None:
    statement = house.close()
    rows = text(as_(house.owner).get(page("csv", statement.pk))).removeprefix("\ufeff").splitlines()
    assert len(rows) == 1 + 3 + 4
    assert rows[-1].endswith(",117.60")
    assert [row.rsplit(",", 1)[1] for row in rows[1:4]] == ["120.00", "40.00", "-40.00"]


def test_a_statement_is_confirmed_disputed_and_invoiced(house: House) -> None:
    statement = house.close()
    client = as_(house.owner)
    line = StatementLine.objects.filter(statement=statement).earliest("id")
    assert client.post(page("dispute", statement.pk, line.pk), {"reason": "少算一件"}).status_code == 302
    assert "待平台答复" in text(client.get(page("change", statement.pk)))
    given = {"number": "26952000001234", "amount_fen": "117.60", "photos": photo()}
    assert client.post(page("invoice", statement.pk), given).status_code == 302
    invoice = StatementInvoice.objects.get()
    assert client.get(page("photo", statement.pk, invoice.pk)).status_code == 200
    assert client.post(page("confirm", statement.pk)).status_code == 302
    assert Statement.objects.get().confirmed_by == house.owner
    with nothing_changes():
        for act, given in (
            ("confirm", {}),
            ("invoice", {"number": "x", "amount_fen": "-1", "photos": SimpleUploadedFile("a.png", b"<svg>")}),
            ("invoice", {"number": "26952000001234", "amount_fen": "1", "photos": photo()}),
        ):
            assert client.post(page(act, statement.pk), given).status_code == 200
        assert client.post(page("dispute", statement.pk, line.pk), {"reason": ""}).status_code == 200
        assert client.post(page("dispute", statement.pk, 10**17), {"reason": "x"}).status_code == 404


def test_only_an_owner_changes_the_account_and_finance_confirms(house: House) -> None:
    finance = a_member()
    seat_member(supplier=house.supplier, member=finance, role=Role.FINANCE)
    given = {"holder": "山里人茶业", "bank_name": "农行", "number": "6222020012345678"}
    client = as_(finance)
    statement = house.close()
    assert client.post(page("account"), given).status_code == 403
    assert as_(house.owner).post(page("account"), given).status_code == 302
    account = SupplierAccount.objects.get()
    assert "****5678" in text(client.get(page("changelist"))) or "****5678" in text(
        client.get(page("change", statement.pk))
    )
    assert "6222020012345678" not in text(as_(house.owner).get(page("account")))
    assert account.holder == "山里人茶业"
    assert client.post(page("confirm", statement.pk)).status_code == 302


def test_operators_pay_in_two_steps_on_two_pages(house: House) -> None:
    statement = confirmed(house)
    house.account(at=later(days=-10))
    maker, checker = operator("苏敏", REVIEW), operator("韩立", RELEASE)
    first, second = as_(maker), as_(checker)
    record = reverse("ops:remittance_statement_change", args=[statement.pk])
    approve = reverse("ops:remittance_statement_approve", args=[statement.pk])
    release = reverse("ops:remittance_statement_release", args=[statement.pk])
    with nothing_changes():
        assert second.post(approve).status_code == 403
        assert first.post(release, {"bank_reference": "ICBC0001"}).status_code == 403
    assert "初审通过" in text(first.get(record))
    assert first.post(approve).status_code == 302
    assert "须由另一位同事复核" in text(first.get(record))
    assert "6222020012345678" in text(second.get(release))
    with nothing_changes():
        assert second.post(release, {"bank_reference": "<b>"}).status_code == 200
    assert second.post(release, {"bank_reference": "ICBC0001"}).status_code == 302
    assert house.owed_fen == 0
    assert "苏敏" in text(second.get(record))


def test_a_dispute_is_answered_and_its_correction_checked_by_another_one(house: House) -> None:
    line = StatementLine.objects.filter(statement=confirmed(house)).earliest("id")
    as_(house.owner).post(page("dispute", line.statement_id, line.pk), {"reason": "少算"})
    dispute = StatementDispute.objects.get()
    first, second = as_(operator("苏敏", REVIEW)), as_(operator("韩立", RELEASE))
    reply = reverse("ops:remittance_statementdispute_reply", args=[dispute.pk])
    check = reverse("ops:remittance_statementdispute_check", args=[dispute.pk])
    assert first.post(reply, {"answer": "属实", "amount_fen": "40"}).status_code == 302
    with nothing_changes(without=("core_operatoract",)):
        assert first.post(check).status_code == 200
    assert second.post(check).status_code == 302
    assert house.owed_fen == 11_760 + 4_000
    assert "补 ¥40.00" in text(as_(house.owner).get(page("change", line.statement_id)))


def test_terms_are_set_by_those_who_make_policies(house: House) -> None:
    address = reverse("ops:remittance_terms_set", args=[house.supplier.pk])
    given = {"starts_on": "2027-01-01", "period": "half", "fee_bps": "2.5", "commission_bps": "100"}
    reviewer = as_(operator("苏敏", REVIEW))
    with nothing_changes():
        assert reviewer.post(address, given).status_code == 403
    client = as_(operator("陈总", PLANS))
    assert client.post(address, given).status_code == 302
    terms = SupplierTerms.objects.latest("starts_on")
    assert (terms.fee_bps, terms.commission_bps, terms.period) == (250, 10_000, "half")
    with nothing_changes():
        assert client.post(address, given | {"fee_bps": "31"}).status_code == 200
        assert client.post(address, given | {"fee_bps": "1e1"}).status_code == 200
