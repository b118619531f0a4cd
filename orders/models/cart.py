"""What members and guests have in their carts."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from suppliers.models import Sku


class CartItem(models.Model):
    """So many of a SKU in the cart of a member, or of a guest, known by the hash of a random cookie.

    `price_fen` is what it cost when it was added, for saying how the price has moved since: nothing is charged by it.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="cart_items",
        verbose_name=_("会员"),
    )
    guest_hash = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+", verbose_name=_("规格"))
    quantity = models.PositiveIntegerField(verbose_name=_("数量"))
    is_chosen = models.BooleanField(default=True, db_default=True, verbose_name=_("已选"))
    price_fen = models.BigIntegerField(verbose_name=_("加入时价格（分）"))
    added_at = models.DateTimeField(verbose_name=_("加入时间"))
    changed_at = models.DateTimeField(verbose_name=_("修改时间"))

    class Meta:
        verbose_name = _("购物车商品")
        verbose_name_plural = _("购物车商品")
        constraints = [
            models.CheckConstraint(
                condition=(Q(member__isnull=False) & Q(guest_hash="")) | (Q(member__isnull=True) & ~Q(guest_hash="")),
                name="orders_cartitem_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=99), name="orders_cartitem_quantity_within_bounds"
            ),
            models.CheckConstraint(condition=Q(price_fen__gt=0), name="orders_cartitem_price_positive"),
            # Also what finds a cart.
            models.UniqueConstraint(
                fields=["member", "sku"], condition=Q(member__isnull=False), name="orders_cartitem_once_a_member"
            ),
            models.UniqueConstraint(
                fields=["guest_hash", "sku"], condition=~Q(guest_hash=""), name="orders_cartitem_once_a_guest"
            ),
        ]
        indexes = [
            # Guests' carts to be forgotten.
            models.Index(fields=["changed_at"], name="orders_cartitem_to_prune", condition=~Q(guest_hash="")),
        ]

    def __str__(self) -> str:
        return f"{self.sku} × {self.quantity}"
