"""V-0: what it takes to supply, and the application of the signed-in member, step by step."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mall.core import clock
from mall.core.access import members_only, public
from mall.core.photos import kept_photos, private_photo
from mall.core.seats import seat_of
from members.models import ConsentKind, Member
from members.queries import text_in_force
from suppliers.models import Permit, QualificationKind
from suppliers.queries import categories_by_permit

from . import commands, queries
from .commands import Company, OnboardingRefused
from .forms import AgreementForm, BankForm, CompanyForm, PapersForm
from .models import Application, Stage, Step

FOLDER = "papers"


@public
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """What a firm needs, what happens then, and where to begin."""
    member = request.user if isinstance(request.user, Member) else None
    page = {
        "application": queries.application_of(member=member) if member else None,
        "seat": seat_of(member) if member else None,
        "permits": _permits(),
        "agreement": text_in_force(kind=ConsentKind.SUPPLIER),
    }
    return render(request, "onboarding/welcome.html", page)


@members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """How far the own application is. Posted: begin one, or hand it in."""
    member, at = _member(request), clock.now()
    application = queries.application_of(member=member)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "submit" and application is not None:
                commands.submit_application(application=application, at=at)
                messages.success(request, _("已提交，审核后会发消息给你"))
            else:
                commands.start_application(member=member, at=at)
        except OnboardingRefused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("onboarding:apply"))
    if application is None:
        return HttpResponseRedirect(reverse("onboarding:welcome"))
    lines, facts = queries.step_lines(application=application), _facts(application)
    left = [line for line in lines if line.step.state in ("open", "sent_back")]
    page = {
        "application": application,
        "lines": [(line, facts[line.step.step]) for line in lines],
        "left": left,
        "first": left[0] if left else None,
        "can_submit": application.stage in (Stage.FILLING, Stage.RETURNED),
        "can_begin": application.stage == Stage.REJECTED and seat_of(member) is None,
        "product": queries.first_product(application=application),
    }
    return render(request, "onboarding/apply.html", page)


@members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, step: str) -> HttpResponse:
    """One step of the own application: to fill in where it can be, else to read."""
    application = _own(request)
    line = queries.step_of(application=application, step=step)
    if line is None:
        raise Http404
    if not line.can_fill:
        messages.error(request, _("这一步现在不能改，审核有意见时会请你修改"))
        return HttpResponseRedirect(reverse("onboarding:apply"))
    make, save = _STEPS[Step(step)]
    form = make(request, application)
    if request.method == "POST" and form.is_valid():
        try:
            save(application, form, clock.now())
        except OnboardingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(_next(application))
    page = {"application": application, "line": line, "form": form, "number": list(Step).index(Step(step)) + 1}
    if step == Step.PAPERS:
        page |= {"categories": queries.category_choices(), "chosen": _chosen(form)}
    elif step == Step.AGREEMENT:
        text = text_in_force(kind=ConsentKind.SUPPLIER)
        page |= {"agreement": text, "parts": _parts(text.wording.body)}
    return render(request, f"onboarding/{step}.html", page, status=400 if form.errors else 200)


@members_only
@require_safe
def photo(request: HttpRequest, kind: str) -> HttpResponse:
    """A document of the own application."""
    paper = queries.paper_of(application=_own(request), kind=kind)
    if paper is None:
        raise Http404
    return private_photo(paper.picture)


def _member(request: HttpRequest) -> Member:
    member = request.user
    assert isinstance(member, Member)
    return member


def _own(request: HttpRequest) -> Application:
    application = queries.application_of(member=_member(request))
    if application is None:
        raise Http404
    return application


def _next(application: Application) -> str:
    """Lead on to the next step that is missing, or back to the overview."""
    for line in queries.step_lines(application=application):
        if line.can_fill and line.step.state in ("open", "sent_back"):
            return reverse("onboarding:step", args=[line.step.step])
    return reverse("onboarding:apply")


def _permits() -> list[tuple[str, str]]:
    """Return the permits that any category asks for, with their names."""
    asked = categories_by_permit()
    return [(permit.value, str(permit.label)) for permit in Permit if asked.get(permit.value)]


def _files(request: HttpRequest) -> Any:
    return request.FILES if request.method == "POST" else None


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _company_form(request: HttpRequest, application: Application) -> forms.Form:
    names = ("shop_name", "company_name", "licence_number", "legal_person", "address", "contact_name", "contact_phone")
    initial = {name: getattr(application, name) for name in names}
    initial["contact_phone"] = (initial["contact_phone"] or str(application.applicant.phone)).removeprefix("+86")
    return CompanyForm(_posted(request), initial=initial)


def _save_company(application: Application, form: forms.Form, at: datetime) -> None:
    commands.save_company(application=application, company=Company(**form.cleaned_data), at=at)


def _papers_form(request: HttpRequest, application: Application) -> forms.Form:
    return PapersForm(
        _posted(request),
        _files(request),
        initial={"categories": list(application.categories.all())},
        kinds=[QualificationKind.BUSINESS.value, *(permit for permit, _label in _permits())],
        known={paper.kind: paper for paper in application.papers.all()},
    )


def _save_papers(application: Application, form: Any, at: datetime) -> None:
    """Keep the documents that came; where the command refuses, they are dropped again."""
    with ExitStack() as kept:
        pictures = {}
        for kind in form.kinds:
            document = form.cleaned_data[f"{kind}_document"]
            if document is not None:
                pictures[kind] = kept.enter_context(kept_photos([document], folder=FOLDER, at=at, private=True))[0]
        commands.save_papers(
            application=application,
            categories=list(form.cleaned_data["categories"]),
            papers=form.given(pictures),
            at=at,
        )


def _bank_form(request: HttpRequest, application: Application) -> forms.Form:
    initial = {"holder": application.holder or application.company_name, "bank_name": application.bank_name}
    return BankForm(_posted(request), initial=initial)


def _save_bank(application: Application, form: forms.Form, at: datetime) -> None:
    commands.save_bank(application=application, at=at, **form.cleaned_data)


def _agreement_form(request: HttpRequest, application: Application) -> forms.Form:
    version = text_in_force(kind=ConsentKind.SUPPLIER).version
    initial = {"version": version, "name": application.signed_name or application.legal_person}
    return AgreementForm(_posted(request), initial=initial)


def _save_agreement(application: Application, form: forms.Form, at: datetime) -> None:
    given = form.cleaned_data
    commands.sign_agreement(application=application, version=given["version"], name=given["name"], at=at)


_STEPS: dict[Step, tuple[Callable[..., forms.Form], Callable[..., None]]] = {
    Step.COMPANY: (_company_form, _save_company),
    Step.PAPERS: (_papers_form, _save_papers),
    Step.BANK: (_bank_form, _save_bank),
    Step.AGREEMENT: (_agreement_form, _save_agreement),
}


def _parts(body: str) -> list[tuple[bool, str]]:
    """Return the paragraphs of a text, each with whether it is a heading."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    return [(line.startswith("## "), line.removeprefix("## ")) for line in lines]


def _chosen(form: forms.Form) -> set[int]:
    """Return which categories are ticked: as posted, or as they were kept."""
    value = form["categories"].value() or []
    return {int(getattr(one, "pk", one)) for one in value if str(getattr(one, "pk", one)).isdecimal()}


def _facts(application: Application) -> dict[str, list[tuple[str, Any]]]:
    """Return what each step says, for its applicant to read."""
    signed = application.consent
    return {
        Step.COMPANY.value: [
            (_("店铺名称"), application.shop_name),
            (_("公司名称"), application.company_name),
            (_("统一社会信用代码"), application.licence_number),
        ],
        Step.PAPERS.value: [
            (_("经营类目"), "、".join(category.name for category in application.categories.all())),
            (_("证照"), "、".join(str(paper.get_kind_display()) for paper in application.papers.all())),
        ],
        Step.BANK.value: [(_("开户行"), application.bank_name), (_("账号"), application.account_label)],
        Step.AGREEMENT.value: [
            (_("协议"), _("第 %d 版") % signed.text.version if signed else ""),
            (_("签署人"), application.signed_name),
        ],
    }
