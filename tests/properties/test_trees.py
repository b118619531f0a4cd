"""The tree of a day: every leaf has a path to the root, and no other leaf has."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from ledger import rules

nodes = st.integers(1, 70).map(lambda count: [sha256(str(number).encode()).digest() for number in range(count)])


def split_root(leaves: list[bytes]) -> bytes:
    """The same root said in another way: cut at the largest power of two below the count (RFC 6962, 2.1)."""
    if len(leaves) == 1:
        return leaves[0]
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return rules.node_hash(split_root(leaves[:cut]), split_root(leaves[cut:]))


@given(nodes, st.data())
def test_every_leaf_leads_to_the_root_and_another_in_its_place_does_not(
    leaves: list[bytes], data: st.DataObject
) -> None:
    root = rules.tree_root(leaves)
    place = data.draw(st.integers(0, len(leaves) - 1))
    path = rules.tree_path(leaves, place)
    assert rules.root_by_path(leaves[place], path) == root == split_root(leaves)
    assert rules.root_by_path(sha256(b"other").digest(), path) != root
    assert len(path) <= (len(leaves) - 1).bit_length()


@given(nodes)
def test_a_leaf_more_or_doubled_is_another_root(leaves: list[bytes]) -> None:
    assert rules.tree_root([*leaves, leaves[-1]]) != rules.tree_root(leaves)


@given(nodes, st.sampled_from([2, 4, 8]))
def test_pieces_of_a_tree_give_the_root_of_the_whole(leaves: list[bytes], piece: int) -> None:
    pieces = [rules.tree_root(leaves[start : start + piece]) for start in range(0, len(leaves), piece)]
    assert rules.tree_root(pieces) == rules.tree_root(leaves)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_a_hash_of_one_thing_passes_for_no_other(left: bytes, right: bytes) -> None:
    assert rules.node_hash(left, right) != rules.next_head(left, right)
