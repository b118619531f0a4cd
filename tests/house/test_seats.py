"""Every view of `/supplier/` stands in the table of roles (`mall/core/seats.py`); what has no line is refused."""

from mall.core.admin import supplier_site
from mall.core.seats import PAGES, SITE_PAGES, Role, right_of
from tests.suppliers.firms import views

# Django makes these addresses for every model; where the table does not name them nobody opens them.
NOBODYS = ("_add", "_delete")


def test_every_view_of_the_suppliers_site_has_its_roles() -> None:
    for name, _parts in views():
        if name in SITE_PAGES or name == "login":
            continue
        right = right_of(name, writes=False)
        assert right is not None, f"{name} is no name of a page and an act"
        page, act = right
        if not name.endswith(NOBODYS):
            assert PAGES.get(page, {}).get(act), f"say in mall/core/seats.py who does {act} of {page}"


def test_the_table_names_nothing_that_is_not_there() -> None:
    there = {right for name, _ in views() for writes in (False, True) if (right := right_of(name, writes=writes))}
    named = {(page, act) for page, acts in PAGES.items() for act in acts}
    assert named <= there
    assert all(set(roles) <= set(Role) for acts in PAGES.values() for roles in acts.values())


def test_every_list_of_the_site_is_in_the_table() -> None:
    for model in supplier_site._registry:
        assert f"{model._meta.app_label}_{model._meta.model_name}" in PAGES
