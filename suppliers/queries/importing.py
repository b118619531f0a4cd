"""What is asked when a catalogue is brought along."""

from suppliers.models import Category, ImportMapping, Supplier


def import_mapping(*, supplier: Supplier, source: str) -> ImportMapping | None:
    """Return how a supplier's last file of a platform was read."""
    return ImportMapping.objects.filter(supplier=supplier, source=source).first()


def category_choices() -> list[tuple[int, str]]:
    """Return all categories that have none below them, each with its way from the top: `茶饮 / 绿茶`."""
    rows = list(Category.objects.order_by("tree_id", "lft"))
    names: dict[int, str] = {}
    for row in rows:
        above = names.get(row.parent_id) if row.parent_id else None
        names[row.pk] = f"{above} / {row.name}" if above else row.name
    return [(row.pk, names[row.pk]) for row in rows if row.is_leaf_node()]
