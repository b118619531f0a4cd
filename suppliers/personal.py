"""What this app keeps of a person."""

from django.utils.translation import gettext_lazy as _

from mall.core.personal import Fate, Holding

HOLDINGS = (
    Holding(
        model="suppliers.Favourite",
        name="favourites",
        title=_("收藏"),
        purpose=_("让你再找到喜欢的商品"),
        fields=("product__name", "product__slug", "price_fen", "added_at"),
        fate=Fate.ERASED,
        moves=True,
    ),
    Holding(
        model="suppliers.ProductView",
        name="viewed",
        title=_("看过的商品"),
        purpose=_("个性化推荐，只在你同意后记录"),
        fields=("product__name", "product__slug", "date", "at"),
        fate=Fate.ERASED,
        moves=True,
    ),
    Holding(
        model="suppliers.SearchHistory",
        name="searches",
        title=_("搜索历史"),
        purpose=_("让你再搜一次更快"),
        fields=("word", "at"),
        fate=Fate.ERASED,
        moves=True,
    ),
    Holding(
        model="suppliers.ArrivalNotice",
        name="arrival_notices",
        title=_("到货提醒"),
        purpose=_("到货时通知你"),
        fields=("sku__product__name", "sku__spec", "asked_at", "notified_at"),
        fate=Fate.ERASED,
        moves=True,
    ),
    Holding(
        model="suppliers.SupplierUser",
        name="supplier_seat",
        title=_("供应商席位"),
        purpose=_("登录供应商后台"),
        fields=("supplier__name", "role", "is_active", "created_at"),
        fate=Fate.ERASED,
        anchors=True,
    ),
)
