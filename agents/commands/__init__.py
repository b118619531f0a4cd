"""What can be done at the agent's desk, one function each. Time is an argument."""

from .materials import (
    MaterialRefused,
    MaterialText,
    check_material,
    save_material,
    use_material,
    withdraw_material,
)
from .noticing import notice_changes
from .persona import PersonaRefused, save_persona
from .shop import (
    ITEMS_MAX,
    PINNED_MAX,
    ItemUnknown,
    ShopRefused,
    ShopText,
    move_item,
    pin_item,
    put_in_shop,
    save_shop,
    say_of_item,
    take_out_of_shop,
)

__all__ = [
    "ITEMS_MAX",
    "PINNED_MAX",
    "ItemUnknown",
    "MaterialRefused",
    "MaterialText",
    "PersonaRefused",
    "ShopRefused",
    "ShopText",
    "check_material",
    "move_item",
    "notice_changes",
    "pin_item",
    "put_in_shop",
    "save_material",
    "save_persona",
    "save_shop",
    "say_of_item",
    "take_out_of_shop",
    "use_material",
    "withdraw_material",
]
