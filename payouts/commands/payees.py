"""Who is paid and where to. The page has asked for a code by SMS before any of this (`CodePurpose.PAYOUT`)."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mall.core.names import masked_name
from mall.core.sealing import fingerprint, seal, unseal
from members.models import Member, WechatIdentity
from payouts import rules
from payouts.models import AccountKind, Payee, PayeeCorrection, PayoutAccount, Withdrawal
from payouts.models.payee import ACCOUNT, ID_NUMBER, NAME, mask_detail

from .refusals import AccountRefused


def register_payee(*, member: Member, name: str, id_number: str, at: datetime) -> Payee:
    """Keep a member's real name and identity number; a repeat with the same ones changes nothing.

    Raises AccountRefused where they cannot be, where the number is another member's, and where something was already
    paid under another name: tax was withheld for that person. A changed name lets accounts rest anew.
    """
    name, number = _names(name, id_number, at)
    number_hash = fingerprint(number, purpose=ID_NUMBER)
    with transaction.atomic():
        _lock(member)
        current = Payee.objects.filter(member=member, is_current=True).first()
        if current is not None:
            if current.id_hash == number_hash and current.name == name:
                return current
            if current.used:
                raise AccountRefused("name_used", _("已用这个实名提过现，不能自己修改。确需更正请联系客服"))
        return _register(member, name, number, at)


def correct_payee(
    *, member: Member, name: str, id_number: str, reason: str, evidence: str, by: Member, at: datetime
) -> Payee:
    """Put a right name in the place of one that was used already, on evidence that an operator has seen; without an
    identity number the one that is registered stays. What was paid keeps the name that it was paid under.

    Accounts rest anew. Raises AccountRefused: for the own name, without a reason or evidence, while a withdrawal is
    under way, where nothing would change, and as `register_payee` does.
    """
    reason, evidence = reason.strip(), evidence.strip()
    if by.pk == member.pk:
        raise AccountRefused("own", _("不能更正自己的实名"))
    if not reason or not evidence:
        raise AccountRefused("no_reason", _("请写明原因和依据"))
    with transaction.atomic():
        _lock(member)
        before = Payee.objects.filter(member=member, is_current=True).first()
        if before is None:
            raise AccountRefused("no_name", _("这位会员还没有实名登记"))
        if not before.used:
            raise AccountRefused("not_used", _("这个实名还没有用于提现，会员可以自己修改"))
        name, number = _names(name, id_number or unseal(before.id_sealed, purpose=ID_NUMBER), at)
        if name == before.name and fingerprint(number, purpose=ID_NUMBER) == before.id_hash:
            raise AccountRefused("same", _("和现在登记的一样，没有要更正的"))
        if Withdrawal.objects.filter(member=member).exclude(state__in=rules.ENDED_STATES).exists():
            raise AccountRefused("in_use", _("有一笔提现正在处理，到账或退回后再更正"))
        after = _register(member, name, number, at)
        PayeeCorrection.objects.create(
            before=before,
            after=after,
            member=member,
            reason=reason,
            evidence=evidence,
            corrected_by=by,
            corrected_at=at,
        )
    return after


def _register(member: Member, name: str, number: str, at: datetime) -> Payee:
    """Write the name that counts from now on. The member is locked."""
    number_hash = fingerprint(number, purpose=ID_NUMBER)
    if Payee.objects.filter(id_hash=number_hash, is_current=True).exclude(member=member).exists():
        raise AccountRefused("id_taken", _("这个身份证号已登记在另一个账号上。如非你本人登记，请联系客服"))
    Payee.objects.filter(member=member, is_current=True).update(is_current=False)
    return Payee.objects.create(
        member=member,
        name_sealed=seal(name, purpose=NAME),
        masked_name=masked_name(name),
        id_sealed=seal(number, purpose=ID_NUMBER),
        id_hash=number_hash,
        id_tail=number[-4:],
        registered_at=at,
    )


def add_account(*, member: Member, kind: str, detail: str = "", bank_name: str = "", at: datetime) -> PayoutAccount:
    """Keep where a member is paid; one of the same kind that was there goes. WeChat takes no `detail`: it is the
    WeChat identity that is bound to the member.

    Raises AccountRefused. No withdrawal can be asked for during the rest that begins now (`rules.REST`).
    """
    account = _account(member, kind, detail, bank_name, at)
    with transaction.atomic():
        _lock(member)
        if not Payee.objects.filter(member=member, is_current=True).exists():
            raise AccountRefused("no_name", _("请先完成实名登记"))
        same = PayoutAccount.objects.filter(
            member=member, kind=kind, removed_at=None, fingerprint=account.fingerprint, bank_name=account.bank_name
        ).first()
        if same is not None:
            return same
        PayoutAccount.objects.filter(member=member, kind=kind, removed_at=None).update(removed_at=at)
        account.save()
    return account


def remove_account(*, member: Member, account_id: int, at: datetime) -> PayoutAccount:
    """Pay nothing to an account any more. Raises AccountRefused where it is not the member's own, or where a withdrawal
    to it is under way."""
    with transaction.atomic():
        _lock(member)
        account = PayoutAccount.objects.filter(pk=account_id, member=member, removed_at=None).first()
        if account is None:
            raise AccountRefused("unknown", _("没有这个收款账户"))
        if Withdrawal.objects.filter(account=account).exclude(state__in=rules.ENDED_STATES).exists():
            raise AccountRefused("in_use", _("有一笔提现正打往这个账户，到账后再移除"))
        account.removed_at = at
        account.save(update_fields=["removed_at"])
    return account


def _lock(member: Member) -> None:
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)


def _names(name: str, id_number: str, at: datetime) -> tuple[str, str]:
    on = timezone.localtime(at).date()
    return (
        _normal(lambda: rules.normal_name(name), "name", _("请填写身份证上的姓名，不含数字和符号")),
        _normal(
            lambda: rules.normal_id_number(id_number, on=on), "id_number", _("身份证号不对，请核对 18 位号码和校验位")
        ),
    )


def _account(member: Member, kind: str, detail: str, bank_name: str, at: datetime) -> PayoutAccount:
    """Return an account that is not written yet."""
    account = PayoutAccount(member=member, kind=kind, added_at=at)
    if kind == AccountKind.WECHAT:
        identity = WechatIdentity.objects.filter(member=member, app_id=settings.WECHAT_APP_ID).first()
        if identity is None or not settings.WECHAT_APP_ID:
            raise AccountRefused("no_wechat", _("请先在“账号与安全”里绑定微信"))
        account.openid = identity.openid
        account.label = masked_name(identity.nickname) if identity.nickname else f"…{identity.openid[-4:]}"
        account.fingerprint = fingerprint(identity.openid, purpose=ACCOUNT)
        return account
    if kind == AccountKind.BANK:
        account.bank_name = _normal(lambda: rules.normal_bank_name(bank_name), "bank", _("请填写开户银行的名称"))
        detail = _normal(lambda: rules.normal_card(detail), "card", _("银行卡号不对，请核对"))
    elif kind == AccountKind.ALIPAY:
        detail = _normal(lambda: rules.normal_alipay(detail), "alipay", _("请填写支付宝登录用的手机号或邮箱"))
    else:
        raise AccountRefused("unknown", _("没有这种收款方式"))
    account.detail_sealed = seal(detail, purpose=ACCOUNT)
    account.label = mask_detail(kind, detail)
    account.fingerprint = fingerprint(detail, purpose=ACCOUNT)
    return account


def _normal(read: Callable[[], str], code: str, words: str) -> str:
    try:
        return read()
    except ValueError as error:
        raise AccountRefused(code, words) from error
