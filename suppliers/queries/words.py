"""Chinese full text for other apps: the same words that products are found by."""

from collections.abc import Iterable

from suppliers.rules import groups_of, query_of, vector


def words_vector(*, fields: Iterable[tuple[str, str]], spelled: Iterable[str] = ()) -> str:
    """Return the literal of a `tsvector` (cast it): `fields` are (text, weight A to D), `spelled` words to be found by
    their pinyin too."""
    return vector(fields, spelled=spelled)


def words_query(*, text: str) -> str:
    """Return the literal of a `tsquery` (cast it) for what somebody typed; empty where there is no word in it."""
    return query_of(groups_of(text))
