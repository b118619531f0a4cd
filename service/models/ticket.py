"""Questions to people: tickets, what was said in them, and what operators need for answering and sorting."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models import Order
from suppliers.models import Supplier


class Topic(models.TextChoices):
    """What a ticket is about."""

    ORDER = "order", _("订单与配送")
    AFTER_SALE = "after_sale", _("退换与退款")
    PAYMENT = "payment", _("支付与发票")
    GOODS = "goods", _("商品咨询")
    EARNINGS = "earnings", _("收益与提现")
    ACCOUNT = "account", _("账号与隐私")
    OTHER = "other", _("其他")


class TicketState(models.TextChoices):
    """Who is to speak next."""

    WAITING = "waiting", _("待回复")
    ANSWERED = "answered", _("已回复")
    CLOSED = "closed", _("已关闭")


class Author(models.TextChoices):
    """Who speaks. The member sees what the first two wrote; a supplier also what it was asked; notes only operators."""

    MEMBER = "member", _("会员")
    OPERATOR = "operator", _("客服")
    ASK = "ask", _("询问商家")
    SUPPLIER = "supplier", _("商家答复")
    NOTE = "note", _("内部备注")


class Tag(models.Model):
    """What operators count tickets and disputes by. One that is put away is no longer offered."""

    name = models.CharField(max_length=20, unique=True, verbose_name=_("标签"))
    is_active = models.BooleanField(default=True, verbose_name=_("启用"))

    class Meta:
        verbose_name = _("标签")
        verbose_name_plural = _("标签")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Ticket(models.Model):
    """A question of a member. By `reply_due_at` the first answer was promised, by `resolve_due_at` the solution.

    The clock of the solution runs while the mall is to speak: it stands since `stopped_at`, and when it goes on, both
    are moved by as long as it stood. `due_at` is the next of the two, while the ticket waits. A duplicate is closed and
    names in `merged_into` where it goes on.
    """

    number = models.CharField(max_length=24, unique=True, verbose_name=_("编号"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("会员")
    )
    topic = models.CharField(max_length=12, choices=Topic, verbose_name=_("类型"))
    order = models.ForeignKey(
        Order, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("相关订单")
    )
    state = models.CharField(max_length=10, choices=TicketState, default=TicketState.WAITING, verbose_name=_("状态"))
    opened_at = models.DateTimeField(verbose_name=_("提交时间"))
    reply_due_at = models.DateTimeField(verbose_name=_("首次回复期限"))
    resolve_due_at = models.DateTimeField(verbose_name=_("解决期限"))
    stopped_at = models.DateTimeField(null=True, blank=True, verbose_name=_("停表时间"))
    due_at = models.DateTimeField(null=True, blank=True, verbose_name=_("下一期限"))
    first_replied_at = models.DateTimeField(null=True, blank=True, verbose_name=_("首次回复时间"))
    waiting_since = models.DateTimeField(null=True, blank=True, verbose_name=_("等待自"))
    last_at = models.DateTimeField(verbose_name=_("最后一条"))
    closed_at = models.DateTimeField(null=True, blank=True, verbose_name=_("关闭时间"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("受理人"),
    )
    asked = models.ForeignKey(
        Supplier, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("询问商家")
    )
    # Whose goods it is about: of its order, or else who was asked.
    supplier = models.ForeignKey(
        Supplier,
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("供应商"),
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates", verbose_name=_("并入")
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="tickets", verbose_name=_("标签"))
    stars = models.PositiveSmallIntegerField(null=True, blank=True, verbose_name=_("满意度"))
    praise = models.CharField(max_length=200, blank=True, verbose_name=_("评价"))
    idempotency_key = models.CharField(max_length=64, verbose_name=_("幂等键"))

    class Meta:
        verbose_name = _("工单")
        verbose_name_plural = _("工单")
        constraints = [
            models.UniqueConstraint(fields=["member", "idempotency_key"], name="service_ticket_key_unique"),
            models.CheckConstraint(condition=Q(state__in=TicketState.values), name="service_ticket_state_known"),
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="service_ticket_topic_known"),
            models.CheckConstraint(
                condition=Q(stars__isnull=True) | Q(stars__gte=1, stars__lte=5), name="service_ticket_stars_one_to_five"
            ),
            models.CheckConstraint(
                condition=Q(state=TicketState.CLOSED, closed_at__isnull=False)
                | (~Q(state=TicketState.CLOSED) & Q(closed_at__isnull=True)),
                name="service_ticket_closed_at_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(state=TicketState.WAITING, due_at__isnull=False, stopped_at__isnull=True)
                | (~Q(state=TicketState.WAITING) & Q(due_at__isnull=True, stopped_at__isnull=False)),
                name="service_ticket_clock_runs_while_waiting",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | (Q(state=TicketState.CLOSED) & ~Q(merged_into=F("id"))),
                name="service_ticket_merged_is_closed",
            ),
        ]
        indexes = [
            # A member's tickets, newest first.
            models.Index(fields=["member", "-last_at"], name="service_ticket_of_member"),
            # The queue by deadline: of all, of an operator, of a supplier, of a topic.
            models.Index(fields=["due_at", "id"], name="service_ticket_due", condition=Q(state=TicketState.WAITING)),
            models.Index(
                fields=["assignee", "due_at", "id"],
                name="service_ticket_due_of_assignee",
                condition=Q(state=TicketState.WAITING),
            ),
            models.Index(
                fields=["supplier", "due_at", "id"],
                name="service_ticket_due_of_supplier",
                condition=Q(state=TicketState.WAITING),
            ),
            # What waits for its member, and everything: the latest first.
            models.Index(
                fields=["-last_at", "-id"], name="service_ticket_answered", condition=Q(state=TicketState.ANSWERED)
            ),
            models.Index(fields=["-last_at", "-id"], name="service_ticket_latest"),
            models.Index(fields=["topic", "-last_at", "-id"], name="service_ticket_of_topic"),
            models.Index(fields=["assignee", "-last_at", "-id"], name="service_ticket_of_assignee"),
            models.Index(fields=["supplier", "-last_at", "-id"], name="service_ticket_of_supplier"),
            # What was asked in a week.
            models.Index(fields=["opened_at"], name="service_ticket_opened"),
        ]

    def __str__(self) -> str:
        return self.number


class TicketPost(models.Model):
    """One thing that was said in a ticket. It is never edited."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="posts", verbose_name=_("工单"))
    author = models.CharField(max_length=10, choices=Author, verbose_name=_("谁"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("账号")
    )
    text = models.CharField(max_length=1000, verbose_name=_("内容"))
    at = models.DateTimeField(verbose_name=_("时间"))

    class Meta:
        verbose_name = _("工单回复")
        verbose_name_plural = _("工单回复")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(author__in=Author.values), name="service_ticket_post_author_known")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.author}"


class TicketPhoto(models.Model):
    """A photo of a post; private, so shown to the member, the asked supplier and operators alone."""

    post = models.ForeignKey(TicketPost, on_delete=models.CASCADE, related_name="photos", verbose_name=_("回复"))
    name = models.CharField(max_length=120, unique=True, verbose_name=_("文件"))
    width = models.PositiveSmallIntegerField(verbose_name=_("宽"))
    height = models.PositiveSmallIntegerField(verbose_name=_("高"))

    class Meta:
        verbose_name = _("工单照片")
        verbose_name_plural = _("工单照片")

    def __str__(self) -> str:
        return self.name


class ReplyTemplate(models.Model):
    """A text that operators answer with often; what of it is filled in stands in `rules.PLACEHOLDERS`."""

    title = models.CharField(max_length=30, verbose_name=_("名称"))
    topic = models.CharField(max_length=12, choices=Topic, blank=True, verbose_name=_("类型"))
    text = models.CharField(max_length=1000, verbose_name=_("内容"))
    position = models.PositiveSmallIntegerField(default=0, verbose_name=_("排序"))

    class Meta:
        verbose_name = _("回复模板")
        verbose_name_plural = _("回复模板")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title
