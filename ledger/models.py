"""Accounts, journal entries and postings. `docs/ledger.md` says what guards them.

A debit is a positive amount, a credit a negative one, and the lines of an entry sum to zero. Triggers
(`migrations/0002_guards.py`) refuse an unbalanced entry, a line added to a committed entry, and any update or delete.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

# The number of the present transaction, the same inside savepoints.
CURRENT_XACT = Func(template="(pg_current_xact_id()::text::bigint)", output_field=models.BigIntegerField())


class AccountKind(models.IntegerChoices):
    PENDING = 1, _("待结算")
    HELD = 2, _("冻结")
    AVAILABLE = 3, _("可提现")
    WITHDRAWING = 4, _("提现中")
    DEBT = 5, _("追缴欠款")
    SUPPORT_FUND = 10, _("帮扶基金")
    CASH = 20, _("渠道资金")
    REVENUE = 21, _("销售收入")
    COST_OF_GOODS = 22, _("销售成本")
    SUPPLIER_PAYABLE = 23, _("应付供应商")
    REWARD_EXPENSE = 24, _("奖励支出")
    WITHDRAWAL_FEE = 25, _("提现服务费")
    TAX_PAYABLE = 26, _("代扣税款")
    REFUND_PAYABLE = 27, _("应退款项")
    COMMISSION_EXPENSE = 28, _("零售佣金支出")
    ADJUSTMENT_EXPENSE = 29, _("人工调整支出")
    PLATFORM_FEE = 30, _("平台服务费收入")
    COMMISSION_BORNE = 31, _("供应商承担的佣金")


MEMBER_KINDS = (
    AccountKind.PENDING,
    AccountKind.HELD,
    AccountKind.AVAILABLE,
    AccountKind.WITHDRAWING,
    AccountKind.DEBT,
)
KEPT_KINDS = (*MEMBER_KINDS, AccountKind.SUPPORT_FUND)
DEBIT_KINDS = frozenset(
    {
        AccountKind.DEBT,
        AccountKind.CASH,
        AccountKind.COST_OF_GOODS,
        AccountKind.REWARD_EXPENSE,
        AccountKind.COMMISSION_EXPENSE,
        AccountKind.ADJUSTMENT_EXPENSE,
    }
)


def account_id(kind: int, holder_id: int = 0) -> int:
    """Return the id of the account of `kind` (below 32) that belongs to `holder_id`."""
    return holder_id * 32 + kind


class Account(models.Model):
    """One account. `balance_fen` is kept, on the account's natural side, for members' accounts and the support fund;
    busy platform accounts carry none (0) and are summed from checkpoints, so that no row is hot.
    """

    id = models.BigIntegerField(primary_key=True)
    kind = models.SmallIntegerField(choices=AccountKind, verbose_name=_("科目"))
    holder_id = models.BigIntegerField(default=0, verbose_name=_("户主编号"))
    balance_fen = models.BigIntegerField(default=0, verbose_name=_("余额（分）"))

    class Meta:
        verbose_name = _("账户")
        verbose_name_plural = _("账户")
        constraints = [
            # The id says what the account is for (`account_id`), so that nobody has to look it up.
            models.CheckConstraint(
                condition=Q(pk=F("holder_id") * 32 + F("kind")), name="ledger_account_id_from_holder_and_kind"
            ),
            models.CheckConstraint(
                condition=Q(balance_fen__gte=0) | ~Q(kind__in=[kind.value for kind in MEMBER_KINDS]),
                name="ledger_account_member_balance_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(balance_fen=0) | Q(kind__in=[kind.value for kind in KEPT_KINDS]),
                name="ledger_account_platform_balance_not_kept",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class JournalEntry(models.Model):
    """One thing that happened, in money. Unique by kind and reference, balanced, sealed when committed.

    `debit_fen` is the sum of its debits and `line_count` the number of its lines, so that even a balanced pair of
    lines smuggled in later contradicts its entry. `xact_id` is the transaction that wrote it: postings may only be
    added by the same one.
    """

    kind = models.CharField(max_length=32, verbose_name=_("类型"))
    reference = models.CharField(max_length=96, verbose_name=_("关联单号"))
    at = models.DateTimeField(verbose_name=_("发生时间"))
    memo = models.CharField(max_length=200, blank=True, default="", db_default="", verbose_name=_("摘要"))
    debit_fen = models.BigIntegerField(verbose_name=_("借方合计（分）"))
    line_count = models.SmallIntegerField(verbose_name=_("分录行数"))
    xact_id = models.BigIntegerField(editable=False, db_default=CURRENT_XACT)
    created_at = models.DateTimeField(editable=False, db_default=Now())

    class Meta:
        verbose_name = _("凭证")
        verbose_name_plural = _("凭证")
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="ledger_journalentry_unique"),
            models.CheckConstraint(condition=Q(debit_fen__gt=0), name="ledger_journalentry_debit_positive"),
            models.CheckConstraint(condition=Q(line_count__gte=2), name="ledger_journalentry_two_lines"),
        ]
        # Entries since the last checkpoint, and those of a day; both come nearly in order, so block ranges are enough.
        indexes = [
            BrinIndex(fields=["xact_id"], name="ledger_journalentry_xact", autosummarize=True),
            BrinIndex(fields=["at"], name="ledger_journalentry_at", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Posting(models.Model):
    """One line of an entry. `entry` and `account` have no foreign key in the database: the seal trigger looks the
    entry up anyway, entries are never deleted, and a key on the shared platform accounts would make them hot
    (`docs/ledger.md`); `ledger_verify` looks for orphans.
    """

    entry = models.ForeignKey(
        JournalEntry, on_delete=models.DO_NOTHING, db_constraint=False, related_name="postings", verbose_name=_("凭证")
    )
    account = models.ForeignKey(
        Account,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="postings",
        verbose_name=_("账户"),
    )
    amount_fen = models.BigIntegerField(verbose_name=_("金额（分，借正贷负）"))

    class Meta:
        verbose_name = _("分录")
        verbose_name_plural = _("分录")
        constraints = [models.CheckConstraint(condition=~Q(amount_fen=0), name="ledger_posting_amount_nonzero")]
        # A statement of one account, newest first, and its replay.
        indexes = [models.Index(fields=["account", "id"], name="ledger_posting_account")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.amount_fen}"


class Checkpoint(models.Model):
    """The sum of an account's postings in entries whose transaction came before `before_xact_id`."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True)
    before_xact_id = models.BigIntegerField()
    debit_fen = models.BigIntegerField()

    class Meta:
        verbose_name = _("余额检查点")
        verbose_name_plural = _("余额检查点")

    def __str__(self) -> str:
        return f"{self.account_id}: {self.debit_fen}"


class ChainEntry(models.Model):
    """One holder's part of an entry, chained to the holder's part before it; written by `chaining`, never changed.

    `leaf` is the hash of the canonical text, `head` the hash of the chain up to here (`rules`). As with a posting, the
    entry has no foreign key in the database.
    """

    holder_id = models.BigIntegerField(verbose_name=_("户主编号"))
    sequence = models.IntegerField(verbose_name=_("序号"))
    entry = models.ForeignKey(
        JournalEntry,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="chained",
        verbose_name=_("凭证"),
    )
    leaf = models.BinaryField(verbose_name=_("凭证哈希"))
    head = models.BinaryField(verbose_name=_("链头哈希"))

    class Meta:
        verbose_name = _("凭证链")
        verbose_name_plural = _("凭证链")
        constraints = [
            models.CheckConstraint(condition=Q(sequence__gte=1), name="ledger_chainentry_sequence_from_one"),
            # Also the way along a chain, and to its head.
            models.UniqueConstraint(fields=["holder_id", "sequence"], name="ledger_chainentry_next_once"),
            models.UniqueConstraint(fields=["entry", "holder_id"], name="ledger_chainentry_entry_once"),
        ]
        # Whoever has a chain, in order: the leaves of a day's tree.
        indexes = [models.Index(fields=["holder_id"], name="ledger_chainentry_holders", condition=Q(sequence=1))]

    def __str__(self) -> str:
        return f"{self.holder_id} {self.sequence}"


class ChainCursor(models.Model):
    """How far the books are chained: every entry up to this one, by the transaction that wrote it and then by id."""

    ONLY = 1

    xact_id = models.BigIntegerField(default=0)
    entry_id = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="ledger_chaincursor_single")]

    def __str__(self) -> str:
        return f"{self.xact_id} {self.entry_id}"


class DailyRoot(models.Model):
    """The root of the tree over all chains' heads, as it was published on a day; never changed.

    The tree holds what was chained up to `last_chained_id`, a `ChainEntry`.
    """

    date = models.DateField(unique=True, verbose_name=_("日期"))
    root = models.BinaryField(verbose_name=_("根哈希"))
    holders = models.IntegerField(verbose_name=_("账户人数"))
    entries = models.BigIntegerField(verbose_name=_("凭证数"))
    last_chained_id = models.BigIntegerField()
    published_at = models.DateTimeField(verbose_name=_("公布时间"))

    class Meta:
        verbose_name = _("每日根哈希")
        verbose_name_plural = _("每日根哈希")

    def __str__(self) -> str:
        return str(self.date)


class RootBlock(models.Model):
    """A piece of a day's tree: the root over `rules.BLOCK` neighbouring heads, so that a path needs only one piece."""

    root = models.ForeignKey(DailyRoot, on_delete=models.PROTECT, db_index=False, related_name="blocks")
    place = models.IntegerField()
    first_holder_id = models.BigIntegerField()
    node = models.BinaryField()

    class Meta:
        verbose_name = _("根哈希分块")
        verbose_name_plural = _("根哈希分块")
        constraints = [models.UniqueConstraint(fields=["root", "place"], name="ledger_rootblock_place_once")]

    def __str__(self) -> str:
        return f"{self.root_id} {self.place}"
