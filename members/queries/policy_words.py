"""The terms between shopkeepers and customers, as sentences that both can read."""

from django.utils.translation import gettext as _

from members.models import RelationPolicy


def policy_words(policy: RelationPolicy) -> list[str]:
    """Return what a version says, a clause a line."""
    touch = _("触达：打开店主的分享链接后 %(days)d 天内登录或付款，才会成为 TA 的客户。") % {"days": policy.touch_days}
    if policy.protection_days:
        protection = _("保护期：成为客户后 %(days)d 天内，别的店主不能接走。") % {"days": policy.protection_days}
    else:
        protection = _("保护期：没有，客户经别的店主链接付款就改由对方服务。")
    lock = _("锁客期：没有下单时，关系在 %(lock)d 天后结束；每付款一单，延长到 %(order)d 天以后，只延长不缩短。") % {
        "lock": policy.lock_days,
        "order": policy.order_lock_days,
    }
    takeover = _("接走：保护期过后，客户经别的店主的新链接付款，就改由对方服务。登录和浏览不会接走客户。")
    snapshot = _("订单：提交时就定下归谁，以后换顾问也不改变。")
    cooling = _("佣金：收货后 %(days)d 天转为可提现，退款的部分扣回。") % {"days": policy.cooling_off_days}
    own = (
        _("自购：店主自己买的商品也有佣金。")
        if policy.own_purchases
        else _("自购：店主自己买的商品没有佣金，也不算别人的。")
    )
    customer = _("客户：可以随时更换、解除顾问，或请平台裁定。")
    return [touch, protection, lock, takeover, snapshot, cooling, own, customer]
