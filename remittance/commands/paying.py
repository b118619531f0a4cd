"""Paying a statement: two operators, to an account that has rested, and the entry with the last step."""

import re
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ledger.commands import Entry, Line, post_entry
from ledger.models import AccountKind
from mall.core.sealing import seal
from orders.queries import BANK_HOLDER
from payouts.queries import payouts_stopped
from remittance.models import ACCOUNT, Statement, StatementInvoice, StatementState, SupplierAccount
from suppliers.models import Supplier

from .closing import PAYOUT
from .refusals import RemittanceRefused

NUMBER = re.compile(r"[0-9]{8,30}")


def account_number(text: str) -> str:
    """Return the number of a bank account as it is kept, without spaces. Raises RemittanceRefused."""
    plain = text.replace(" ", "")
    if not NUMBER.fullmatch(plain):
        raise RemittanceRefused(_("请填写户名、开户行和 8 到 30 位数字的账号"))
    return plain


def set_account(
    *, supplier: Supplier, holder: str, bank_name: str, number: str, by: Any, at: datetime
) -> SupplierAccount:
    """Say where the supplier is paid from now on; it rests before money goes there. Raises RemittanceRefused."""
    plain = account_number(number)
    if not holder.strip() or not bank_name.strip():
        raise RemittanceRefused(_("请填写户名、开户行和 8 到 30 位数字的账号"))
    with transaction.atomic():
        Supplier.objects.select_for_update(no_key=True).get(pk=supplier.pk)
        SupplierAccount.objects.filter(supplier=supplier, removed_at=None).update(removed_at=at)
        return SupplierAccount.objects.create(
            supplier=supplier,
            holder=holder.strip(),
            bank_name=bank_name.strip(),
            number_sealed=seal(plain, purpose=ACCOUNT),
            label=f"****{plain[-4:]}",
            added_by=by,
            added_at=at,
        )


def approve_payment(*, statement: Statement, by: Any, at: datetime) -> None:
    """First eyes: what is owed is right, and the account has rested. Raises RemittanceRefused."""
    with transaction.atomic():
        locked = _locked(statement, StatementState.CONFIRMED, by)
        locked.account = _rested(locked, at)
        locked.state, locked.approved_by, locked.approved_at = StatementState.APPROVED, by, at
        locked.sent_back_reason = ""
        locked.save(update_fields=["account", "state", "approved_by", "approved_at", "sent_back_reason"])


def send_back(*, statement: Statement, reason: str, by: Any) -> None:
    """Second eyes say no: the statement waits for the first again. Raises RemittanceRefused."""
    if not reason.strip():
        raise RemittanceRefused(_("请写明退回原因"))
    with transaction.atomic():
        locked = _locked(statement, StatementState.APPROVED, by)
        locked.state, locked.sent_back_reason = StatementState.CONFIRMED, reason.strip()
        locked.account = locked.approved_by = locked.approved_at = None
        locked.save(update_fields=["state", "sent_back_reason", "account", "approved_by", "approved_at"])


def release_payment(*, statement: Statement, bank_reference: str, by: Any, at: datetime) -> None:
    """Second eyes: the transfer was made under `bank_reference`; it is booked. Raises RemittanceRefused.

    The account must be the one that was approved, and still the supplier's; nothing goes out while payouts are stopped.
    """
    if not bank_reference.strip():
        raise RemittanceRefused(_("请填写银行流水号"))
    try:
        with transaction.atomic():
            locked = _locked(statement, StatementState.APPROVED, by)
            if locked.approved_by_id == by.pk:
                raise RemittanceRefused(_("你初审了这张对账单，须由另一位同事复核"))
            if payouts_stopped():
                raise RemittanceRefused(_("打款已暂停，恢复后再付"))
            if _rested(locked, at).pk != locked.account_id:
                raise RemittanceRefused(_("初审之后收款账户变了，请退回重新初审"))
            locked.state, locked.released_by, locked.paid_at = StatementState.PAID, by, at
            locked.bank_reference = bank_reference.strip()
            locked.save(update_fields=["state", "released_by", "paid_at", "bank_reference"])
            lines = (
                Line(AccountKind.SUPPLIER_PAYABLE, locked.supplier_id, locked.payable_fen),
                Line(AccountKind.CASH, BANK_HOLDER, -locked.payable_fen),
            )
            post_entry(Entry(PAYOUT, locked.number, at, lines, locked.bank_reference))
    except IntegrityError as error:
        raise RemittanceRefused(_("这个银行流水号已经用在另一张对账单上")) from error


def add_invoice(
    *, statement: Statement, number: str, amount_fen: int, photo: str, by: Any, at: datetime
) -> StatementInvoice:
    """Keep the supplier's invoice for a statement. `photo` names a private file. Raises RemittanceRefused."""
    if amount_fen < 1:
        raise RemittanceRefused(_("发票金额须大于 0"))
    try:
        with transaction.atomic():
            return StatementInvoice.objects.create(
                statement=statement, number=number, amount_fen=amount_fen, photo=photo, uploaded_by=by, uploaded_at=at
            )
    except IntegrityError as error:
        raise RemittanceRefused(_("这个发票号码已经上传过了")) from error


def _locked(statement: Statement, state: StatementState, by: Any) -> Statement:
    locked = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if locked.state != state:
        raise RemittanceRefused(_("这张对账单的状态已经变了，请刷新"))
    seat = getattr(by, "supplier_seat", None)
    if seat is not None and seat.supplier_id == locked.supplier_id:
        raise RemittanceRefused(_("你是这家供应商的人，须由别的同事处理"))
    return locked


def _rested(statement: Statement, at: datetime) -> SupplierAccount:
    account = SupplierAccount.objects.filter(supplier=statement.supplier_id, removed_at=None).first()
    if account is None:
        raise RemittanceRefused(_("供应商还没有填写收款账户"))
    if at < account.rests_until:
        raise RemittanceRefused(_("收款账户刚换过，72 小时后才能打款"))
    return account
