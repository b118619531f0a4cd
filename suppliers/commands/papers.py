"""Papers of suppliers: submitted, decided by operators, warned about, and run out.

What lets goods be sold is a paper that was approved and has not lapsed. `check_papers` marks what ran out, every hour,
and takes what can be sold with it alone off the shelf.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mall.core.events import publish
from mall.core.ids import SHANGHAI
from mall.core.seats import Role
from mall.core.text import clean_line
from suppliers.events import PaperNews, PaperTurn
from suppliers.models import (
    Category,
    PaperState,
    Permit,
    PermitLapse,
    Product,
    Qualification,
    QualificationKind,
    Supplier,
    SupplierUser,
)
from suppliers.queries.papers import goods_without_permit
from suppliers.rules import papers as rules
from suppliers.rules.papers import plain_number as plain_number

from .catalogue import publish_product

TITLE_MAX = 40
REASON_MAX = 200
# So many goods are named to whom they belong to; the page has them all.
NAMED_MAX = 5


class PaperRefused(Exception):
    """A paper is not taken or cannot be decided. The text is for people; nothing was changed."""


def paper_problem(*, kind: str, number: str, valid_until: date | None, today: date) -> tuple[str, str] | None:
    """Return what is wrong with a paper as it was filled in: the field, and words for people; None where nothing is."""
    if not rules.is_number_of(kind, number):
        return "number", _number_words(kind)
    if kind in rules.PERMITS and valid_until is None:
        return "valid_until", _("请填写许可证的有效期")
    if valid_until is not None and valid_until < today:
        return "valid_until", _("这张证已经过期，请上传有效的")
    return None


def submit_paper(
    *,
    supplier: Supplier,
    kind: str,
    title: str,
    number: str,
    picture: str,
    valid_until: date | None,
    product: Product | None = None,
    replaces: Qualification | None = None,
    by: Any,
    at: datetime,
) -> Qualification:
    """Hand a paper to the operators; `picture` names a private file. One that `replaces` another is of its kind and for
    its product, and takes the place of a successor that waits. Raises PaperRefused."""
    if replaces is not None:
        kind, product = replaces.kind, replaces.product
    kept = plain_number(number)
    problem = paper_problem(kind=kind, number=kept, valid_until=valid_until, today=at.astimezone(SHANGHAI).date())
    if problem is not None:
        raise PaperRefused(problem[1])
    if not picture:
        raise PaperRefused(_("请传一张图片或一份 PDF"))
    with transaction.atomic():
        locked_papers(supplier.pk)
        if product is not None and product.supplier_id != supplier.pk:
            raise PaperRefused(_("这件商品不是你们的"))
        if replaces is not None:
            known = Qualification.objects.filter(pk=replaces.pk, supplier=supplier, state=PaperState.APPROVED)
            if not known.exists():
                raise PaperRefused(_("这张证已经换过了，请刷新页面"))
            Qualification.objects.filter(replaces=replaces, state=PaperState.WAITING).update(state=PaperState.WITHDRAWN)
        return Qualification.objects.create(
            supplier=supplier,
            product=product,
            kind=kind,
            title=_line(title, TITLE_MAX) or str(QualificationKind(kind).label),
            number=kept,
            picture=picture,
            valid_until=valid_until,
            state=PaperState.WAITING,
            replaces=replaces,
            submitted_by=by,
            submitted_at=at,
        )


def approve_paper(*, paper: Qualification, by: Any, at: datetime) -> Qualification:
    """Let a paper count from now on; the one that it replaces counts no more. Raises PaperRefused."""
    with transaction.atomic():
        locked = _waiting(paper, by)
        if rules.expiry_of(locked.valid_until, at.astimezone(SHANGHAI).date()) == rules.EXPIRED:
            raise PaperRefused(_("这张证在等待审核时过期了，请退回"))
        if locked.replaces_id is not None:
            before = Qualification.objects.filter(pk=locked.replaces_id, state=PaperState.APPROVED)
            before.update(state=PaperState.REPLACED)
        _decide(locked, PaperState.APPROVED, "", by, at)
    return locked


def reject_paper(*, paper: Qualification, reason: str, by: Any, at: datetime) -> Qualification:
    """Send a paper back; its supplier reads the reason as it is written here. Raises PaperRefused."""
    words = _line(reason, REASON_MAX)
    if not words:
        raise PaperRefused(_("请写明原因，200 字以内"))
    with transaction.atomic():
        locked = _waiting(paper, by)
        _decide(locked, PaperState.REJECTED, words, by, at)
    return locked


def set_category_permit(*, category: Category, permit: str) -> None:
    """Say which permit the goods of a category, and of those below it, are sold with; none for an empty text. What is
    on the shelf without it stays there for two weeks (`watch_permits`). Raises PaperRefused."""
    if permit and permit not in Permit.values:
        raise PaperRefused(_("没有这种许可证"))
    Category.objects.filter(pk=category.pk).update(permit=permit)


def check_papers(*, at: datetime) -> int:
    """Warn of papers that run out within 30 days, mark those that ran out, and take off the shelf what was sold with
    such a permit alone; whoever owns them is told each time. Returns how many goods left the shelf; a repeat does
    nothing more."""
    today = at.astimezone(SHANGHAI).date()
    ends = Qualification.objects.filter(state=PaperState.APPROVED, valid_until__isnull=False)
    soon = ends.filter(warned_at=None, lapsed_at=None, valid_until__gte=today)
    soon = soon.filter(valid_until__lte=today + timedelta(days=rules.SOON_DAYS))
    for paper in soon.order_by("pk"):
        _warn(paper, at)
    lapsed = ends.filter(lapsed_at=None, valid_until__lt=today)
    for paper in lapsed.order_by("pk"):
        _lapse(paper, at)
    # Whatever lapsed at any time: what came back to the shelf in the same moment is found an hour later.
    permits = ends.filter(lapsed_at__isnull=False, kind__in=rules.PERMITS).select_related("supplier")
    return sum(_clear_shelf(paper, at) for paper in permits.order_by("pk"))


def _warn(paper: Qualification, at: datetime) -> None:
    with transaction.atomic():
        if Qualification.objects.filter(pk=paper.pk, warned_at=None).update(warned_at=at):
            _tell(paper, PaperTurn.SOON, at)


def _lapse(paper: Qualification, at: datetime) -> None:
    with transaction.atomic():
        locked_papers(paper.supplier_id)
        still = Qualification.objects.filter(pk=paper.pk, state=PaperState.APPROVED, lapsed_at=None)
        if still.update(lapsed_at=at):
            _tell(paper, PaperTurn.EXPIRED, at)


def _clear_shelf(paper: Qualification, at: datetime) -> int:
    """Take off the shelf what nothing but this lapsed permit covered."""
    with transaction.atomic():
        locked_papers(paper.supplier_id)
        goods = list(goods_without_permit(paper=paper))
        for product in goods:
            publish_product(product=product, is_published=False)
        PermitLapse.objects.bulk_create(
            [PermitLapse(product=product, paper=paper, at=at) for product in goods], ignore_conflicts=True
        )
        if goods:
            _tell(paper, PaperTurn.OFF_SHELF, at, goods=[product.name for product in goods])
    return len(goods)


def _decide(paper: Qualification, state: str, reason: str, by: Any, at: datetime) -> None:
    paper.state, paper.reason, paper.decided_by, paper.decided_at = state, reason, by, at
    paper.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    _tell(paper, PaperTurn.APPROVED if state == PaperState.APPROVED else PaperTurn.REJECTED, at)


def _waiting(paper: Qualification, by: Any) -> Qualification:
    locked_papers(paper.supplier_id)
    found = Qualification.objects.filter(pk=paper.pk, state=PaperState.WAITING).first()
    if found is None:
        raise PaperRefused(_("这张证已经处理过，请刷新页面"))
    if SupplierUser.objects.filter(supplier=paper.supplier_id, member=by).exists():
        raise PaperRefused(_("你是这家供应商的人，须由别的同事处理"))
    return found


def locked_papers(supplier_id: int) -> None:
    """Papers of a supplier are decided one after the other, and not while the shelf is cleared. For a transaction."""
    Supplier.objects.select_for_update(no_key=True).get(pk=supplier_id)


def _tell(paper: Qualification, turn: PaperTurn, at: datetime, *, goods: Sequence[str] = ()) -> None:
    """Tell the owners."""
    publish(
        PaperNews(
            paper_id=paper.pk,
            turn=turn,
            title=paper.title,
            valid_until=paper.valid_until,
            reason=paper.reason,
            goods=tuple(goods[:NAMED_MAX]),
            goods_count=len(goods),
            member_ids=owners_of(paper.supplier_id),
            at=at,
        )
    )


def owners_of(supplier_id: int) -> tuple[int, ...]:
    """Return the members who own a supplier."""
    seats: Iterable[int] = SupplierUser.objects.filter(
        supplier=supplier_id, role=Role.OWNER.value, is_active=True
    ).values_list("member", flat=True)
    return tuple(seats)


def _line(text: str, length_max: int) -> str:
    try:
        return clean_line(text, length_max)
    except ValueError as error:
        raise PaperRefused(_("最多 %(count)d 个字") % {"count": length_max}) from error


def _number_words(kind: str) -> str:
    words = {
        rules.BUSINESS: _("统一社会信用代码不对，请按营业执照填 18 位"),
        rules.FOOD: _("食品经营许可证编号是 JY 加 14 位数字"),
        rules.PRODUCTION: _("生产许可证编号是 SC 加 14 位数字"),
        rules.COSMETIC: _("化妆品生产许可证编号像“粤妆20260001”"),
    }
    return words[kind]
