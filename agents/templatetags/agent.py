"""How the agent's pages draw an earning."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from agents.queries.calendar import ARRIVED, FORFEITING, MATURING, PAID_OUT, RELEASING, THAWING, Item, Waiting
from agents.queries.earnings import CUT, FORFEITED, REVERSED, SOLD, EarningLine
from agents.queries.promoted import Gain
from agents.why_words import WORDS, Words
from linkage.models import RewardKind
from linkage.queries import (
    DAYS_VISITED,
    FIRST_REFERRAL,
    GOODS_RECEIVED,
    PROFILE_COMPLETED,
    REPEAT_PURCHASE,
    RewardStatus,
    SeedTask,
    Verdict,
)
from linkage.queries import (
    task_words as words_of_task,
)

register = template.Library()


@register.filter
def why_words(verdict: Verdict) -> Words:
    """What happened and what can be done, of a verdict."""
    words = WORDS[verdict.cause]
    filled = {"reason": "", "days": "", **verdict.words}
    return Words(str(words.what) % filled, words.advice)


_LOOKS = {
    RewardKind.DIRECT: ("hand-coins", "orb-brand"),
    RewardKind.SEE_POINT: ("network", "orb-jade"),
    RewardKind.PEER_SHARE: ("git-fork", "orb-gold"),
    RewardKind.PEER_BONUS: ("crown", "orb-gold"),
}
_TAGS = {
    RewardStatus.ESTIMATED: "",
    RewardStatus.PENDING: "tag-warn",
    RewardStatus.PART_HELD: "tag-frozen",
    RewardStatus.SETTLED: "tag-jade",
    RewardStatus.PART_FORFEITED: "tag-frozen",
    RewardStatus.FUND: "tag-frozen",
    RewardStatus.REVERSED: "tag-danger",
}


def _look(line: EarningLine) -> tuple[str, str]:
    if line.step in (REVERSED, CUT):
        return "rotate-ccw", "orb-danger"
    if line.step == SOLD:
        return "shopping-bag", ""
    if line.step == FORFEITED or line.reward is None:
        return "heart-handshake", "orb-frozen"
    return _LOOKS[RewardKind(line.reward.kind)]


@register.filter
def line_icon(line: EarningLine) -> str:
    """The icon of an earning."""
    return _look(line)[0]


@register.filter
def line_orb(line: EarningLine) -> str:
    """The colour class behind it."""
    return _look(line)[1]


@register.filter
def line_address(line: EarningLine) -> str:
    """The page that explains it; a grant has none."""
    if line.commission is not None:
        return reverse("agents:commission", args=[line.commission.pk])
    return reverse("agents:trace", args=[line.reward.pk]) if line.reward is not None else ""


@register.filter
def status_tag(status: RewardStatus) -> str:
    """The colour class of a reward's status."""
    return _TAGS[status]


@register.filter
def compact_yuan(fen: int) -> str:
    """An amount for a narrow cell: `36.00`, from a thousand yuan on without its fen, which the list below it has."""
    whole, cents = divmod(fen, 100)
    return f"{whole:,}" if whole >= 1_000 else f"{whole}.{cents:02d}"


@register.filter
def day_words(what: str) -> str:
    """What happens to an amount on its day in the calendar."""
    words = {
        ARRIVED: _("已转为可提现"),
        MATURING: _("冷静期满，转为可提现"),
        RELEASING: _("冻结到期，解冻为可提现"),
        THAWING: _("冻结到期，转为待结算"),
        FORFEITING: _("任务未完成则转入帮扶基金"),
        PAID_OUT: _("提现到账"),
    }
    return words[what]


@register.filter
def item_address(item: Item | Waiting | Gain) -> str:
    """The page that explains something in the calendar or of an order; none for what the ledger credited already."""
    if item.reward_id is not None:
        return reverse("agents:trace", args=[item.reward_id])
    if item.line_id is not None:
        return reverse("agents:commission", args=[item.line_id])
    return reverse("agents:withdrawal", args=[item.number]) if item.number else ""


# Icon and address of where a task is done.
_TASKS = {
    GOODS_RECEIVED: ("package-check", "orders:list"),
    PROFILE_COMPLETED: ("user-round", "members:profile"),
    DAYS_VISITED: ("calendar", "shop:home"),
    FIRST_REFERRAL: ("share-2", "agents:share"),
    REPEAT_PURCHASE: ("shopping-bag", "shop:home"),
}


@register.filter
def task_words(task: SeedTask) -> str:
    """What is to be done."""
    return words_of_task(task.terms)


@register.filter
def task_reached(task: SeedTask) -> str:
    """How far something counted has come: ` 1/3`."""
    return f" {task.reached}/{task.needed}" if task.terms.kind == DAYS_VISITED else ""


@register.filter
def task_hint(task: SeedTask) -> str:
    """What counts, in a few words."""
    if task.terms.kind == DAYS_VISITED:
        return _("已访问 %(reached)s 天，每天打开一次即可") % {"reached": task.reached}
    hints = {
        GOODS_RECEIVED: _("收到礼包后，在订单里确认收货"),
        PROFILE_COMPLETED: _("填写昵称和默认收货地址"),
        FIRST_REFERRAL: _("一位好友通过你的链接买了礼包"),
        REPEAT_PURCHASE: _("礼包之外再下一单"),
    }
    return hints[task.terms.kind]


@register.filter
def task_icon(task: SeedTask) -> str:
    """The icon of a task."""
    return _TASKS[task.terms.kind][0]


@register.filter
def task_address(task: SeedTask) -> str:
    """Where a task is done."""
    return reverse(_TASKS[task.terms.kind][1])
