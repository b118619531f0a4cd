"""What can be done at the agent's desk, one function each. Time is an argument."""

from .customers import (
    CustomerRefused,
    NoCustomer,
    add_tag,
    drop_note,
    drop_tag,
    finish_reminder,
    forget_former_customers,
    set_reminder,
    write_note,
)
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
from .ranking import NameRefused, count_ranks, hide_name, show_name
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
from .sums import sum_up_earnings, sum_up_members

__all__ = [
    "ITEMS_MAX",
    "PINNED_MAX",
    "CustomerRefused",
    "ItemUnknown",
    "MaterialRefused",
    "MaterialText",
    "NameRefused",
    "NoCustomer",
    "PersonaRefused",
    "ShopRefused",
    "ShopText",
    "add_tag",
    "check_material",
    "count_ranks",
    "drop_note",
    "drop_tag",
    "finish_reminder",
    "forget_former_customers",
    "hide_name",
    "move_item",
    "notice_changes",
    "pin_item",
    "put_in_shop",
    "save_material",
    "save_persona",
    "save_shop",
    "say_of_item",
    "set_reminder",
    "show_name",
    "sum_up_earnings",
    "sum_up_members",
    "take_out_of_shop",
    "use_material",
    "withdraw_material",
    "write_note",
]
