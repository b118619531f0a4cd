"""Why there was nothing: an order's number or the tail of a friend's phone, and the condition that failed."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents import commands
from agents.queries import why as queries
from agents.rules import QUESTIONS_A_DAY_MAX
from mall.core import clock
from mall.core.access import members_only

from .signed_in import member_of


class WhyForm(forms.Form):
    """What is asked."""

    what = forms.CharField(
        label=_("订单号，或好友手机号后四位"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "enterkeyhint": "search"}),
        error_messages={"required": _("请输入订单号或四位数字"), "max_length": _("请输入订单号或四位数字")},
    )

    def clean_what(self) -> queries.Question:
        found = queries.question_of(self.cleaned_data["what"])
        if found is None:
            raise forms.ValidationError(_("请输入订单号，或手机号后四位数字"))
        return found


@members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def why(request: HttpRequest) -> HttpResponse:
    """Ask, and read the answer. Each question counts, whatever comes out; what cannot be read does not."""
    member, at = member_of(request), clock.now()
    form = WhyForm(request.POST or None)
    page = {"form": form, "max": QUESTIONS_A_DAY_MAX, "now": at}
    status = 200
    if request.method == "POST":
        if not form.is_valid():
            status = 400
        elif not commands.count_question(member=member, on=timezone.localtime(at).date()):
            page["is_used_up"] = True
            status = 429
        else:
            page["answer"] = queries.answer(member=member, question=form.cleaned_data["what"])
    page["left"] = queries.questions_left(member=member, at=at)
    return render(request, "agents/why.html", page, status=status)
