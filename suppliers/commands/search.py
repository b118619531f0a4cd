"""What products are found by, kept with the products themselves."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction

from mall.core import arrays
from suppliers.models import Product
from suppliers.rules import WORD_MAX, folded, is_latin, plain_text, spelling, vector, whole_words

BATCH = 500
_WRITE = """
INSERT INTO suppliers_searchdocument (product_id, vector, pinyin, initials)
SELECT product_id, vector::tsvector, pinyin, initials
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS row (product_id, vector, pinyin, initials)
ON CONFLICT (product_id) DO UPDATE
SET vector = excluded.vector, pinyin = excluded.pinyin, initials = excluded.initials
"""
_TERMS = """
INSERT INTO suppliers_searchterm (word, pinyin, initials, products)
SELECT word, pinyin, initials, products
FROM unnest(%s::text[], %s::text[], %s::text[], %s::integer[]) AS row (word, pinyin, initials, products)
ORDER BY word
ON CONFLICT (word) DO
"""
_COUNT = "UPDATE SET products = excluded.products"


def index_product(*, product: Any) -> None:
    """Write what a product is found by. Called by every command that writes a product; a repeat changes nothing."""
    _write([product], known="NOTHING")


def index_products(*, product_ids: Sequence[int]) -> None:
    """Write what many products are found by, as `index_product` does for one."""
    rows = Product.objects.filter(pk__in=product_ids).select_related("brand", "category__parent").order_by("pk")
    for start in range(0, len(product_ids), BATCH):
        _write(list(rows[start : start + BATCH]), known="NOTHING")


def rebuild_search(*, products: Any | None = None) -> int:
    """Write what all products are found by, and count how many each word finds; words that find none are dropped.

    Returns how many products there are.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        rows = (Product.objects.all() if products is None else products).select_related("brand", "category__parent")
        cursor.execute("DELETE FROM suppliers_searchterm")
        counted: Counter[str] = Counter()
        done = 0
        batch: list[Any] = []
        for product in rows.order_by("pk").iterator(chunk_size=BATCH):
            batch.append(product)
            counted.update(_terms(product))
            if len(batch) == BATCH:
                done += _documents(batch)
                batch = []
        done += _documents(batch)
        _write_terms(counted, known=_COUNT)
    return done


def _write(products: Sequence[Any], *, known: str) -> None:
    with transaction.atomic():
        _documents(products)
        _write_terms(Counter(word for product in products for word in _terms(product)), known=known)


def _documents(products: Sequence[Any]) -> int:
    if not products:
        return 0
    names = [spelling(product.name) for product in products]
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
                arrays.numbers([product.pk for product in products]),
                arrays.texts([_vector(product) for product in products]),
                arrays.texts([name.pinyin for name in names]),
                arrays.texts([name.initials for name in names]),
            ],
        )
    return len(products)


def _write_terms(counted: Counter[str], *, known: str) -> None:
    if not counted:
        return
    words = sorted(counted)
    spelt = [spelling(word) for word in words]
    with connection.cursor() as cursor:
        cursor.execute(
            _TERMS + known,
            [
                arrays.texts(words),
                arrays.texts([each.pinyin for each in spelt]),
                arrays.texts([each.initials for each in spelt]),
                arrays.numbers([counted[word] for word in words]),
            ],
        )


def _vector(product: Any) -> str:
    brand = product.brand.name if product.brand else ""
    above = product.category.parent
    detail = " ".join(
        f"{block.get('title', '')} {block.get('text', '')} {plain_text(block.get('html', ''))}"
        for block in product.detail
    )
    # Who asks for tea wants what stands among the teas, rather than whatever has the character in its name.
    fields = (
        (product.name, "AC"),
        (f"{brand} {product.label}", "AD"),
        (f"{product.category.name} {above.name if above else ''}", "AA"),
        (product.keywords, "BC"),
        (f"{product.subtitle} {product.origin}", "CD"),
        (detail, "D"),
    )
    return vector(fields, spelled=_terms(product))


def _terms(product: Any) -> Iterable[str]:
    """The words by which people know a product: of its name, brand, category, label and keywords."""
    brand = product.brand.name if product.brand else ""
    named = f"{product.name} {product.label} {brand} {product.category.name} {product.keywords}"
    whole = {folded(text) for text in (product.label, brand, product.category.name, *product.keywords.split())}
    words = {*whole_words(named), *whole}
    return sorted(word for word in words if 2 <= len(word) <= WORD_MAX and not word.isdigit() and not _is_measure(word))


def _is_measure(word: str) -> bool:
    """Say whether a word is a number with a unit: `60g`."""
    return is_latin(word) and word[0].isdigit()
