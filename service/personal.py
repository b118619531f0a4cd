"""What this app keeps of a person."""

from django.utils.translation import gettext_lazy as _

from mall.core.personal import Fate, Holding, Term

HOLDINGS = (
    Holding(
        model="service.Message",
        name="messages",
        title=_("站内消息"),
        purpose=_("通知你订单、售后和账号的变化"),
        fields=("kind", "wording", "words", "path", "at", "read_at"),
        fate=Fate.ERASED,
        moves=True,
    ),
    Holding(
        model="service.MutedKind",
        name="muted",
        title=_("不想收的消息类别"),
        purpose=_("按你的意思少打扰"),
        fields=("kind", "at"),
        fate=Fate.ERASED,
    ),
    Holding(
        model="service.TicketPost",
        name="ticket_posts",
        title=_("工单里写的内容"),
        purpose=_("处理咨询和投诉"),
        owner="ticket__member",
        fields=("ticket__number", "author", "text", "at"),
        fate=Fate.EMPTIED,
        emptied={"text": ""},
    ),
    Holding(
        model="service.TicketPhoto",
        name="ticket_photos",
        title=_("工单里的图片"),
        purpose=_("处理咨询和投诉"),
        owner="post__ticket__member",
        fields=("post__ticket__number", "post__at"),
        fate=Fate.ERASED,
        files={"name": "private"},
    ),
    Holding(
        model="service.Ticket",
        name="tickets",
        title=_("工单"),
        purpose=_("处理咨询和投诉"),
        fields=("number", "topic", "order__number", "state", "opened_at", "closed_at", "stars", "praise"),
        fate=Fate.KEPT,
        why=_("处理过的投诉按《电子商务法》保存三年，内容清空，只留编号和时间"),
        # Three years: what was praised is the last of the member's own words.
        term=Term(days=3 * 365 + 1, since=("closed_at",), emptied={"praise": ""}),
        anchors=True,
    ),
)
