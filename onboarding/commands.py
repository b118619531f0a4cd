"""What can be done to applications: filled in by their applicant, decided by operators. Time is an argument.

Every command locks the application first; approval makes the supplier, its owner's seat, its bank account and its
papers in the same transaction, and so exactly once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mall.core.events import publish
from mall.core.ids import SHANGHAI, numbered, random_code
from mall.core.photos import drop_photos
from mall.core.sealing import seal, unseal
from mall.core.seats import Role
from mall.core.text import clean_line
from members.commands import record_consent
from members.models import Consent, ConsentKind, Member
from members.queries import newest_consents
from onboarding import rules
from onboarding.events import ApplicationDecided
from onboarding.models import ACCOUNT, Application, ApplicationPaper, ApplicationStep, Stage, Step, StepState
from remittance.commands import RemittanceRefused, account_number, set_account
from suppliers.commands import add_qualification, open_supplier, paper_problem, plain_number, seat_member
from suppliers.models import Category, QualificationKind, Supplier, SupplierUser
from suppliers.queries import categories_by_permit

COMMENT_MAX = 200
CATEGORIES_MAX = 12
PRUNED_AT_ONCE = 500


class OnboardingRefused(Exception):
    """It cannot be done. The text is for people; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Company:
    """What a firm says of itself."""

    shop_name: str
    company_name: str
    licence_number: str
    legal_person: str
    address: str
    contact_name: str
    contact_phone: str


@dataclass(frozen=True, slots=True)
class PaperGiven:
    """A document as it was filled in; without a `picture` the one that is there stays."""

    kind: str
    number: str
    valid_until: date | None
    picture: str = ""


def start_application(*, member: Member, at: datetime) -> Application:
    """Begin an application, or return the one that the member goes on with. Raises OnboardingRefused."""
    with transaction.atomic():
        locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        known = Application.objects.filter(applicant=locked, stage__in=rules.LIVE).first()
        if known is not None:
            return known
        if locked.is_staff:
            raise OnboardingRefused(_("运营人员不能申请供货"))
        if SupplierUser.objects.filter(member=locked).exists():
            raise OnboardingRefused(_("你已经是一家供应商的子账号，一个账号只能加入一家"))
        if not locked.phone:
            raise OnboardingRefused(_("请先绑定手机号，审核结果和登录都用它"))
        application = Application.objects.create(
            number=numbered("RZ", at), applicant=locked, started_at=at, touched_at=at
        )
        ApplicationStep.objects.bulk_create([ApplicationStep(application=application, step=step) for step in Step])
    return application


def save_company(*, application: Application, company: Company, at: datetime) -> None:
    """Fill in the firm. Another name or number asks anew for what was filled in of the old one. Raises
    OnboardingRefused."""
    number = plain_number(company.licence_number)
    problem = paper_problem(kind=QualificationKind.BUSINESS, number=number, valid_until=None, today=_day(at))
    if problem is not None:
        raise OnboardingRefused(problem[1])
    lines = {
        "shop_name": _line(company.shop_name, 20, _("店铺名称")),
        "company_name": _line(company.company_name, 60, _("公司名称")),
        "legal_person": _line(company.legal_person, 20, _("法定代表人")),
        "address": _line(company.address, 120, _("注册地址")),
        "contact_name": _line(company.contact_name, 20, _("联系人")),
    }
    with transaction.atomic():
        locked, step = _fillable(application, Step.COMPANY)
        _require_free(locked, lines["shop_name"], number)
        is_another_firm = locked.licence_number not in ("", number)
        for name, value in lines.items():
            setattr(locked, name, value)
        locked.licence_number, locked.contact_phone, locked.touched_at = number, company.contact_phone, at
        locked.save(update_fields=[*lines, "licence_number", "contact_phone", "touched_at"])
        locked.papers.filter(kind=QualificationKind.BUSINESS).update(number=number)
        _filled(step, at)
        if is_another_firm:
            _ask_again(locked, Step.PAPERS, _("信用代码改了，请重传营业执照"), at)
        if locked.holder and locked.holder != locked.company_name:
            _ask_again(locked, Step.BANK, _("公司名称改了，请重填同名的账户"), at)


def save_papers(
    *, application: Application, categories: Sequence[Category], papers: Sequence[PaperGiven], at: datetime
) -> None:
    """Say what is to be sold, with the licence and the permits that this asks for. Raises OnboardingRefused."""
    if not categories or len(categories) > CATEGORIES_MAX:
        raise OnboardingRefused(_("请选 1 到 12 个经营类目"))
    wanted = required_papers(categories)
    with transaction.atomic():
        locked, step = _fillable(application, Step.PAPERS)
        if not locked.licence_number:
            raise OnboardingRefused(_("请先填写公司信息"))
        known = {paper.kind: paper for paper in locked.papers.all()}
        given = {paper.kind: paper for paper in papers if paper.kind in wanted}
        for kind in wanted:
            paper = given.get(kind)
            if paper is None or not (paper.picture or kind in known):
                raise OnboardingRefused(_("请上传%s") % QualificationKind(kind).label)
            _keep_paper(locked, paper, known.get(kind), at)
        gone = [paper for kind, paper in known.items() if kind not in wanted]
        _drop(gone)
        ApplicationPaper.objects.filter(pk__in=[paper.pk for paper in gone]).delete()
        locked.categories.set(categories)
        locked.touched_at = at
        locked.save(update_fields=["touched_at"])
        _filled(step, at)


def save_bank(*, application: Application, holder: str, bank_name: str, number: str, at: datetime) -> None:
    """Say where the firm will be paid; the account must be in its name. Raises OnboardingRefused."""
    try:
        plain = account_number(number)
    except RemittanceRefused as refusal:
        raise OnboardingRefused(str(refusal)) from refusal
    name, bank = _line(holder, 60, _("户名")), _line(bank_name, 60, _("开户行"))
    with transaction.atomic():
        locked, step = _fillable(application, Step.BANK)
        if not locked.company_name:
            raise OnboardingRefused(_("请先填写公司信息"))
        if name != locked.company_name:
            raise OnboardingRefused(_("户名要和公司名称一致：%s") % locked.company_name)
        locked.holder, locked.bank_name, locked.touched_at = name, bank, at
        locked.number_sealed, locked.account_label = seal(plain, purpose=ACCOUNT), f"****{plain[-4:]}"
        locked.save(update_fields=["holder", "bank_name", "number_sealed", "account_label", "touched_at"])
        _filled(step, at)


def sign_agreement(*, application: Application, version: int, name: str, at: datetime) -> None:
    """Sign the agreement in the words that were shown, which have to be those in force. Raises OnboardingRefused."""
    signer = _line(name, 20, _("签署人"))
    with transaction.atomic():
        locked, step = _fillable(application, Step.AGREEMENT)
        record_consent(member=locked.applicant, kind=ConsentKind.SUPPLIER, is_given=True, at=at)
        consent: Consent = newest_consents(member=locked.applicant)[ConsentKind.SUPPLIER]
        if consent.text.version != version:
            raise OnboardingRefused(_("协议有了新的版本，请重新阅读再签"))
        locked.consent, locked.signed_name, locked.signed_at, locked.touched_at = consent, signer, at, at
        locked.save(update_fields=["consent", "signed_name", "signed_at", "touched_at"])
        _filled(step, at)


def submit_application(*, application: Application, at: datetime) -> None:
    """Hand an application to the operators, the first time or with what they sent back. A repeat is no mistake. Raises
    OnboardingRefused where a step is missing."""
    with transaction.atomic():
        locked = _locked(application)
        if locked.stage == Stage.WAITING:
            return
        if locked.stage not in (Stage.FILLING, Stage.RETURNED):
            raise OnboardingRefused(_("这份申请已经处理过了"))
        states = dict(locked.steps.values_list("step", "state"))
        if not rules.is_complete(states):
            missing = [Step(step).label for step in rules.STEPS if states.get(step) in (rules.OPEN, rules.SENT_BACK)]
            raise OnboardingRefused(_("还差：%s") % "、".join(str(label) for label in missing))
        locked.stage, locked.submitted_at, locked.touched_at = Stage.WAITING, at, at
        locked.save(update_fields=["stage", "submitted_at", "touched_at"])


def return_application(*, application: Application, reasons: Mapping[str, str], by: Member, at: datetime) -> None:
    """Send steps back, each with its reason; the others are passed. Raises OnboardingRefused."""
    comments = {step: _line(words, COMMENT_MAX, _("审核意见")) for step, words in reasons.items() if words.strip()}
    if not comments or not set(comments) <= set(rules.STEPS):
        raise OnboardingRefused(_("请至少给一个步骤写明要改什么"))
    with transaction.atomic():
        locked = _waiting(application, by)
        locked.steps.exclude(step__in=comments).update(state=StepState.PASSED)
        for step, words in comments.items():
            locked.steps.filter(step=step).update(
                state=StepState.SENT_BACK, comment=words, commented_by=by, commented_at=at
            )
        said = "；".join(f"{Step(step).label}：{comments[step]}" for step in rules.STEPS if step in comments)
        _decide(locked, Stage.RETURNED, said, by, at)


def reject_application(*, application: Application, reason: str, by: Member, at: datetime) -> None:
    """End an application; its applicant reads the reason as it is written here, and may begin anew. Raises
    OnboardingRefused."""
    words = _line(reason, COMMENT_MAX, _("原因"))
    with transaction.atomic():
        locked = _waiting(application, by)
        locked.reason = words
        _decide(locked, Stage.REJECTED, words, by, at)


def approve_application(*, application: Application, by: Member, at: datetime) -> Supplier:
    """Make the supplier, its owner's seat, its bank account and its papers. Raises OnboardingRefused, and then nothing
    of it is there."""
    try:
        with transaction.atomic():
            locked = _waiting(application, by)
            _require_ready(locked, at)
            supplier = open_supplier(
                name=locked.shop_name,
                seal=locked.shop_name[0],
                slug=random_code(10).lower(),
                hue=sha256(locked.licence_number.encode()).digest()[0] * 360 // 256,
            )
            seat_member(supplier=supplier, member=locked.applicant, role=Role.OWNER)
            set_account(
                supplier=supplier,
                holder=locked.holder,
                bank_name=locked.bank_name,
                number=unseal(locked.number_sealed, purpose=ACCOUNT),
                by=locked.applicant,
                at=at,
            )
            for paper in locked.papers.order_by("pk"):
                add_qualification(
                    supplier=supplier,
                    kind=paper.kind,
                    title=str(paper.get_kind_display()),
                    number=paper.number,
                    picture=paper.picture,
                    valid_until=paper.valid_until,
                )
            locked.steps.update(state=StepState.PASSED)
            locked.supplier = supplier
            _decide(locked, Stage.APPROVED, "", by, at)
    except IntegrityError as error:
        raise OnboardingRefused(_("店铺名称或这家公司刚被另一份申请用了，请退回公司信息")) from error
    return supplier


def prune_applications(*, at: datetime) -> int:
    """Forget applications that nobody went on with, and those that were rejected, after half a year, with their
    documents. Returns how many."""
    old = Application.objects.filter(
        stage__in=(Stage.FILLING, Stage.RETURNED, Stage.REJECTED), touched_at__lt=at - timedelta(days=rules.KEPT_DAYS)
    )
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:PRUNED_AT_ONCE])
    with transaction.atomic():
        _drop(list(ApplicationPaper.objects.filter(application__in=keys)))
        Application.objects.filter(pk__in=keys).delete()
    return len(keys)


def required_papers(categories: Sequence[Category]) -> list[str]:
    """Return which documents selling these categories asks for: the licence always, and each category's permits."""
    chosen = {category.pk for category in categories}
    permits = [permit for permit, below in categories_by_permit().items() if below & chosen]
    return [QualificationKind.BUSINESS.value, *sorted(permits)]


def _keep_paper(application: Application, given: PaperGiven, known: ApplicationPaper | None, at: datetime) -> None:
    is_licence = given.kind == QualificationKind.BUSINESS
    number = application.licence_number if is_licence else plain_number(given.number)
    problem = paper_problem(kind=given.kind, number=number, valid_until=given.valid_until, today=_day(at))
    if problem is not None:
        raise OnboardingRefused(problem[1])
    if known is not None and given.picture:
        _drop([known])
    ApplicationPaper.objects.update_or_create(
        application=application,
        kind=given.kind,
        defaults={
            "number": number,
            "valid_until": given.valid_until,
            **({"picture": given.picture, "uploaded_at": at} if given.picture else {}),
        },
    )


def _drop(papers: Sequence[ApplicationPaper]) -> None:
    """Delete the files of documents once what replaces them is committed."""
    names = [paper.picture for paper in papers]
    if names:
        transaction.on_commit(partial(drop_photos, names, private=True), robust=True)


def _require_free(application: Application, shop_name: str, licence_number: str) -> None:
    if Supplier.objects.filter(name=shop_name).exists():
        raise OnboardingRefused(_("店铺名称“%s”已有人用了，请换一个") % shop_name)
    same = Application.objects.filter(licence_number=licence_number, stage=Stage.APPROVED).exclude(pk=application.pk)
    if same.exists():
        raise OnboardingRefused(_("这家公司已经入驻，请联系店长邀请你加入"))


def _require_ready(application: Application, at: datetime) -> None:
    """What was true when it was submitted has to be true now."""
    _require_free(application, application.shop_name, application.licence_number)
    if SupplierUser.objects.filter(member=application.applicant_id).exists():
        raise OnboardingRefused(_("申请人已经是另一家供应商的子账号"))
    if not application.applicant.is_active:
        raise OnboardingRefused(_("申请人的账号已停用"))
    kinds = set()
    for paper in application.papers.all():
        kinds.add(paper.kind)
        problem = paper_problem(kind=paper.kind, number=paper.number, valid_until=paper.valid_until, today=_day(at))
        if problem is not None:
            raise OnboardingRefused(f"{paper.get_kind_display()}：{problem[1]}")
    missing = [kind for kind in required_papers(list(application.categories.all())) if kind not in kinds]
    if missing:
        raise OnboardingRefused(_("类目要求的%s还没有，请退回证照这一步") % QualificationKind(missing[0]).label)


def _decide(application: Application, stage: str, reason: str, by: Member, at: datetime) -> None:
    application.stage, application.decided_by, application.decided_at = stage, by, at
    application.touched_at = at
    application.save(update_fields=["stage", "decided_by", "decided_at", "touched_at", "reason", "supplier"])
    publish(
        ApplicationDecided(
            application_id=application.pk,
            member_id=application.applicant_id,
            number=application.number,
            shop_name=application.shop_name,
            stage=stage,
            reason=reason,
            at=at,
        )
    )


def _locked(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",), no_key=True).select_related("applicant")
    return rows.get(pk=application.pk)


def _waiting(application: Application, by: Member) -> Application:
    locked = _locked(application)
    if locked.stage != Stage.WAITING:
        raise OnboardingRefused(_("这份申请已经处理过，请刷新页面"))
    if locked.applicant_id == by.pk:
        raise OnboardingRefused(_("不能处理自己的申请"))
    return locked


def _fillable(application: Application, step: Step) -> tuple[Application, ApplicationStep]:
    locked = _locked(application)
    found = locked.steps.get(step=step)
    if not rules.can_fill(locked.stage, found.state):
        raise OnboardingRefused(_("这一步现在不能改，审核有意见时会请你修改"))
    return locked, found


def _filled(step: ApplicationStep, at: datetime) -> None:
    step.state, step.filled_at = StepState.FILLED, at
    step.save(update_fields=["state", "filled_at"])


def _ask_again(application: Application, step: Step, why: str, at: datetime) -> None:
    """What was filled in before no longer fits."""
    before = application.steps.filter(step=step).exclude(state=StepState.OPEN)
    before.update(state=StepState.SENT_BACK, comment=why, commented_by=None, commented_at=at)


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _line(text: str, length_max: int, what: str) -> str:
    try:
        line = clean_line(text, length_max)
    except ValueError as error:
        raise OnboardingRefused(_("%(what)s最多 %(count)d 个字") % {"what": what, "count": length_max}) from error
    if not line:
        raise OnboardingRefused(_("请填写%s") % what)
    return line
