"""The form of a draft: yuan and percent as operators write them, read exactly into fen and basis points."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.models import PlanVersion
from linkage.rules.clauses import refusal_zh, task_zh
from linkage.rules.plan import (
    DAYS_VISITED,
    FIRST_REFERRAL,
    GOODS_RECEIVED,
    PROFILE_COMPLETED,
    REPEAT_PURCHASE,
    TASK_KINDS,
    Plan,
    PlanError,
    TaskTerms,
    parse_plan,
    plan_as_dict,
)
from mall.core.admin.fields import HundredthsField
from mall.core.money import yuan


def _yuan(label: Any, help_text: Any = "") -> HundredthsField:
    return HundredthsField(unit="yuan", label=label, help_text=help_text)


def _percent(label: Any, help_text: Any = "") -> HundredthsField:
    return HundredthsField(unit="percent", label=label, help_text=help_text)


class PlanForm(forms.Form):
    """All parameters of a plan. `plan` is there once the form is valid: then it may be written as a draft."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=40)
    pack_price_fen = _yuan(gettext_lazy("礼包价（元）"), gettext_lazy("每份，改价只能发布新版本"))
    promotion_referrals = forms.IntegerField(
        label=gettext_lazy("升合伙人需直推（位）"), min_value=1, help_text=gettext_lazy("有效代理的人数")
    )
    payout_max_bps = _percent(gettext_lazy("单份支出上限（%）"), gettext_lazy("占礼包价的比例，最坏情况不得超过"))
    direct_agent_fen = _yuan(gettext_lazy("直推奖（元）"), gettext_lazy("推荐人是代理"))
    direct_partner_fen = _yuan(gettext_lazy("直推奖（元）"), gettext_lazy("推荐人是合伙人"))
    see_point_fen = _yuan(gettext_lazy("见点奖（元）"), gettext_lazy("给团队合伙人"))
    peer_bonus_fen = _yuan(gettext_lazy("平级奖（元）"), gettext_lazy("直推的人每次升级一次"))
    peer_rate_bps = _percent(gettext_lazy("平级分润（%）"), gettext_lazy("占见点奖的比例"))
    repeat_direct_fen = _yuan(gettext_lazy("复购直推奖（元）"), gettext_lazy("第二份起每份"))
    repeat_see_point_fen = _yuan(gettext_lazy("复购见点奖（元）"), gettext_lazy("第二份起每份"))
    on_promotion = forms.ChoiceField(
        label=gettext_lazy("升级时带来的人"),
        choices=[("stay", gettext_lazy("留在原团队")), ("follow", gettext_lazy("随其转入新团队"))],
    )
    unranked_referrer = forms.ChoiceField(
        label=gettext_lazy("推荐人没有有效礼包"),
        choices=[("forfeit", gettext_lazy("不发放")), ("roll_up", gettext_lazy("上滚给上方最近的代理或合伙人"))],
    )
    peer_to = forms.ChoiceField(
        label=gettext_lazy("平级奖给"),
        choices=[("referrer", gettext_lazy("推荐人")), ("referrer_or_leader", gettext_lazy("推荐人或原团队合伙人"))],
    )
    hold_bps = _percent(gettext_lazy("冻结比例（%）"), gettext_lazy("合伙人每笔奖励"))
    hold_days = forms.IntegerField(
        label=gettext_lazy("冻结天数"), min_value=0, help_text=gettext_lazy("付款起，期内完成任务就解冻")
    )
    on_hold_expiry = forms.ChoiceField(
        label=gettext_lazy("到期未完成"),
        choices=[("fund", gettext_lazy("转入帮扶基金")), ("release", gettext_lazy("解冻归本人"))],
    )
    cooling_off_days = forms.IntegerField(
        label=gettext_lazy("冷静期（天）"), min_value=0, help_text=gettext_lazy("收货起，期满转为可提现")
    )
    tasks = forms.MultipleChoiceField(
        label=gettext_lazy("种子任务"),
        choices=[
            (GOODS_RECEIVED, gettext_lazy("确认收货")),
            (PROFILE_COMPLETED, gettext_lazy("完善资料")),
            (DAYS_VISITED, gettext_lazy("累计访问天数")),
            (FIRST_REFERRAL, gettext_lazy("首次成功推荐")),
            (REPEAT_PURCHASE, gettext_lazy("再次购买")),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("至少选一项任务")},
    )
    days_visited = forms.IntegerField(label=gettext_lazy("累计访问（天）"), min_value=1, required=False)
    repeat_min_fen = HundredthsField(unit="yuan", label=gettext_lazy("再次购买满（元）"), required=False)

    GROUPS = (
        (gettext_lazy("礼包与升级"), ("name", "pack_price_fen", "promotion_referrals", "payout_max_bps")),
        (
            gettext_lazy("奖励"),
            (
                "direct_agent_fen",
                "direct_partner_fen",
                "see_point_fen",
                "peer_bonus_fen",
                "peer_rate_bps",
                "repeat_direct_fen",
                "repeat_see_point_fen",
            ),
        ),
        (gettext_lazy("关系"), ("on_promotion", "unranked_referrer", "peer_to")),
        (gettext_lazy("冻结与结算"), ("hold_bps", "hold_days", "on_hold_expiry", "cooling_off_days")),
        (gettext_lazy("种子任务"), ("tasks", "days_visited", "repeat_min_fen")),
    )

    plan: Plan | None = None

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    @property
    def params(self) -> dict[str, Any]:
        """The JSON shape of what was entered."""
        assert self.plan is not None
        return plan_as_dict(self.plan)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        fields = {name for name in Plan.__dataclass_fields__ if name in data}
        tasks = tuple(self._task(kind, data) for kind in TASK_KINDS if kind in data["tasks"])
        if self.errors:
            return data
        try:
            plan, _terms = parse_plan(plan_as_dict(Plan(**{name: data[name] for name in fields}, seed_tasks=tasks)))
        except PlanError as error:
            self._explain(error)
            return data
        refusal = refusal_zh(plan)
        if refusal is not None:
            raise forms.ValidationError(_("这份方案不能保存。%s") % refusal)
        self.plan = plan
        return data

    def _task(self, kind: str, data: dict[str, Any]) -> TaskTerms:
        if kind == DAYS_VISITED:
            if not data.get("days_visited"):
                self.add_error("days_visited", _("选了“累计访问天数”，请填天数。"))
            return TaskTerms(kind, n=data.get("days_visited") or 1)
        if kind == REPEAT_PURCHASE:
            return TaskTerms(kind, min_fen=data.get("repeat_min_fen") or 0)
        return TaskTerms(kind)

    def _explain(self, error: PlanError) -> None:
        """Say beside the field that its value is out of range."""
        names = {"direct_fen.agent": "direct_agent_fen", "direct_fen.partner": "direct_partner_fen"}
        names |= {"repeat_fen.direct": "repeat_direct_fen", "repeat_fen.see_point": "repeat_see_point_fen"}
        field = names.get(error.field, error.field)
        if field in self.fields:
            self.add_error(field, _("这个数超出允许的范围。"))
        else:
            self.add_error("tasks", _("种子任务填写有误。"))


def starting_point(version: PlanVersion | None) -> dict[str, Any]:
    """Return the values that a new draft starts from: those of a version, or of the usual plan."""
    plan = (version.plan if version else None) or Plan(name=_("2+1 方案"))
    values = {name: getattr(plan, name) for name in Plan.__dataclass_fields__ if name != "seed_tasks"}
    values["name"] = (version.name if version else "") or plan.name or _("2+1 方案")
    values["tasks"] = [task.kind for task in plan.seed_tasks]
    for task in plan.seed_tasks:
        if task.kind == DAYS_VISITED:
            values["days_visited"] = task.n
        if task.kind == REPEAT_PURCHASE:
            values["repeat_min_fen"] = task.min_fen
    return values


# For whom a field changes something, where its name does not say it.
WHOM = {
    "pack_price_fen": gettext_lazy("之后的买家；退货按付款时的价"),
    "promotion_referrals": gettext_lazy("还没升级的代理，和有效直推不足的合伙人"),
    "direct_agent_fen": gettext_lazy("代理：直推的人买首份礼包"),
    "direct_partner_fen": gettext_lazy("合伙人：直推的人买首份礼包"),
    "see_point_fen": gettext_lazy("团队合伙人：团队新增一名代理"),
    "peer_bonus_fen": gettext_lazy("合伙人：直推的人升为合伙人"),
    "peer_rate_bps": gettext_lazy("合伙人：直推的合伙人得见点奖"),
    "repeat_direct_fen": gettext_lazy("推荐人：复购的礼包"),
    "repeat_see_point_fen": gettext_lazy("团队合伙人：复购的礼包"),
    "on_promotion": gettext_lazy("升级的人和原团队合伙人"),
    "unranked_referrer": gettext_lazy("没有有效礼包的推荐人和其上方"),
    "peer_to": gettext_lazy("升级者的原团队合伙人"),
    "hold_bps": gettext_lazy("合伙人：每笔新奖励"),
    "hold_days": gettext_lazy("合伙人：新的冻结"),
    "on_hold_expiry": gettext_lazy("合伙人和帮扶基金"),
    "cooling_off_days": gettext_lazy("所有得奖励的人，和退货的买家"),
    "payout_max_bps": gettext_lazy("平台：单份支出的上限"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changes: what it is called, for whom, and both values in words."""

    label: str
    whom: str
    old: str
    new: str


def differences(old: Plan, new: Plan) -> list[Difference]:
    """Return what changes from one plan to the next, field by field."""
    form = PlanForm()
    found: list[Difference] = []
    for name, field in form.fields.items():
        if name in Plan.__dataclass_fields__ and name != "name" and getattr(old, name) != getattr(new, name):
            label = f"{field.label}" + (f" {field.help_text}" if name.startswith("direct_") else "")
            values = (_words(field, getattr(plan, name)) for plan in (old, new))
            found.append(Difference(label, str(WHOM.get(name, "")), *values))
    if old.seed_tasks != new.seed_tasks:
        before, after = ("、".join(map(task_zh, plan.seed_tasks)) for plan in (old, new))
        found.append(Difference(str(form.fields["tasks"].label), _("新来的人和他的推荐人"), before, after))
    return found


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(field, HundredthsField):
        return yuan(value) if field.unit == "yuan" else f"{value // 100}.{value % 100:02d}%"
    if isinstance(field, forms.ChoiceField):
        choices: dict[str, Any] = dict(field.widget.choices)
        return str(choices[value])
    return str(value)
