"""What the mall keeps of a person, on what consent, and how to have it or end it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.core import clock, stepping
from mall.core.access import members_only, public
from mall.core.personal import holdings
from mall.core.visitor import PERSONALISED_COOKIE, visitor_hash, visitor_personalises
from members import commands, queries
from members.models import ROLE_AGREEMENTS, ConsentKind, ConsentText, Member
from members.rules import CLOSING_REST

from .asking import member_of, way_back

YEAR_SECONDS = 365 * 86_400
HISTORY_SHOWN = 50


@public
@never_cache
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Each purpose in words with its switch, and the ways to one's data. A stranger has one switch, in a cookie."""
    texts = queries.texts_in_force()
    if not isinstance(request.user, Member):
        page = {"personal": texts[ConsentKind.PERSONALISATION], "is_on": visitor_personalises(request)}
        return render(request, "members/privacy_visitor.html", page)
    given = queries.newest_consents(member=request.user)
    rows = [
        {"text": text, "consent": given.get(kind), "is_optional": kind in commands.OPTIONAL}
        for kind, text in texts.items()
        if kind not in ROLE_AGREEMENTS
    ]
    page = {
        "needed": [row for row in rows if not row["is_optional"]],
        "optional": [row for row in rows if row["is_optional"]],
        "signed": [given[kind] for kind in ROLE_AGREEMENTS if kind in given],
        "closing": queries.waiting_closing(member=request.user),
    }
    return render(request, "members/privacy.html", page)


@public
@require_POST
def decide(request: HttpRequest, kind: str) -> HttpResponse:
    """Agree to one purpose, or take it back. The agreement of a role is signed where the role is taken up."""
    if kind not in ConsentKind.values or kind in ROLE_AGREEMENTS:
        raise Http404
    is_given, at = request.POST.get("given") == "1", clock.now()
    response = HttpResponseRedirect(way_back(request) or reverse("members:privacy"))
    if isinstance(request.user, Member):
        try:
            changed = commands.record_consent(member=request.user, kind=kind, is_given=is_given, at=at)
        except commands.ConsentRefused:
            messages.error(request, _("账号离不开这一项。要撤回，请注销账号"))
        else:
            if changed:
                messages.success(request, _("已打开") if is_given else _("已关闭，立即生效"))
    elif kind == ConsentKind.PERSONALISATION:
        if is_given != visitor_personalises(request):
            commands.record_visitors_consent(visitor_hash=visitor_hash(request), kind=kind, is_given=is_given, at=at)
        value = "1" if is_given else "0"
        response.set_cookie(PERSONALISED_COOKIE, value, max_age=YEAR_SECONDS, httponly=True, samesite="Lax")
    else:
        raise Http404
    return response


@members_only
@never_cache
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """All that the member ever agreed to and took back."""
    rows = list(queries.consent_history(member=member_of(request))[:HISTORY_SHOWN])
    return render(request, "members/consents.html", {"rows": rows})


@public
@require_safe
def agreement(request: HttpRequest, kind: str, version: int | None = None) -> HttpResponse:
    """The words of a text: those in force, or an earlier version."""
    if kind not in ConsentKind.values:
        raise Http404
    text = queries.text_in_force(kind=kind)
    page = {"title": text.wording.title, "purpose": text.wording.purpose, "version": text.version}
    body = text.wording.body
    if version is not None and version != text.version:
        earlier = ConsentText.objects.filter(kind=kind, version=version).first()
        if earlier is None:
            raise Http404
        page, body = {"title": earlier.title, "purpose": earlier.purpose, "version": earlier.version}, earlier.body
        page["newest"] = text.version
    blocks = [block.strip() for block in body.split("\n\n") if block.strip()]
    parts = [(block.startswith("## "), block.removeprefix("## ").split("\n")) for block in blocks]
    return render(request, "members/agreement.html", page | {"kind": kind, "parts": _flat(parts)})


@members_only
@never_cache
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What is kept of the member: each table with its purpose, how many rows, and what becomes of it."""
    member = member_of(request)
    rows = [(holding, holding.of(member.pk).count()) for holding in holdings()]
    page = {
        "kept": [row for row in rows if row[0].is_kept],
        "erased": [row for row in rows if not row[0].is_kept],
        "export": queries.newest_export(member=member),
        "now": clock.now(),
    }
    return render(request, "members/data.html", page)


@members_only
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Ask for a copy of everything, after confirming who one is."""
    at = clock.now()
    if not stepping.is_confirmed(request, at=at):
        return stepping.to_confirm(reverse("members:data"))
    try:
        commands.request_export(member=member_of(request), at=at)
    except commands.ExportTooSoon:
        messages.warning(request, _("一小时内已经申请过一份，请稍后再来"))
    else:
        messages.success(request, _("正在整理，几分钟内完成。这一页会自动刷新"))
    return HttpResponseRedirect(reverse("members:data"))


@members_only
@never_cache
@require_safe
def download(request: HttpRequest, token: str) -> HttpResponse:
    """The copy: for the member alone, for a day, after confirming who one is."""
    at = clock.now()
    found = queries.export_by_token(member=member_of(request), token=token, at=at)
    if found is None or found.content is None:
        raise Http404
    if not stepping.is_confirmed(request, at=at):
        return stepping.to_confirm(reverse("members:data"))
    response = HttpResponse(bytes(found.content), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="personal-data-{found.requested_at:%Y%m%d}.zip"'
    return response


@members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Closing the account: what goes, what stays and why, what hinders, and seven days to think again."""
    member, at = member_of(request), clock.now()
    if request.method == "POST":
        if not stepping.is_confirmed(request, at=at):
            return stepping.to_confirm(reverse("members:close"))
        if request.POST.get("sure") != "1":
            messages.error(request, _("请先勾选“我知道注销后不能恢复”"))
            return HttpResponseRedirect(reverse("members:close"))
        gives_up = request.POST.get("gives_up") == "1"
        try:
            commands.request_closing(member=member, gives_up_rewards=gives_up, at=at)
        except commands.ClosingRefused:
            messages.error(request, _("还有没办完的事，暂时不能注销"))
        return HttpResponseRedirect(reverse("members:close"))
    found = commands.obstacles_of(member=member, at=at)
    page = {
        "member": member,
        "obstacles": [obstacle for obstacle in found if not obstacle.can_be_given_up],
        "to_give_up": [obstacle for obstacle in found if obstacle.can_be_given_up],
        "closing": queries.waiting_closing(member=member),
        "kept": _by_reason(),
        "erased": [str(holding.title) for holding in holdings() if not holding.is_kept],
        "days": CLOSING_REST.days,
        "is_confirmed": stepping.is_confirmed(request, at=at),
    }
    return render(request, "members/close.html", page)


@members_only
@require_POST
def call_off(request: HttpRequest) -> HttpResponse:
    """Keep the account after all."""
    if commands.call_off_closing(member=member_of(request), at=clock.now()):
        messages.success(request, _("已撤销注销，账号照常使用"))
    return HttpResponseRedirect(reverse("members:security"))


def _by_reason() -> list[dict[str, Any]]:
    """Return what is kept, by the reason that keeps it."""
    reasons: dict[str, list[str]] = {}
    for holding in holdings():
        if holding.is_kept:
            reasons.setdefault(str(holding.why), []).append(str(holding.title))
    return [{"why": why, "titles": titles} for why, titles in reasons.items()]


def _flat(parts: list[tuple[bool, list[str]]]) -> list[tuple[bool, str]]:
    """A heading runs up to its line's end; what follows without an empty line is a paragraph."""
    flat = []
    for is_heading, lines in parts:
        if is_heading:
            flat.append((True, lines[0]))
            lines = lines[1:]
        flat += [(False, line) for line in lines if line.strip()]
    return flat
