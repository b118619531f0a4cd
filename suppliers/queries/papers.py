"""What is asked about papers of suppliers: which permits goods need, what runs out, what waits."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from suppliers.models import Category, PaperState, PermitLapse, Product, Qualification, Supplier
from suppliers.rules import papers as rules

# So long a supplier is shown what came back.
REJECTED_DAYS = 60
# How pages colour a state, and how near the end of a paper is.
PAPER_TONES = {
    PaperState.WAITING: "warn",
    PaperState.APPROVED: "good",
    PaperState.REJECTED: "bad",
    PaperState.REPLACED: "",
    PaperState.WITHDRAWN: "",
}
EXPIRY_TONES = {rules.EXPIRED: "bad", rules.SOON: "warn", rules.LATER: "info", rules.GOOD: ""}


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper as a list of its supplier's shows it: how it stands and how near its end is, each with a tone."""

    paper: Qualification
    state_words: str
    state_tone: str
    expiry_words: str
    expiry_tone: str

    @property
    def can_be_renewed(self) -> bool:
        return self.paper.state == PaperState.APPROVED


def expiry_words(*, valid_until: date, today: date) -> str:
    """Return how long a paper is good yet, in words."""
    left = (valid_until - today).days
    if left < 0:
        return _("已过期")
    return _("还有 %(days)d 天") % {"days": left} if left else _("今天到期")


def paper_lines(*, supplier: Supplier, today: date) -> list[PaperLine]:
    """Return the papers of a supplier that count, wait, or came back lately, those that run out first on top."""
    return [_line_of(paper, today) for paper in papers_of(supplier=supplier, today=today)]


def _line_of(paper: Qualification, today: date) -> PaperLine:
    state = PaperState(paper.state)
    expiry = rules.expiry_of(paper.valid_until, today) if state == PaperState.APPROVED else rules.GOOD
    lapsed = state == PaperState.APPROVED and paper.lapsed_at is not None
    return PaperLine(
        paper=paper,
        state_words=_("已失效") if lapsed else str(state.label),
        state_tone="bad" if lapsed else PAPER_TONES[state],
        expiry_words=expiry_words(valid_until=paper.valid_until, today=today)
        if paper.valid_until is not None and expiry != rules.GOOD
        else "",
        expiry_tone=EXPIRY_TONES[expiry],
    )


def permits_of(*, category_id: int) -> list[str]:
    """Return which permits goods of a category need: its own, and those of the categories above it."""
    category = Category.objects.filter(pk=category_id).first()
    if category is None:
        return []
    above = category.get_ancestors(include_self=True).exclude(permit="").order_by()
    return sorted(set(above.values_list("permit", flat=True)))


def categories_by_permit() -> dict[str, set[int]]:
    """Return for each permit that is asked for the categories whose goods need it."""
    found: dict[str, set[int]] = defaultdict(set)
    rows = list(Category.objects.values_list("pk", "tree_id", "lft", "rght", "permit"))
    for _pk, tree, left, right, permit in rows:
        if permit:
            found[permit] |= {
                other for other, its_tree, its_left, _r, _p in rows if its_tree == tree and left <= its_left < right
            }
    return found


def in_force(*, supplier_id: int, kind: str, product_id: int) -> QuerySet[Qualification]:
    """Return the papers of a kind with which a product can be sold now."""
    own = Qualification.objects.filter(supplier=supplier_id, kind=kind, state=PaperState.APPROVED, lapsed_at=None)
    return own.filter(Q(product=None) | Q(product=product_id))


def goods_without_permit(*, paper: Qualification) -> QuerySet[Product]:
    """Return what is on the shelf, was covered by this permit, and is covered by none of its kind that counts."""
    covered = Qualification.objects.filter(
        Q(product=None) | Q(product=OuterRef("pk")),
        supplier=paper.supplier_id,
        kind=paper.kind,
        state=PaperState.APPROVED,
        lapsed_at=None,
    )
    goods = Product.objects.filter(
        ~Exists(covered),
        supplier=paper.supplier_id,
        is_published=True,
        category__in=categories_by_permit().get(paper.kind, set()),
    )
    return (goods if paper.product_id is None else goods.filter(pk=paper.product_id)).order_by("pk")


def goods_lacking(*, category: Category, permit: str) -> int:
    """Return how many goods of a category, and of those below it, are on the shelf without this permit."""
    covered = Qualification.objects.filter(
        Q(product=None) | Q(product=OuterRef("pk")),
        supplier=OuterRef("supplier"),
        kind=permit,
        state=PaperState.APPROVED,
        lapsed_at=None,
    )
    below = category.get_descendants(include_self=True).order_by().values("pk")
    return Product.objects.filter(~Exists(covered), is_published=True, category__in=below).count()


def papers_of(*, supplier: Supplier, today: date) -> QuerySet[Qualification]:
    """Return the papers of a supplier that count, wait, or came back lately, those that run out first on top."""
    lately = Q(state=PaperState.REJECTED, decided_at__date__gte=today - timedelta(days=REJECTED_DAYS))
    own = Qualification.objects.filter(
        Q(state__in=(PaperState.APPROVED, PaperState.WAITING)) | lately, supplier=supplier
    )
    return own.select_related("product").order_by("valid_until", "pk")


def expiring_counts(*, supplier: Supplier, today: date) -> dict[str, int]:
    """Return how many papers of a supplier ran out, run out within 30 days, and within 60, and have no successor that
    waits."""
    own = expiring(papers=Qualification.objects.filter(supplier=supplier), today=today)
    waits = Qualification.objects.filter(replaces=OuterRef("pk"), state=PaperState.WAITING)
    found = own.filter(~Exists(waits)).aggregate(
        expired=Count("pk", filter=Q(valid_until__lt=today)),
        soon=Count("pk", filter=Q(valid_until__gte=today, valid_until__lte=today + timedelta(days=rules.SOON_DAYS))),
        later=Count("pk", filter=Q(valid_until__gt=today + timedelta(days=rules.SOON_DAYS))),
    )
    return {name: int(count) for name, count in found.items()}


def expiring(*, papers: QuerySet[Qualification], today: date) -> QuerySet[Qualification]:
    """Return those of the papers that ran out or run out within 60 days."""
    return papers.filter(state=PaperState.APPROVED, valid_until__lte=today + timedelta(days=rules.LATER_DAYS))


def papers_waiting() -> QuerySet[Qualification]:
    """Return the papers that wait for an operator."""
    return Qualification.objects.filter(state=PaperState.WAITING)


def lapses_of(*, supplier: Supplier) -> QuerySet[PermitLapse]:
    """Return which goods are off the shelf because a permit ran out, the latest first."""
    own = PermitLapse.objects.filter(product__supplier=supplier, product__is_published=False)
    return own.select_related("product", "paper").order_by("-at", "-pk")
