"""What this app keeps of a person."""

from django.utils.translation import gettext_lazy as _

from mall.core.personal import Fate, Holding

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
)
