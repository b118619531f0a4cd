"""Acts that tickets and disputes share: take, hand over, release, tag, note."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core.admin import ActingAdmin, act_page, operator, posted
from members.models import Member
from service import commands, queries
from service.commands import TicketRefused
from service.commands.handling import ANSWER, Item
from service.models import Tag

Run = Callable[[Any, dict[str, Any]], str]


class TextForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("内容"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("请写下内容")},
    )


class HandForm(forms.Form):
    to = forms.ModelChoiceField(
        label=gettext_lazy("交给谁"),
        queryset=Member.objects.none(),
        error_messages={
            "required": gettext_lazy("请选一位同事"),
            "invalid_choice": gettext_lazy("只能交给有回复权限的在职同事"),
        },
    )

    def __init__(self, data: Any = None, *, but: int | None = None) -> None:
        super().__init__(data)
        self.fields["to"].queryset = queries.colleagues().exclude(pk=but or 0)  # type: ignore[attr-defined]


class TagsForm(forms.Form):
    tags = forms.ModelMultipleChoiceField(
        label=gettext_lazy("标签"),
        queryset=Tag.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("没有这个标签")},
    )

    def __init__(self, data: Any = None, *, item: Item) -> None:
        chosen = list(item.tags.values_list("pk", flat=True))
        super().__init__(data, initial={"tags": chosen})
        offered = Tag.objects.filter(is_active=True) | Tag.objects.filter(pk__in=chosen)
        self.fields["tags"].queryset = offered.order_by("name")  # type: ignore[attr-defined]


class NothingToFill(forms.Form):
    pass


class HandlingAdmin(ActingAdmin):
    """What is done with an entry of the queue, whatever it is. All of it takes the right to answer."""

    acts: ClassVar[tuple[str, ...]] = ("take", "hand", "release", "tag", "note")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"<int:object_id>/{act}/", self._page(getattr(self, act)), name=f"{self._name}_{act}")
            for act in self.acts
        ]
        return own + super().get_urls()

    def take(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Handle it, if nobody does."""

        def run(item: Item, _data: dict[str, Any]) -> str:
            commands.take_item(item=item, by=operator(request))
            return _("已由你受理。")

        return self.act(request, object_id, _("由我受理"), NothingToFill(posted(request)), run, _("确认"))

    def hand(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Give it to a colleague."""

        def run(item: Item, data: dict[str, Any]) -> str:
            commands.hand_over(item=item, to=data["to"])
            return _("已转交给 %s。") % data["to"]

        form = HandForm(posted(request), but=self.found(object_id).assignee_id)
        return self.act(request, object_id, _("转交"), form, run, _("转交"))

    def release(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Give it back to all."""

        def run(item: Item, _data: dict[str, Any]) -> str:
            commands.release_item(item=item)
            return _("已放回队列。")

        return self.act(request, object_id, _("放回队列"), NothingToFill(posted(request)), run, _("确认"))

    def tag(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Say by what it is counted."""

        def run(item: Item, data: dict[str, Any]) -> str:
            commands.tag_item(item=item, tags=data["tags"])
            return _("标签已更新。")

        form = TagsForm(posted(request), item=self.found(object_id))
        return self.act(request, object_id, _("标签"), form, run, _("保存"))

    def note(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Write down what only operators read."""

        def run(item: Item, data: dict[str, Any]) -> str:
            self.keep_note(request, item, data["text"])
            return _("备注已记下，会员和商家都看不到。")

        return self.act(request, object_id, _("内部备注"), TextForm(posted(request)), run, _("记下"))

    def keep_note(self, request: HttpRequest, item: Any, text: str) -> None:
        raise TypeError(f"{type(self).__name__} keeps no notes")

    def found(self, object_id: Any) -> Any:
        """Return the item of an address, or answer 404."""
        raise Http404

    def facts(self, item: Any) -> list[tuple[Any, Any]]:
        """Return what the page of an act says of the item first."""
        return []

    def handling(self, request: HttpRequest, item: Item) -> list[dict[str, Any]]:
        """Return the buttons of who handles it, for `ops/acts.html`."""
        user = operator(request)
        taken = item.assignee_id is not None
        mine = item.assignee_id == user.pk
        buttons = []
        if not mine:
            why = _("已由 %s 受理，请由对方转交") % item.assignee if taken else ""
            buttons.append(("take", _("由我受理"), "person_add", why))
        buttons.append(("hand", _("转交同事"), "forward", ""))
        if taken:
            buttons.append(("release", _("放回队列"), "undo", ""))
        return [
            {"address": self.address(act, item), "label": label, "icon": icon, "plain": True, "why": why}
            for act, label, icon, why in buttons
        ]

    def address(self, act: str, item: Any) -> str:
        return reverse(f"ops:{self._name}_{act}", args=[item.pk])

    def act(
        self, request: HttpRequest, object_id: int, title: str, form: forms.Form, run: Run, button: str, **more: Any
    ) -> HttpResponseBase:
        """Do something to an item, and write it into the trail."""
        self.require(request, ANSWER)
        item = self.found(object_id)

        def logged(data: dict[str, Any]) -> str:
            message = run(item, data)
            self.log_change(request, item, title)
            return message

        page = self.address("change", item)
        return act_page(
            request,
            site=self.admin_site,
            title=title,
            form=form,
            run=logged,
            refusals=(TicketRefused,),
            done=page,
            back=page,
            facts=self.facts(item),
            button=button,
            context={"opts": self.opts, "original": item},
            **more,
        )

    @property
    def _name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"
