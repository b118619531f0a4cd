"""What a product's commission is in yuan, for suppliers and operators, and the form that sets it at /ops/."""

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core.money import share_fen, yuan
from suppliers.models import Product
from suppliers.rules import COMMISSION_BPS_MAX

from .fields import PercentField


class CommissionForm(forms.Form):
    """A share of the price, in percent."""

    commission_bps = PercentField(
        label=gettext_lazy("零售佣金（%）"),
        bps_max=COMMISSION_BPS_MAX,
        help_text=gettext_lazy("按实付商品金额计，从下一单起；不填就没有"),
    )


def commission_in_yuan(product: Product) -> SafeString | str:
    """Return what a shopkeeper gets of one piece of each SKU, and what is left after the supply price."""
    if not product.pk or not product.commission_bps:
        return _("没有")
    words = []
    for sku in product.skus.order_by("pk"):
        if sku.sale_price_fen is not None:
            commission = share_fen(sku.sale_price_fen, product.commission_bps)
            left = sku.sale_price_fen - sku.supply_price_fen - commission
            said = {"spec": sku.spec, "commission": yuan(commission), "left": yuan(left)}
            words.append((_("%(spec)s：佣金 %(commission)s，平台剩 %(left)s") % said,))
    return format_html_join("", "<div>{}</div>", words)
