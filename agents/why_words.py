"""What a member reads who asks why there was nothing: the condition that failed, and what can be done."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from linkage.queries import Cause


@dataclass(frozen=True, slots=True)
class Words:
    """What happened, and what can be done about it."""

    what: Any
    advice: Any


WORDS: dict[Cause, Words] = {
    Cause.NOT_PAID: Words(
        _("订单已提交，还没有付款。付款之后才会计算。"), _("可以提醒 TA 在付款时限内付款，超时订单会自动关闭。")
    ),
    Cause.CANCELLED: Words(_("订单已经关闭，没有成交。%(reason)s"), _("只有付款成功的订单才有收益，TA 重新下单即可。")),
    Cause.WAITING: Words(
        _("订单已付款，正在排队结算，通常一两分钟内完成。"), _("稍后再来看；超过一小时还没有结果，请提出申诉。")
    ),
    Cause.REFUSED: Words(
        _("这一单已付款，但结算时被系统拒绝，没有产生收益。"), _("这不常见，请提出申诉，由同事核对。")
    ),
    Cause.EARNED: Words(_("这一单有你的收益，在下面。"), _("点开可以看到怎么算的、走到哪一步。")),
    Cause.TAKEN_BACK: Words(
        _("这一单曾有你的收益，退款后已经全部扣回。"), _("退款的订单不产生收益。点开可以看到扣回的记录。")
    ),
    Cause.OWN: Words(
        _("这是你自己的订单。自己购买不产生自己的推荐收益。"), _("礼包订单的奖励归你的推荐人和所在团队。")
    ),
    Cause.NO_PLAN: Words(
        _("付款的时候没有生效的 2+1 规则，这一单不产生推荐奖励。"), _("规则只用于生效之后付款的礼包订单。")
    ),
    Cause.BOUND_ELSEWHERE: Words(
        _("TA 加入时是通过别人的链接，推荐人登记的不是你。推荐关系只登记一次，不能更改。"),
        _("如果 TA 是你的客户，普通商品的佣金仍按顾问关系计算。"),
    ),
    Cause.MEMBER_BEFORE: Words(
        _("TA 第一次打开你的链接之前就已经是会员，推荐关系在加入时就定了。"),
        _("推荐关系不能补登记；普通商品的佣金按顾问关系计算。"),
    ),
    Cause.NOT_BOUND: Words(
        _("TA 加入或下单时，系统没有记到来自你的链接，可能是换了设备或浏览器。"),
        _("请 TA 打开你的链接后在同一个浏览器里登录下单。"),
    ),
    Cause.NO_PACK: Words(
        _("付款的时候你没有有效的礼包，身份是普通用户，按规则这一单的直推奖不发放。"),
        _("持有有效礼包（没有退货）期间的订单才有直推奖。"),
    ),
    Cause.ROLLED_UP: Words(
        _("付款的时候你没有有效的礼包，按规则这一单的直推奖归推荐线上方最近一位有有效礼包的人。"),
        _("持有有效礼包（没有退货）期间的订单才归你。"),
    ),
    Cause.REPEAT: Words(
        _("TA 已经有有效的礼包，这一单是复购。这一版规则的复购不产生直推奖。"), _("只有首份礼包产生直推奖。")
    ),
    Cause.NONE_PLANNED: Words(_("这一单按付款时的规则版本结算，这一版不设直推奖。"), _("可以看规则里直推奖的条款。")),
    Cause.NOT_ENTITLED: Words(
        _("这一单归入你的团队，但付款时你不具备合伙人资格（有效直推不足，或者礼包已退货），见点奖计入了帮扶基金。"),
        _("有效直推补足之后，从下一单起恢复。看看升级页还差几位。"),
    ),
    Cause.NO_COMMISSION: Words(
        _("这一单买的是普通商品，没有设置佣金，也不产生 2+1 奖励。"), _("选品页里能看到每件商品的佣金。")
    ),
    Cause.OTHER_ADVISER: Words(
        _("下单的时候，TA 的顾问是别人，在保护期或锁客期内，订单归那位顾问。"),
        _("保护期过后 TA 再通过你的链接下单，就会归你；TA 也可以自己更换顾问。"),
    ),
    Cause.RELATION_LAPSED: Words(
        _("下单之前，你和 TA 的顾问关系已经到期。"),
        _("TA 再通过你的链接来访，关系会重新建立。在“客户”里能看到还剩几天。"),
    ),
    Cause.TOUCH_LAPSED: Words(
        _("TA 上一次打开你的链接是 %(days)s 天以前，来访记录已经过期。"), _("再分享一次，TA 打开后下单即可归你。")
    ),
    Cause.NOT_OPEN: Words(
        _("下单的时候你还没有开通店主，普通商品的佣金只给已开通的店主。"),
        _("可以免费申请开通店主，之后的订单就会计佣金。"),
    ),
    Cause.BUYER_SELLS: Words(
        _("买家自己是店主，店主自己购买的订单不归任何顾问。"), _("这样可以避免店主之间互相刷单。")
    ),
    Cause.STAFF: Words(_("这是运营人员的订单，不计佣金。"), _("不需要做什么。")),
    Cause.UNKNOWN: Words(_("系统没有找到不成立的条件，需要人工看一下。"), _("请提出申诉，同事会核对并写明理由。")),
}
