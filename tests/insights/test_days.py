"""The figures of days are what the rows say, however they were made; what differs is found and mended."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from insights.commands import check_days, make_days, rebuild_days
from insights.models import DayFigures
from insights.queries.days import COUNTED, WINDOWED
from insights.queries.figures import known
from suppliers.models import Product, Sku
from tests.factories import a_member, a_paid_order, a_sku
from tests.insights.small import NOW, TODAY, Plain, a_small_mall, at_now, on, plain

pytestmark = pytest.mark.django_db

FIGURES = (*COUNTED, *WINDOWED)


def kept() -> dict[object, dict[str, int]]:
    return {row["date"]: row for row in DayFigures.objects.values("date", *FIGURES)}


def test_every_day_is_what_its_rows_say_one_by_one():
    a_small_mall()
    make_days(at=NOW)
    days = kept()
    assert min(days) <= TODAY - timedelta(days=49)
    assert max(days) == TODAY
    true = Plain()
    for day, row in days.items():
        assert {name: row[name] for name in FIGURES} == true.of(day), day
    # Nothing of it is empty by chance.
    for name in FIGURES:
        assert any(row[name] for row in days.values()), name


def test_today_is_read_from_the_rows_without_being_made():
    a_small_mall()
    make_days(at=NOW - timedelta(days=1))
    today = known(at=NOW).days[TODAY]
    true = plain(TODAY)
    assert {name: getattr(today, name) for name in COUNTED} == {name: true[name] for name in COUNTED}
    assert true["orders"] == 1


def test_days_after_a_pause_are_made_and_a_repeat_changes_nothing():
    a_small_mall()
    make_days(at=NOW - timedelta(days=9))
    assert make_days(at=NOW) == 10
    before = kept()
    assert make_days(at=NOW) == 3
    assert kept() == before
    rebuild_days(at=NOW)
    assert kept() == before


def test_a_payment_of_long_ago_is_found_with_every_window_that_it_lies_in_and_mended():
    a_small_mall()
    make_days(at=NOW)
    assert check_days(at=NOW) == []
    a_paid_order(member=a_member(at=on(20)), at=on(20))
    found = check_days(at=NOW)
    assert {(day, name) for day, name, _, _ in found if name == "orders"} == {(TODAY - timedelta(days=20), "orders")}
    assert sum(name == "buyers" for _, name, _, _ in found) == 20
    check_days(at=NOW, mend=True)
    assert check_days(at=NOW) == []
    assert kept()[TODAY - timedelta(days=20)]["orders"] == plain(TODAY - timedelta(days=20))["orders"]


def test_the_commands_tell_of_a_difference_and_make_all_anew():
    a_small_mall()
    with at_now():
        call_command("rebuild_days", stdout=StringIO())
        call_command("check_days", stdout=StringIO())
        DayFigures.objects.filter(date=TODAY - timedelta(days=6)).update(gmv_fen=1)
        DayFigures.objects.filter(date=TODAY - timedelta(days=7)).delete()
        said = StringIO()
        with pytest.raises(CommandError, match="figures differ"):
            call_command("check_days", stdout=said)
        assert (
            f"{TODAY - timedelta(days=6)} gmv_fen: kept 1, rows say {plain(TODAY - timedelta(days=6))['gmv_fen']}"
            in (said.getvalue())
        )
        assert f"{TODAY - timedelta(days=7)} orders: kept nothing, rows say 0" in said.getvalue()
        call_command("rebuild_days", stdout=StringIO())
        call_command("check_days", stdout=StringIO())


def test_what_was_sold_out_is_kept_as_it_was_seen_and_estimated_where_nobody_looked():
    sku = a_sku(on_hand=1)
    full = a_sku(on_hand=5)
    a_paid_order(member=a_member(at=on(9)), sku=sku, at=on(4))
    make_days(at=NOW)
    days = {row.date: row for row in DayFigures.objects.all()}
    # The SKU's one piece went four days ago; before, both were there.
    assert (days[TODAY - timedelta(days=5)].skus, days[TODAY - timedelta(days=5)].skus_out) == (2, 0)
    assert (days[TODAY - timedelta(days=4)].skus, days[TODAY - timedelta(days=4)].skus_out) == (2, 1)
    assert (days[TODAY].skus, days[TODAY].skus_out) == (2, 1)
    Product.objects.filter(pk=full.product_id).update(is_published=False)
    make_days(at=NOW)
    assert (DayFigures.objects.get(date=TODAY).skus, DayFigures.objects.get(date=TODAY).skus_out) == (1, 1)
    rebuild_days(at=NOW)
    assert DayFigures.objects.get(date=TODAY - timedelta(days=4)).skus == 2
    assert Sku.objects.count() == 2


def test_an_empty_mall_has_a_day_of_nothing():
    assert make_days(at=NOW) == 1
    row = DayFigures.objects.get()
    assert row.date == TODAY
    assert not any(getattr(row, name) for name in FIGURES)
    assert check_days(at=NOW) == []
