"""Plans: drafted by one person, published by another (`docs/adr/0014`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linkage.digests import params_digest
from linkage.models import Acknowledgement, LinkageEvent, PlanVersion, RunState, SimulationRun
from linkage.rules.compliance import TEXT_VERSION
from linkage.rules.plan import check_plan, parse_plan, worst_case_fen
from members.models import Member
from suppliers.commands import set_gift_pack_terms

DRAFT, PUBLISH = "linkage.draft_plan", "linkage.publish_plan"
REASON_MAX = 200


class PlanRejected(Exception):
    """This cannot be done to the plan; the message says why."""


def draft_plan(*, name: str, params: dict[str, Any] | None, by: Member) -> PlanVersion:
    """Write a new version as a draft. `params` none means: 2+1 off. Raises PlanError where they are malformed,
    PlanRefused where the worst case pays out too much, and PlanRejected for whoever may not draft."""
    _need(by, DRAFT)
    _check(params)
    with transaction.atomic():
        _lock_plans()
        return PlanVersion.objects.create(version=_next_version(), name=name, params=params, created_by=by)


def edit_plan(*, version: int, name: str, params: dict[str, Any], by: Member, at: datetime) -> PlanVersion:
    """Change a draft: by its author alone, and not while it waits for a second person. What was simulated and
    acknowledged before holds no longer. Raises as `draft_plan` does."""
    _need(by, DRAFT)
    _check(params)
    with transaction.atomic():
        draft = _own_draft(version, by)
        if not draft.is_draft:
            raise PlanRejected(_("已提交复核，不能修改；请先取回"))
        draft.name = name
        draft.params = params
        draft.edited_at = at
        draft.save(update_fields=["name", "params", "edited_at"])
        return draft


def acknowledge_compliance(
    *, version: int, text_version: str, findings: Sequence[str] = (), by: Member, at: datetime
) -> Acknowledgement:
    """Write down that somebody read the compliance page with this draft at hand. Raises PlanRejected where the page has
    another wording by now, or the version is no draft."""
    _need(by, DRAFT)
    if text_version != TEXT_VERSION:
        raise PlanRejected(_("合规说明已经更新，请重新阅读后确认"))
    with transaction.atomic():
        draft = _locked(version)
        if draft.published_at is not None or draft.params is None:
            raise PlanRejected(_("只有含奖励的草稿需要确认"))
        return Acknowledgement.objects.create(
            plan=draft,
            digest=params_digest(draft.params),
            text_version=text_version,
            findings=list(findings),
            read_by=by,
            at=at,
        )


def submit_plan(*, version: int, by: Member, at: datetime) -> PlanVersion:
    """Hand a draft to a second person. Raises PlanRejected unless its author does it, a simulation of exactly these
    params was finished after the last edit, and the author acknowledged the compliance page in its present wording for
    them. A version that switches 2+1 off pays nothing, and needs neither."""
    _need(by, DRAFT)
    with transaction.atomic():
        draft = _own_draft(version, by)
        if not draft.is_draft:
            raise PlanRejected(_("已提交复核"))
        if draft.params is not None:
            draft.simulation = _simulation_of(draft)
            if draft.simulation is None:
                raise PlanRejected(_("请先对现在的参数试算一次，改动之前的试算不算数"))
            draft.acknowledgement = _acknowledgement_of(draft)
            if draft.acknowledgement is None:
                raise PlanRejected(_("请先阅读并确认合规页，改动之前的确认不算数"))
        draft.submitted_at = at
        draft.returned_by = draft.returned_at = None
        draft.return_reason = ""
        draft.save(
            update_fields=[
                *("simulation", "acknowledgement", "submitted_at"),
                *("returned_by", "returned_at", "return_reason"),
            ]
        )
        return draft


def recall_plan(*, version: int, by: Member) -> PlanVersion:
    """Take a submitted draft back, to edit it. Raises PlanRejected."""
    with transaction.atomic():
        draft = _own_draft(version, by)
        if not draft.waits_for_checking:
            raise PlanRejected(_("这份草稿没有在等复核"))
        _reopen(draft)
        return draft


def return_plan(*, version: int, reason: str, by: Member, at: datetime) -> PlanVersion:
    """Give a submitted draft back to its author, with a reason. Raises PlanRejected."""
    _need(by, PUBLISH)
    words = " ".join(reason.split())[:REASON_MAX]
    if not words:
        raise PlanRejected(_("请填写退回原因"))
    with transaction.atomic():
        draft = _locked(version)
        if not draft.waits_for_checking:
            raise PlanRejected(_("这份草稿没有在等复核"))
        if draft.created_by_id == by.pk:
            raise PlanRejected(_("这是你起草的方案，可以直接取回"))
        draft.returned_by, draft.returned_at, draft.return_reason = by, at, words
        _reopen(draft)
        return draft


def publish_plan(*, version: int, starts_at: datetime, by: Member, at: datetime) -> PlanVersion:
    """Publish a submitted draft, in force from `starts_at` (not before `at`): gift packs are sold on its terms from
    then on.

    Raises PlanRejected for its author and whoever may not publish, where it was published before or not submitted,
    where what was simulated or acknowledged is not what would be published, and where it starts in the past or before
    another published version. A gift pack whose supply price and the worst case together exceed its price is not for
    sale under it.
    """
    _need(by, PUBLISH)
    with transaction.atomic():
        _lock_plans()
        draft = _locked(version)
        if draft.published_at is not None:
            raise PlanRejected(_("这个版本已经发布"))
        if draft.submitted_at is None:
            raise PlanRejected(_("这份草稿还没有提交复核"))
        if draft.created_by_id == by.pk:
            raise PlanRejected(_("不能发布自己起草的方案，须由另一位同事发布"))
        _check_evidence(draft)
        return _put_in_force(draft, starts_at, by, at)


def adopt_plan(*, name: str, params: dict[str, Any], starts_at: datetime, at: datetime) -> PlanVersion:
    """Write down the plan under which another mall's history was made, for the import of that history. It pays out only
    what was earned there; only an empty mall, without plan and event, takes one. Raises PlanRejected otherwise."""
    _check(params)
    with transaction.atomic():
        _lock_plans()
        if PlanVersion.objects.exists() or LinkageEvent.objects.exists():
            raise PlanRejected(_("只有还没有方案和事件的新商城才能导入历史方案"))
        version = PlanVersion.objects.create(version=_next_version(), name=name, params=params, imported=True)
        return _put_in_force(version, starts_at, None, at)


def _put_in_force(draft: PlanVersion, starts_at: datetime, by: Member | None, at: datetime) -> PlanVersion:
    if starts_at < at:
        raise PlanRejected(_("生效时间不能早于现在"))
    later = (
        PlanVersion.objects.filter(published_at__isnull=False, starts_at__gte=starts_at).order_by("-starts_at").first()
    )
    if later is not None:
        raise PlanRejected(_("已有更晚生效的版本 v%(version)s") % {"version": later.version})
    plan = draft.plan
    if plan is None:
        set_gift_pack_terms(
            starts_at=starts_at, price_fen=None, worst_case_fen=0, cooling_off_days=7, plan_version=draft.version
        )
    else:
        check_plan(plan)
        set_gift_pack_terms(
            starts_at=starts_at,
            price_fen=plan.pack_price_fen,
            worst_case_fen=worst_case_fen(plan),
            cooling_off_days=plan.cooling_off_days,
            plan_version=draft.version,
        )
    draft.starts_at = starts_at
    draft.published_at = at
    draft.published_by = by
    draft.save(update_fields=["starts_at", "published_at", "published_by"])
    return draft


def _check_evidence(draft: PlanVersion) -> None:
    """Look again at what was handed in: it is exactly this plan, and the wording is still the present one."""
    if draft.params is None:
        return
    digest = params_digest(draft.params)
    run, read = draft.simulation, draft.acknowledgement
    if run is None or run.state != RunState.DONE or run.digest != digest:
        raise PlanRejected(_("提交时的试算不是这份参数的，请退回重新试算"))
    if read is None or read.digest != digest or read.text_version != TEXT_VERSION:
        raise PlanRejected(_("合规说明已经更新，请退回重新确认"))


def _simulation_of(draft: PlanVersion) -> SimulationRun | None:
    runs = SimulationRun.objects.filter(state=RunState.DONE, digest=params_digest(draft.params or {}))
    if draft.edited_at is not None:
        runs = runs.filter(asked_at__gte=draft.edited_at)
    return runs.order_by("-id").first()


def _acknowledgement_of(draft: PlanVersion) -> Acknowledgement | None:
    read = Acknowledgement.objects.filter(
        plan=draft, digest=params_digest(draft.params or {}), text_version=TEXT_VERSION, read_by=draft.created_by
    )
    if draft.edited_at is not None:
        read = read.filter(at__gte=draft.edited_at)
    return read.order_by("-id").first()


def _reopen(draft: PlanVersion) -> None:
    draft.submitted_at = draft.simulation = draft.acknowledgement = None
    draft.save(
        update_fields=[
            *("submitted_at", "simulation", "acknowledgement"),
            *("returned_by", "returned_at", "return_reason"),
        ]
    )


def _check(params: dict[str, Any] | None) -> None:
    if params is not None:
        plan, _terms = parse_plan(params)
        check_plan(plan)


def _need(by: Member, right: str) -> None:
    if not (by.is_active and by.has_perm(right)):
        raise PlanRejected(_("你没有起草方案的权限") if right == DRAFT else _("你没有发布方案的权限"))


def _locked(version: int) -> PlanVersion:
    found = PlanVersion.objects.select_for_update().filter(version=version).first()
    if found is None:
        raise PlanRejected(_("没有这个版本"))
    return found


def _own_draft(version: int, by: Member) -> PlanVersion:
    """Return a version that is not published, locked, of somebody who is its author."""
    draft = _locked(version)
    if draft.published_at is not None:
        raise PlanRejected(_("这个版本已经发布"))
    if draft.created_by_id != by.pk:
        raise PlanRejected(_("只有起草人能这样做；请起草一个新版本"))
    return draft


def _lock_plans() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('linkage.plan'))")


def _next_version() -> int:
    last = PlanVersion.objects.order_by("-version").values_list("version", flat=True).first() or 0
    return last + 1
