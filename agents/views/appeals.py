"""Appeals: doubting one's own earnings and withdrawals, going on, doubting the decision."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents import commands
from agents.appeal_forms import AgainForm, AppealForm, MoreForm
from agents.commands import AppealRefused
from agents.models import Appeal, AppealState, Doubt, Subject
from agents.queries import appeals as queries
from agents.rules import ANSWER_WORKING_DAYS, REOPEN_DAYS
from mall.core import clock
from mall.core.access import members_only
from mall.core.photos import private_photo

from .signed_in import member_of

PAGE = 20
# What is doubted most often of each kind of thing.
_FIRST_DOUBT = {
    Subject.REWARD: Doubt.AMOUNT,
    Subject.COMMISSION: Doubt.AMOUNT,
    Subject.WITHDRAWAL: Doubt.PAYOUT,
    Subject.ORDER: Doubt.MISSING,
}


@members_only
@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    """The member's appeals, newest first."""
    before = request.GET.get("before", "")
    last = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    rows = queries.appeals_page(member=member_of(request), before=last, limit=PAGE + 1)
    more = f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    page = {"rows": rows[:PAGE], "more": more, "days": ANSWER_WORKING_DAYS, "now": clock.now()}
    return render(request, "agents/appeals.html", page)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def appeal_new(request: HttpRequest) -> HttpResponse:
    """Open an appeal about what `?about=` names; where one is open already, that one is shown."""
    member = member_of(request)
    subject = queries.appeal_subject(member=member, key=request.GET.get("about", ""))
    if subject is None:
        raise Http404
    if request.method == "POST":
        form = AppealForm(request.POST, request.FILES)
        if form.is_valid():
            data = form.cleaned_data
            try:
                opened = commands.open_appeal(
                    member=member,
                    subject=subject,
                    doubt=Doubt(data["doubt"]),
                    text=data["text"],
                    photos=data["photos"],
                    idempotency_key=data["key"],
                    at=clock.now(),
                )
            except AppealRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("已提交，我们会在两个工作日内答复"))
                return _to(opened)
    else:
        known = queries.open_appeal_about(member=member, subject=subject)
        if known is not None:
            messages.info(request, _("这一项已经有一条申诉在处理，请在这里补充"))
            return _to(known)
        form = AppealForm(initial={"key": AppealForm.new_key(), "doubt": _FIRST_DOUBT[subject.kind]})
    page = {"form": form, "subject": subject, "days": ANSWER_WORKING_DAYS}
    return render(request, "agents/appeal_new.html", page, status=400 if form.errors else 200)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, number: str) -> HttpResponse:
    """The thread with its decisions; posted, it goes on."""
    found, member = _own(request, number), member_of(request)
    form = MoreForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            commands.write_in_appeal(
                appeal=found, member=member, text=data["text"], photos=data["photos"], at=clock.now()
            )
        except AppealRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _to(found)
    return _page(request, found, form, AgainForm(), status=400 if form.errors else 200)


@members_only
@require_POST
def appeal_again(request: HttpRequest, number: str) -> HttpResponse:
    """Doubt the decision, once."""
    found = _own(request, number)
    form = AgainForm(request.POST)
    if form.is_valid():
        try:
            commands.reopen_appeal(
                appeal=found, member=member_of(request), text=form.cleaned_data["text"], at=clock.now()
            )
        except AppealRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已再次提交，由另一位同事处理"))
            return _to(found)
    return _page(request, found, MoreForm(), form, status=400)


@members_only
@require_safe
def appeal_photo(request: HttpRequest, number: str, photo_id: int) -> HttpResponse:
    """A photo of one's own appeal."""
    found = queries.own_photo(member=member_of(request), number=number, photo_id=min(photo_id, 2**63 - 1))
    if found is None:
        raise Http404
    return private_photo(found.name)


def _page(request: HttpRequest, found: Appeal, form: MoreForm, again: AgainForm, *, status: int) -> HttpResponse:
    now = clock.now()
    page = {
        "appeal": found,
        "posts": queries.posts_for_member(appeal=found),
        "path": queries.subject_path(appeal=found),
        "form": form,
        "again": again,
        "again_until": _again_until(found, now),
        "is_late": found.state == AppealState.OPEN and now > found.due_at,
        "now": now,
    }
    return render(request, "agents/appeal.html", page, status=status)


def _again_until(found: Appeal, now: datetime) -> datetime | None:
    """Until when the decision can be doubted; None where it cannot."""
    if found.state != AppealState.DECIDED or found.reopened_at is not None or found.decided_at is None:
        return None
    until = found.decided_at + timedelta(days=REOPEN_DAYS)
    return until if now <= until else None


def _own(request: HttpRequest, number: str) -> Appeal:
    found = queries.appeal_of(member=member_of(request), number=number)
    if found is None:
        raise Http404
    return found


def _to(found: Appeal) -> HttpResponse:
    return HttpResponseRedirect(reverse("agents:appeal", args=[found.number]))
