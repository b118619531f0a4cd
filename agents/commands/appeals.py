"""Appeals: opened by members, decided by operators. No command here moves money: where an appeal is right, whoever
decided goes to the page that does (a grant, a settlement) and says so in the reason."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agents import rules
from agents.events import AppealAnswered
from agents.models import Appeal, AppealPhoto, AppealPost, AppealState, Doubt, Outcome, Speaker
from agents.queries.appeals import AppealSubject
from mall.core.events import publish
from mall.core.ids import numbered
from mall.core.photos import Photo, kept_photos
from mall.core.text import clean_text
from members.models import Member

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
AGAIN_SECONDS = 60


class AppealRefused(Exception):
    """What cannot be done with an appeal now. The text is for whoever asked."""


class _AlreadyOpen(Exception):
    """The same form came twice at once; what was sent with it is dropped."""

    def __init__(self, appeal: Appeal) -> None:
        super().__init__(appeal.number)
        self.appeal = appeal


def open_appeal(
    *,
    member: Member,
    subject: AppealSubject,
    doubt: Doubt,
    text: str,
    photos: Sequence[Photo] = (),
    idempotency_key: str,
    at: datetime,
) -> Appeal:
    """Doubt one of the own earnings or withdrawals; the same key again returns the same appeal.

    `subject` was found for this member (`queries.appeal_subject`). Raises AppealRefused where an appeal about it is
    open or was decided a short while ago, without words, or for too many in a day.
    """
    words = _words(text)
    known = Appeal.objects.filter(member=member, idempotency_key=idempotency_key).first()
    if known is not None:
        return known
    try:
        return _open(member, subject, doubt, words, photos, idempotency_key, at)
    except _AlreadyOpen as again:
        return again.appeal


def _open(
    member: Member,
    subject: AppealSubject,
    doubt: Doubt,
    words: str,
    photos: Sequence[Photo],
    idempotency_key: str,
    at: datetime,
) -> Appeal:
    with kept_photos(_at_most(photos), folder="appeals", at=at, private=True) as names, transaction.atomic():
        _lock_member(member)
        known = Appeal.objects.filter(member=member, idempotency_key=idempotency_key).first()
        if known is not None:
            raise _AlreadyOpen(known)
        _check_subject(member, subject, at)
        if Appeal.objects.filter(member=member, opened_at__gt=at - DAY).count() >= rules.APPEALS_A_DAY_MAX:
            raise AppealRefused(_("今天提交的申诉太多了，请明天再来"))
        _check_pace(member, at)
        appeal = Appeal.objects.create(
            number=numbered("SS", at),
            member=member,
            subject=subject.kind,
            subject_id=subject.id,
            label=subject.label[:80],
            doubt=doubt,
            opened_at=at,
            due_at=rules.after_working_days(at, rules.ANSWER_WORKING_DAYS),
            last_at=at,
            idempotency_key=idempotency_key,
        )
        _post(appeal, Speaker.MEMBER, member, words, at, photos=list(zip(names, photos, strict=True)))
    return appeal


def write_in_appeal(
    *, appeal: Appeal, member: Member, text: str, photos: Sequence[Photo] = (), at: datetime
) -> AppealPost:
    """Add something to one's own open appeal. The same words again within a minute return what was written."""
    words = _words(text)
    with kept_photos(_at_most(photos), folder="appeals", at=at, private=True) as names, transaction.atomic():
        _lock_member(member)
        locked = _own(appeal, member)
        if locked.state != AppealState.OPEN:
            raise AppealRefused(_("这条申诉已经答复，请先再次申诉"))
        last = locked.posts.filter(speaker=Speaker.MEMBER).order_by("-at", "-id").first()
        if last is not None and last.text == words and not photos and at - last.at < timedelta(seconds=AGAIN_SECONDS):
            return last
        _check_pace(member, at)
        locked.last_at = at
        locked.save(update_fields=["last_at"])
        return _post(locked, Speaker.MEMBER, member, words, at, photos=list(zip(names, photos, strict=True)))


def reopen_appeal(*, appeal: Appeal, member: Member, text: str, at: datetime) -> Appeal:
    """Doubt the decision, once and within a week: a new deadline begins, and somebody else decides."""
    words = _words(text)
    with transaction.atomic():
        _lock_member(member)
        locked = _own(appeal, member)
        if locked.state != AppealState.DECIDED or locked.decided_at is None:
            raise AppealRefused(_("这条申诉还在处理中"))
        if locked.reopened_at is not None:
            raise AppealRefused(_("每条申诉只能再申诉一次"))
        if at - locked.decided_at > timedelta(days=rules.REOPEN_DAYS):
            raise AppealRefused(_("答复已经超过 7 天，不能再申诉"))
        locked.state, locked.outcome, locked.decided_at = AppealState.OPEN, "", None
        locked.reopened_at, locked.last_at, locked.assignee = at, at, None
        locked.due_at = rules.after_working_days(at, rules.ANSWER_WORKING_DAYS)
        locked.save(update_fields=["state", "outcome", "decided_at", "reopened_at", "last_at", "assignee", "due_at"])
        _post(locked, Speaker.MEMBER, member, words, at)
    return locked


def answer_appeal(*, appeal: Appeal, by: Member, text: str, at: datetime) -> AppealPost:
    """Ask or tell the member something before it is decided. Who speaks first has the appeal from then on."""
    words = _words(text)
    with transaction.atomic():
        locked = _locked(appeal)
        if locked.state != AppealState.OPEN:
            raise AppealRefused(_("这条申诉已经答复"))
        locked.assignee, locked.last_at = locked.assignee or by, at
        locked.save(update_fields=["assignee", "last_at"])
        post = _post(locked, Speaker.OPERATOR, by, words, at)
        publish(AppealAnswered(locked.member_id, locked.pk, locked.number, post.pk, False, at))
    return post


def note_on_appeal(*, appeal: Appeal, by: Member, text: str, at: datetime) -> AppealPost:
    """Write down what only operators read."""
    with transaction.atomic():
        return _post(_locked(appeal), Speaker.NOTE, by, _words(text), at)


def assign_appeal(*, appeal: Appeal, to: Member | None) -> Appeal:
    """Give an open appeal to an operator, or back to all."""
    with transaction.atomic():
        locked = _locked(appeal)
        if to is not None and not (to.is_active and to.is_staff):
            raise AppealRefused(_("只能交给在职的同事"))
        if locked.state != AppealState.OPEN:
            raise AppealRefused(_("这条申诉已经答复"))
        locked.assignee = to
        locked.save(update_fields=["assignee"])
    return locked


def decide_appeal(*, appeal: Appeal, by: Member, outcome: Outcome, reason: str, at: datetime) -> Appeal:
    """Decide, with a reason that the member reads. An appeal that was opened again is decided by somebody else than the
    first time, and nobody decides on their own."""
    words = _words(reason)
    with transaction.atomic():
        locked = _locked(appeal)
        if locked.state != AppealState.OPEN:
            raise AppealRefused(_("这条申诉已经答复"))
        if by.pk == locked.member_id:
            raise AppealRefused(_("不能处理自己的申诉"))
        if locked.reopened_at is not None and by.pk == locked.decided_by_id:
            raise AppealRefused(_("再次申诉要由另一位同事处理"))
        locked.state, locked.outcome, locked.decided_at, locked.decided_by = AppealState.DECIDED, outcome, at, by
        locked.assignee, locked.last_at = locked.assignee or by, at
        locked.save(update_fields=["state", "outcome", "decided_at", "decided_by", "assignee", "last_at"])
        post = _post(locked, Speaker.DECISION, by, words, at, outcome=outcome)
        publish(AppealAnswered(locked.member_id, locked.pk, locked.number, post.pk, True, at))
    return locked


def _check_subject(member: Member, subject: AppealSubject, at: datetime) -> None:
    last = Appeal.objects.filter(member=member, subject=subject.kind, subject_id=subject.id).order_by("-pk").first()
    if last is None:
        return
    if last.state == AppealState.OPEN:
        raise AppealRefused(_("这一项已经有一条申诉在处理，请在那里补充"))
    if last.decided_at is not None and at - last.decided_at < timedelta(days=rules.AGAIN_DAYS):
        raise AppealRefused(_("这一项不久前已经答复，请打开那条申诉看结果；7 天内可以再申诉一次"))


def _locked(appeal: Appeal) -> Appeal:
    return Appeal.objects.select_for_update(no_key=True, of=("self",)).get(pk=appeal.pk)


def _own(appeal: Appeal, member: Member) -> Appeal:
    locked = _locked(appeal)
    if locked.member_id != member.pk:
        raise AppealRefused(_("这不是你的申诉"))
    return locked


def _lock_member(member: Member) -> None:
    """One at a time for each member, so that limits hold whoever taps how fast."""
    Member.objects.select_for_update(no_key=True).filter(pk=member.pk).values_list("pk").first()


def _words(text: str) -> str:
    try:
        words = clean_text(text, rules.TEXT_MAX)
    except ValueError:
        raise AppealRefused(_("最多写 1000 个字")) from None
    if not words:
        raise AppealRefused(_("请写下要说的话"))
    return words


def _at_most(photos: Sequence[Photo]) -> Sequence[Photo]:
    if len(photos) > rules.PHOTOS_MAX:
        raise AppealRefused(_("最多传 6 张照片"))
    return photos


def _check_pace(member: Member, at: datetime) -> None:
    said = AppealPost.objects.filter(appeal__member=member, speaker=Speaker.MEMBER, at__gt=at - HOUR)
    if said[: rules.POSTS_AN_HOUR_MAX].count() >= rules.POSTS_AN_HOUR_MAX:
        raise AppealRefused(_("写得太快了，请稍后再写"))


def _post(
    appeal: Appeal,
    speaker: Speaker,
    by: Member,
    text: str,
    at: datetime,
    *,
    outcome: str = "",
    photos: Sequence[tuple[str, Photo]] = (),
) -> AppealPost:
    post = AppealPost.objects.create(appeal=appeal, speaker=speaker, written_by=by, text=text, outcome=outcome, at=at)
    AppealPhoto.objects.bulk_create(
        [AppealPhoto(post=post, name=name, width=photo.width, height=photo.height) for name, photo in photos]
    )
    return post
