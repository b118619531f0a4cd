"""Which specs can be chosen together."""

from storefront.rules.choosing import Variant, axes

STRONG_ONE = Variant(1, ("浓香", "一罐"), True)
STRONG_TWO = Variant(2, ("浓香", "两罐"), False)
LIGHT_TWO = Variant(3, ("清香", "两罐"), True)
ALL = [STRONG_ONE, STRONG_TWO, LIGHT_TWO]


def shown(chosen: Variant | None, variants: list[Variant] = ALL) -> dict[str, list[tuple[str, int | None, bool, bool]]]:
    found = axes(names=["香型", "规格"], variants=variants, chosen=chosen)
    return {
        axis.name: [(choice.value, choice.sku_id, choice.is_chosen, choice.is_for_sale) for choice in axis.choices]
        for axis in found
    }


def test_a_value_leads_to_the_sku_that_keeps_what_else_is_chosen() -> None:
    assert shown(STRONG_ONE) == {
        "香型": [("浓香", 1, True, True), ("清香", 3, False, True)],
        "规格": [("一罐", 1, True, True), ("两罐", 2, False, False)],
    }


def test_what_goes_with_nothing_chosen_before_it_leads_nowhere() -> None:
    assert shown(LIGHT_TWO)["规格"] == [("一罐", None, False, False), ("两罐", 3, True, True)]


def test_what_exists_can_always_be_reached_by_the_first_axis() -> None:
    apart = [Variant(1, ("红", "大"), True), Variant(2, ("蓝", "小"), True)]
    assert shown(apart[0], apart)["香型"] == [("红", 1, True, True), ("蓝", 2, False, True)]
    assert shown(apart[1], apart)["规格"] == [("大", None, False, False), ("小", 2, True, True)]


def test_what_is_sold_out_stays_chosen() -> None:
    assert shown(STRONG_TWO)["香型"][0] == ("浓香", 2, True, True)
    assert shown(STRONG_TWO)["规格"][1] == ("两罐", 2, True, False)


def test_something_that_can_be_had_goes_before_something_sold_out() -> None:
    variants = [
        Variant(1, ("浓香", "一罐"), False),
        Variant(2, ("浓香", "两罐"), True),
        Variant(3, ("清香", "一罐"), True),
    ]
    assert shown(variants[2], variants)["香型"][0] == ("浓香", 2, False, True)


def test_nothing_chosen_chooses_nothing_and_skus_that_do_not_fit_are_left_out() -> None:
    assert [row[2] for row in shown(None)["香型"]] == [False, False]
    assert shown(None, [Variant(9, ("只有一个值",), True)]) == {"香型": [], "规格": []}
