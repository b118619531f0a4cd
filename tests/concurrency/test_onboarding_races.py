"""Real threads and commits: one application becomes one supplier, one firm supplies once, one successor waits."""

from datetime import timedelta
from typing import Any

import pytest

from mall.core.rights import SERVICE
from onboarding.commands import (
    OnboardingRefused,
    approve_application,
    reject_application,
    return_application,
    save_bank,
    start_application,
)
from onboarding.models import Application, Stage
from remittance.models import SupplierAccount
from suppliers.commands import ReviewRefused, add_qualification, check_papers, put_back_on_shelf, submit_paper
from suppliers.models import Category, PaperState, Product, Qualification, Supplier, SupplierUser
from tests.concurrency.threads import at_once
from tests.factories import AT, a_member, a_sku, later
from tests.onboarding.firms import BANK, fresh, waiting
from tests.operators import operator

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(3)


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_application_that_many_decide_at_once_is_decided_once(_round: int) -> None:
    application, checkers = waiting(), [operator(f"审核 {number}", SERVICE) for number in range(6)]

    def decide(number: int) -> Any:
        by = checkers[number]
        if number % 3 == 0:
            return approve_application(application=application, by=by, at=AT)
        if number % 3 == 1:
            return return_application(application=application, reasons={"bank": "请改"}, by=by, at=AT)
        return reject_application(application=application, reason="不符", by=by, at=AT)

    results = at_once(decide, 6, refusals=(OnboardingRefused,))
    assert sum(isinstance(result, OnboardingRefused) for result in results) == 5
    made = 1 if fresh(application).stage == Stage.APPROVED else 0
    for model in (Supplier, SupplierUser, SupplierAccount):
        assert model.objects.count() == made


@pytest.mark.parametrize("_round", ROUNDS)
def test_of_two_applications_of_one_firm_one_is_approved(_round: int) -> None:
    checker, first = operator("何琳", SERVICE), waiting()
    second = waiting(a_member(), category=Category.objects.get(slug="tea"))
    Application.objects.filter(pk=second.pk).update(shop_name="另一个名字")
    results = at_once(
        lambda number: approve_application(application=(first, second)[number], by=checker, at=AT),
        2,
        refusals=(OnboardingRefused,),
    )
    assert sum(isinstance(result, OnboardingRefused) for result in results) == 1
    assert Supplier.objects.count() == SupplierAccount.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_member_begins_one_application(_round: int) -> None:
    member = a_member()
    assert len({one.pk for one in at_once(lambda _: start_application(member=member, at=AT), 6)}) == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_account_that_was_looked_at_is_the_one_that_is_paid(_round: int) -> None:
    """A change that comes while it is approved is refused, or was there before."""
    application, checker = waiting(), operator("何琳", SERVICE)
    return_application(application=application, reasons={"bank": "请改"}, by=checker, at=AT)
    save_bank(application=application, at=AT, **BANK)
    Application.objects.filter(pk=application.pk).update(stage=Stage.WAITING)

    def act(number: int) -> Any:
        if number:
            return save_bank(application=application, at=AT, **{**BANK, "number": "9999 0000 1111 2222"})
        return approve_application(application=application, by=checker, at=AT)

    results = at_once(act, 2, refusals=(OnboardingRefused,))
    assert isinstance(results[1], OnboardingRefused)
    assert SupplierAccount.objects.get().label == "****5678"


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_successor_of_a_paper_waits_however_many_are_handed_in(_round: int) -> None:
    sku = a_sku()
    supplier = sku.product.supplier
    paper = add_qualification(supplier=supplier, kind="inspection", title="报告", valid_until=AT.date())

    def hand_in(number: int) -> Any:
        return submit_paper(
            supplier=supplier,
            kind="inspection",
            title="报告",
            number=str(number),
            picture=f"papers/{number}.webp",
            valid_until=AT.date() + timedelta(days=300),
            replaces=paper,
            by=None,
            at=AT,
        )

    at_once(hand_in, 6)
    assert Qualification.objects.filter(state=PaperState.WAITING).count() == 1
    assert Qualification.objects.filter(state=PaperState.WITHDRAWN).count() == 5


@pytest.mark.parametrize("_round", ROUNDS)
def test_what_comes_back_to_the_shelf_while_its_permit_lapses_leaves_it_with_the_next_look(_round: int) -> None:
    sku = a_sku(is_published=False)
    product = Product.objects.get(pk=sku.product_id)
    Category.objects.filter(pk=product.category_id).update(permit="food")
    add_qualification(supplier=product.supplier, kind="food", title="证", valid_until=AT.date())

    def act(number: int) -> Any:
        if number % 2:
            return put_back_on_shelf(product=product)
        return check_papers(at=later(days=1))

    at_once(act, 4, refusals=(ReviewRefused,))
    check_papers(at=later(days=1, hours=1))
    assert not Product.objects.get(pk=product.pk).is_published
