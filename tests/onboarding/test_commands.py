"""V-0: a firm applies, steps come back, and approval makes the whole supplier, once."""

from datetime import date, timedelta
from typing import Any

import pytest

from mall.core.rights import SERVICE
from mall.core.seats import Role
from members.commands import publish_consent_text
from members.consent_texts import Wording
from members.models import Consent, Member
from onboarding import commands
from onboarding.commands import OnboardingRefused
from onboarding.models import Application, ApplicationPaper, Stage
from remittance.models import SupplierAccount
from service.models import Message
from suppliers.commands import open_supplier, seat_member
from suppliers.models import Category, Product, Qualification, Supplier, SupplierUser
from tests.factories import AT, a_member, a_supplier, later
from tests.operators import operator
from tests.snapshots import nothing_changes

from .firms import (
    ANOTHER_CODE,
    BANK,
    CODE,
    COMPANY,
    JY,
    LICENCE,
    PERMIT,
    begun,
    company,
    filled,
    fresh,
    states,
    tea,
    waiting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker() -> Member:
    return operator("何琳", SERVICE)


def test_approval_makes_supplier_seat_account_and_papers_and_nothing_was_there_before(checker: Member) -> None:
    application = waiting()
    assert not Supplier.objects.exists()
    assert not SupplierUser.objects.exists()
    supplier = commands.approve_application(application=application, by=checker, at=later(days=1))
    assert (supplier.name, supplier.seal, supplier.is_active) == ("禾山茶业", "禾", True)
    seat = SupplierUser.objects.get(supplier=supplier)
    assert (seat.member, seat.role) == (application.applicant, Role.OWNER)
    account = SupplierAccount.objects.get(supplier=supplier)
    assert (account.number, account.holder, account.label) == ("6222020012345678", COMPANY.company_name, "****5678")
    assert account.rests_until == later(days=1) + timedelta(hours=72)
    papers = Qualification.objects.filter(supplier=supplier).order_by("kind")
    assert [(paper.kind, paper.number, paper.is_in_force) for paper in papers] == [
        ("business", CODE, True),
        ("food", JY, True),
    ]
    assert not Product.objects.exists()
    found = fresh(application)
    assert (found.stage, found.supplier, found.decided_by) == (Stage.APPROVED, supplier, checker)
    assert states(found) == "passed passed passed passed"
    assert Message.objects.get(member=found.applicant).wording == "application_approved"


def test_approval_happens_once(checker: Member) -> None:
    application = waiting()
    commands.approve_application(application=application, by=checker, at=AT)
    for act in (
        lambda: commands.approve_application(application=application, by=checker, at=AT),
        lambda: commands.reject_application(application=application, reason="x", by=checker, at=AT),
        lambda: commands.return_application(application=application, reasons={"bank": "x"}, by=checker, at=AT),
    ):
        with nothing_changes(), pytest.raises(OnboardingRefused, match="已经处理过"):
            act()


@pytest.mark.parametrize("broken", ["name", "seat", "account", "firm", "expired", "permit"])
def test_where_one_part_of_approval_fails_nothing_of_it_is_there(
    checker: Member, broken: str, monkeypatch: Any
) -> None:
    application = waiting()
    if broken == "name":
        a_supplier("禾山茶业")
    elif broken == "seat":
        seat_member(supplier=a_supplier(), member=application.applicant)
    elif broken == "firm":
        known = waiting(a_member(), category=Category.objects.get(slug="tea"))
        Application.objects.filter(pk=known.pk).update(shop_name="另一家")
        commands.approve_application(application=known, by=checker, at=AT)
    elif broken == "expired":
        ApplicationPaper.objects.filter(kind="food").update(valid_until=date(2026, 10, 1))
    elif broken == "permit":
        ApplicationPaper.objects.filter(kind="food").delete()
    else:
        monkeypatch.setattr(commands, "set_account", lambda **_: (_ for _ in ()).throw(OnboardingRefused("坏了")))
    with nothing_changes(), pytest.raises(OnboardingRefused):
        commands.approve_application(application=application, by=checker, at=AT)


def test_nobody_decides_on_the_own_application(checker: Member) -> None:
    application = waiting()
    Member.objects.filter(pk=application.applicant_id).update(is_staff=True)
    with nothing_changes(), pytest.raises(OnboardingRefused, match="自己的申请"):
        commands.approve_application(application=application, by=application.applicant, at=AT)


def test_what_came_back_alone_is_mended_and_handed_in_again(checker: Member) -> None:
    application = waiting()
    commands.return_application(
        application=application, reasons={"bank": "请填对公账户", "company": " "}, by=checker, at=AT
    )
    application = fresh(application)
    assert application.stage == Stage.RETURNED
    assert states(application) == "passed passed sent_back passed"
    assert Message.objects.get(member=application.applicant).words["reason"] == "收款账户：请填对公账户"
    for save in (
        lambda: commands.save_company(application=application, company=COMPANY, at=AT),
        lambda: commands.sign_agreement(application=application, version=1, name="林", at=AT),
        lambda: commands.submit_application(application=application, at=AT),
    ):
        with nothing_changes(), pytest.raises(OnboardingRefused):
            save()
    for number in ("6222 0200 8888 0000", "6222 0200 8888 9999"):
        commands.save_bank(application=application, at=AT, **{**BANK, "number": number})
    commands.submit_application(application=application, at=later(days=1))
    with nothing_changes():
        commands.submit_application(application=application, at=later(days=2))
    supplier = commands.approve_application(application=application, by=checker, at=later(days=2))
    assert SupplierAccount.objects.get(supplier=supplier).label == "****9999"


def test_sending_back_needs_a_reason_for_a_step_that_there_is(checker: Member) -> None:
    application = waiting()
    for reasons in ({}, {"bank": "  "}, {"passport": "x"}, {"bank": "长" * 201}):
        with nothing_changes(), pytest.raises(OnboardingRefused):
            commands.return_application(application=application, reasons=reasons, by=checker, at=AT)
    with nothing_changes(), pytest.raises(OnboardingRefused, match="请填写原因"):
        commands.reject_application(application=application, reason="", by=checker, at=AT)


def test_whoever_was_rejected_may_begin_anew(checker: Member) -> None:
    application = waiting()
    commands.reject_application(application=application, reason="类目暂不招商", by=checker, at=AT)
    assert fresh(application).reason == "类目暂不招商"
    again = begun(application.applicant)
    assert again.pk != application.pk
    assert begun(application.applicant).pk == again.pk


def test_who_cannot_apply_is_told_why() -> None:
    seated, staff, nameless = a_member(), a_member(), a_member()
    seat_member(supplier=a_supplier(), member=seated)
    Member.objects.filter(pk=staff.pk).update(is_staff=True)
    Member.objects.filter(pk=nameless.pk).update(phone=None, phone_verified=False)
    for member, words in ((seated, "只能加入一家"), (staff, "运营人员"), (nameless, "手机号")):
        with nothing_changes(), pytest.raises(OnboardingRefused, match=words):
            commands.start_application(member=member, at=AT)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"licence_number": "91330100799655058A"}, "统一社会信用代码不对"),
        ({"shop_name": ""}, "请填写店铺名称"),
        ({"shop_name": "名" * 21}, "最多 20 个字"),
        ({"shop_name": "老店"}, "已有人用了"),
        ({"company_name": " \u202e "}, "请填写公司名称"),
    ],
)
def test_a_firm_that_cannot_be_is_refused(changes: dict[str, str], words: str) -> None:
    open_supplier(name="老店", seal="老", slug="old", hue=1)
    application = begun()
    with nothing_changes(), pytest.raises(OnboardingRefused, match=words):
        commands.save_company(application=application, company=company(**changes), at=AT)


def test_a_firm_that_supplies_already_does_not_apply_twice(checker: Member) -> None:
    commands.approve_application(application=waiting(), by=checker, at=AT)
    application = begun(a_member())
    with nothing_changes(), pytest.raises(OnboardingRefused, match="已经入驻"):
        commands.save_company(application=application, company=company(shop_name="分店"), at=AT)


def test_each_category_asks_for_its_permits_and_for_no_others(checker: Member) -> None:
    category, application = tea(), begun()
    commands.save_company(application=application, company=COMPANY, at=AT)
    home = Category.objects.get(slug="home")
    for papers in ([], [LICENCE], [PERMIT], [LICENCE, PERMIT.__class__("food", "JY1", date(2029, 1, 1), "x")]):
        with nothing_changes(), pytest.raises(OnboardingRefused):
            commands.save_papers(application=application, categories=[category], papers=papers, at=AT)
    for categories in ([], [home] * 13):
        with nothing_changes(), pytest.raises(OnboardingRefused, match="经营类目"):
            commands.save_papers(application=application, categories=categories, papers=[LICENCE], at=AT)
    commands.save_papers(application=application, categories=[category], papers=[LICENCE, PERMIT], at=AT)
    commands.save_papers(application=application, categories=[home], papers=[LICENCE, PERMIT], at=AT)
    assert [paper.kind for paper in application.papers.all()] == ["business"]


def test_another_number_and_another_name_ask_for_what_hangs_on_them(checker: Member) -> None:
    application = filled()
    commands.save_company(
        application=application, company=company(licence_number=ANOTHER_CODE, company_name="新名有限公司"), at=AT
    )
    assert states(application) == "filled sent_back sent_back filled"
    with nothing_changes(), pytest.raises(OnboardingRefused, match="还差：证照和类目、收款账户"):
        commands.submit_application(application=application, at=AT)


@pytest.mark.parametrize(
    "changes", [{"number": "12"}, {"number": "6222-0200"}, {"holder": "林小山"}, {"bank_name": ""}]
)
def test_an_account_that_cannot_be_is_refused(changes: dict[str, str]) -> None:
    application = begun()
    commands.save_company(application=application, company=COMPANY, at=AT)
    with nothing_changes(), pytest.raises(OnboardingRefused):
        commands.save_bank(application=application, at=AT, **{**BANK, **changes})


def test_the_words_that_were_shown_are_the_words_that_are_signed() -> None:
    application = begun()
    publish_consent_text(kind="supplier", wording=Wording("供货协议", "第二版", "## 一\n新"), at=AT)
    with nothing_changes(), pytest.raises(OnboardingRefused, match="新的版本"):
        commands.sign_agreement(application=application, version=1, name="林禾山", at=AT)
    commands.sign_agreement(application=application, version=2, name="林禾山", at=later(hours=1))
    found = fresh(application)
    assert (found.signed_name, found.signed_at) == ("林禾山", later(hours=1))
    assert Consent.objects.get(pk=found.consent_id).text.version == 2


def test_what_nobody_goes_on_with_is_forgotten_with_its_files(
    checker: Member, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    dropped: list[str] = []
    monkeypatch.setattr(commands, "drop_photos", lambda names, private: dropped.extend(names))
    left, kept = filled(), waiting(a_member(), category=Category.objects.get(slug="tea"))
    commands.approve_application(application=kept, by=checker, at=AT)
    assert commands.prune_applications(at=later(days=180)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert commands.prune_applications(at=later(days=181)) == 1
    assert sorted(dropped) == ["papers/licence.webp", "papers/permit.webp"]
    assert not Application.objects.filter(pk=left.pk).exists()
    assert Application.objects.filter(pk=kept.pk).exists()
