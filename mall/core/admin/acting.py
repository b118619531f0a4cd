"""Acts of an operator: a page that says what will happen, a form with a token, one command, a message."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse

from mall.core.own_supplier import as_the_mall
from mall.core.trail import Told, changed, columns_of, tell

from .reading import ReadOnlyAdmin

View = Callable[..., HttpResponseBase]
Row = TypeVar("Row", bound=Model)


def act_page(
    request: HttpRequest,
    *,
    site: AdminSite,
    title: str,
    form: forms.Form,
    run: Callable[[dict[str, Any]], str],
    refusals: tuple[type[Exception], ...],
    done: str,
    back: str,
    button: str,
    facts: Sequence[tuple[Any, Any]] = (),
    warning: str = "",
    dangerous: bool = False,
    why_not: str = "",
    template: str = "ops/act.html",
    context: dict[str, Any] | None = None,
) -> HttpResponseBase:
    """Show the page of an act; posted, do it. `run` gets the clean data and returns the message; a refusal that it
    raises stands on the page and nothing was done. `why_not` says why it is not this person's to do: then there is no
    form, and nothing is run."""
    if request.method == "POST" and not why_not and form.is_valid():
        record = (context or {}).get("original")
        before = columns_of(record)
        try:
            with as_the_mall():
                message = run(form.cleaned_data)
        except refusals as refusal:
            form.add_error(None, str(refusal))
        else:
            tell(request, Told(title, str(record or ""), *changed(before, columns_of(record))))
            messages.success(request, message)
            return HttpResponseRedirect(done)
    request.current_app = site.name
    shown = {
        **site.each_context(request),
        "title": title,
        "form": form,
        "facts": facts,
        "warning": warning,
        "button": button,
        "dangerous": dangerous,
        "why_not": why_not,
        "back": back,
        **(context or {}),
    }
    return TemplateResponse(request, "ops/act_refused.html" if why_not else template, shown)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, for a form; an empty form that was posted is bound all the same."""
    return request.POST if request.method == "POST" else None


def guarded(admin: Any, view: View) -> View:
    """Return a view of an admin's own, behind its site's login."""

    def behind_login(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found: HttpResponseBase = admin.admin_site.admin_view(view)(request, *args, **kwargs)
        return found

    behind_login.model_admin = admin  # type: ignore[attr-defined]
    return behind_login


def row_or_404(rows: QuerySet[Row], key: Any) -> Row:
    """Return the row of this id, as an address says it; 404 where it is none, or too long for one."""
    text = str(key)
    found = rows.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None
    if found is None:
        raise Http404
    return found


class ActingAdmin(ReadOnlyAdmin):
    """A read-only record with acts beside it, each at an address of its own under the record's."""

    def _page(self, view: View) -> View:
        """Return a view of this admin's own, behind the site's login."""

        return guarded(self, view)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        tell(request, Told(str(message), str(obj), {}, columns_of(obj)))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        tell(request, Told(str(message), str(obj), {}, columns_of(obj)))
        return super().log_change(request, obj, message)

    def record_page(
        self, request: HttpRequest, *, template: str, title: str, context: dict[str, Any]
    ) -> TemplateResponse:
        """Show a record on a template of its own."""
        request.current_app = self.admin_site.name
        shown = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "has_view_permission": True,
            **context,
        }
        if "heading" in context:
            # The page has a heading of its own; above it stands the list, and not what the trail calls the record.
            shown["original"] = ""
        return TemplateResponse(request, template, shown)
