"""What the agent's desk keeps of a person: one's own, and what an adviser wrote down about one."""

from django.utils.translation import gettext_lazy as _

from mall.core.personal import Fate, Holding

_SERVE = _("记住怎样服务客户")

HOLDINGS = (
    Holding(
        model="agents.Shop",
        name="shop",
        title=_("你的小店"),
        purpose=_("让顾客看到你挑的商品"),
        owner="owner",
        fields=("name", "notice", "pinned_text", "picture", "is_open", "opened_at", "saved_at"),
        fate=Fate.ERASED,
    ),
    Holding(
        model="agents.ShopItem",
        name="shop_items",
        title=_("小店里的商品"),
        purpose=_("让顾客看到你挑的商品"),
        owner="shop__owner",
        fields=("product__name", "words", "position", "is_pinned", "added_at"),
        fate=Fate.ERASED,
    ),
    Holding(
        model="agents.Persona",
        name="persona",
        title=_("个人名片"),
        purpose=_("让顾客知道是谁在推荐"),
        fields=("intro", "tags", "saved_at"),
        fate=Fate.ERASED,
    ),
    Holding(
        model="agents.MaterialUse",
        name="material_uses",
        title=_("你用过的素材"),
        purpose=_("统计素材使用次数"),
        fields=("material__title", "kind", "at"),
        fate=Fate.ERASED,
    ),
    Holding(
        model="agents.CustomerTag",
        name="customer_tags",
        title=_("你给客户的标签"),
        purpose=_SERVE,
        owner="adviser",
        fields=("customer__public_id", "name"),
        fate=Fate.ERASED,
    ),
    Holding(
        model="agents.CustomerTag",
        name="tags_about_you",
        title=_("顾问给你的标签"),
        purpose=_SERVE,
        owner="customer",
        fields=("name",),
        fate=Fate.ERASED,
    ),
    Holding(
        model="agents.CustomerNote",
        name="customer_notes",
        title=_("你写的客户备注"),
        purpose=_SERVE,
        owner="adviser",
        fields=("customer__public_id", "text", "at"),
        fate=Fate.ERASED,
    ),
    Holding(
        model="agents.CustomerNote",
        name="notes_about_you",
        title=_("顾问写的关于你的备注"),
        purpose=_SERVE,
        owner="customer",
        fields=("text", "at"),
        fate=Fate.ERASED,
    ),
    Holding(
        model="agents.Reminder",
        name="reminders",
        title=_("你设的跟进提醒"),
        purpose=_SERVE,
        owner="adviser",
        fields=("customer__public_id", "due_date", "text", "done_at"),
        fate=Fate.ERASED,
    ),
    Holding(
        model="agents.Reminder",
        name="reminders_about_you",
        title=_("顾问设的关于你的提醒"),
        purpose=_SERVE,
        owner="customer",
        fields=("due_date", "text", "done_at"),
        fate=Fate.ERASED,
    ),
    Holding(
        model="agents.RankEntry",
        name="ranks",
        title=_("排行名次"),
        purpose=_("显示服务排行"),
        fields=("kind", "span", "starts_date", "place", "value", "customers"),
        fate=Fate.ERASED,
    ),
    Holding(
        model="agents.RankName",
        name="rank_name",
        title=_("排行显示名"),
        purpose=_("显示服务排行"),
        fields=("name", "at"),
        fate=Fate.ERASED,
    ),
)
