"""Operators and what they may do: the list, one of them with groups and sessions, and the matrix of rights."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import act_page, operator, ops_site, posted
from mall.core.admin.columns import age
from mall.core.rights import GROUPS, group_label
from mall.core.trail import Told, tell
from members.commands import end_session
from members.commands.staff import StaffRefused, reset_device, set_access, set_groups
from members.models import Member
from members.queries.staff import Colleague, check_rows, colleague, colleagues, right_rows, staff_sessions
from members.second_factor import is_needed

MANAGE = "members.manage_staff"


class GroupsForm(forms.Form):
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("岗位"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请写明原因")},
    )

    def __init__(self, data: Any = None, *, one: Colleague) -> None:
        super().__init__(data, initial={"groups": list(one.groups)})
        field = self.fields["groups"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(name, _(label)) for name, (label, _codes) in GROUPS.items()]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请写明原因")},
    )


@ops_site.page("staff/", name="staff", permission=MANAGE)
def staff_list(request: HttpRequest) -> HttpResponseBase:
    """Everybody who may sign in here."""
    people = colleagues()
    rows = [{"one": one, "needs": is_needed(one.member) and one.enrolled_at is None} for one in people]
    return _page(request, "ops/staff.html", _("员工"), rows=rows, me=operator(request).pk)


@ops_site.page("staff/matrix/", name="staff_matrix", permission=MANAGE)
def matrix(request: HttpRequest) -> HttpResponseBase:
    """Which group has which right, and who may check whom."""
    people = colleagues()
    return _page(
        request,
        "ops/staff_matrix.html",
        _("权限矩阵"),
        groups=[group_label(name) for name in GROUPS],
        rights=right_rows(),
        checks=check_rows(people),
        people=[one for one in people if one.member.is_staff],
    )


@ops_site.page("staff/<int:member_id>/", name="staff_one", permission=MANAGE)
def staff_one(request: HttpRequest, member_id: int) -> HttpResponseBase:
    """One of them: groups, the second factor, where they are signed in."""
    one = _found(member_id)
    now = clock.now()
    sessions = [
        {
            "row": row,
            "seen": age(row.seen_at, now),
            "here": row.session_key == request.session.session_key,
        }
        for row in staff_sessions(member=one.member)
    ]
    return _page(
        request,
        "ops/staff_one.html",
        str(one.member),
        one=one,
        sessions=sessions,
        needs=is_needed(one.member),
        own=member_id == operator(request).pk,
    )


@ops_site.page("staff/<int:member_id>/groups/", name="staff_groups", permission=MANAGE)
def change_groups(request: HttpRequest, member_id: int) -> HttpResponseBase:
    """Give somebody exactly these groups."""
    one = _found(member_id)

    def run(data: dict[str, Any]) -> str:
        set_groups(member_id=member_id, groups=data["groups"], by=operator(request))
        return _("%s 的岗位已更新。") % one.member

    return _act(request, one, GroupsForm(posted(request), one=one), run, title=_("调整岗位"), button=_("保存"))


@ops_site.page("staff/<int:member_id>/access/", name="staff_access", permission=MANAGE)
def change_access(request: HttpRequest, member_id: int) -> HttpResponseBase:
    """Take somebody's access away, or give it back."""
    one = _found(member_id)
    takes = one.member.is_staff

    def run(data: dict[str, Any]) -> str:
        set_access(member_id=member_id, is_staff=not takes, reason=data["reason"], by=operator(request))
        return _("%s 已不能进入后台。") % one.member if takes else _("%s 可以进入后台了。") % one.member

    title = _("停用员工") if takes else _("恢复员工")
    warning = _("停用后立刻退出所有设备，不能再进入后台；留下的记录不变。") if takes else ""
    form = ReasonForm(posted(request))
    return _act(request, one, form, run, title=title, button=title, warning=warning, dangerous=takes)


@ops_site.page("staff/<int:member_id>/reset/", name="staff_reset", permission=MANAGE)
def reset(request: HttpRequest, member_id: int) -> HttpResponseBase:
    """Take a lost authenticator away."""
    one = _found(member_id)

    def run(data: dict[str, Any]) -> str:
        reset_device(member_id=member_id, reason=data["reason"], by=operator(request))
        return _("%s 的动态口令已解绑，下次登录须重新绑定。") % one.member

    warning = _("请先当面或打电话确认是本人。解绑后对方会退出所有设备，凭密码登录后重新绑定。")
    form = ReasonForm(posted(request))
    return _act(request, one, form, run, title=_("重置动态口令"), button=_("解绑"), warning=warning, dangerous=True)


@ops_site.page("staff/<int:member_id>/sessions/<int:session_id>/end/", name="staff_session_end", permission=MANAGE)
def end(request: HttpRequest, member_id: int, session_id: int) -> HttpResponseBase:
    """Sign somebody out of one device at once."""
    one = _found(member_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not end_session(member=one.member, session_id=session_id):
        raise Http404
    tell(request, Told(_("结束员工登录"), str(one.member)))
    messages.success(request, _("已退出那台设备。"))
    return HttpResponseRedirect(reverse("ops:staff_one", args=[member_id]))


def _act(
    request: HttpRequest, one: Colleague, form: forms.Form, run: Callable[[dict[str, Any]], str], **page: Any
) -> HttpResponseBase:
    back = reverse("ops:staff_one", args=[one.member.pk])
    return act_page(
        request,
        site=ops_site,
        form=form,
        run=run,
        refusals=(StaffRefused,),
        done=back,
        back=back,
        facts=[(_("员工"), str(one.member)), (_("岗位"), "、".join(one.labels) or "—")],
        context={"original": Member.objects.get(pk=one.member.pk)},
        **page,
    )


def _found(member_id: int) -> Colleague:
    one = colleague(member_id=member_id)
    if one is None:
        raise Http404
    return one


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
    return TemplateResponse(request, template, {**ops_site.each_context(request), "title": title, **context})
