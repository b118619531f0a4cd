"""Firms that apply, for tests."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from members.models import Member
from members.queries import text_in_force
from onboarding import commands
from onboarding.commands import Company, PaperGiven
from onboarding.models import Application
from suppliers.commands import add_category, set_category_permit
from suppliers.models import Category
from tests.factories import AT, a_member

CODE, ANOTHER_CODE = "91330100799655058B", "9144030071526726XG"
JY = "JY13301060000012"
COMPANY = Company(
    shop_name="禾山茶业",
    company_name="武夷山禾山茶业有限公司",
    licence_number=CODE,
    legal_person="林禾山",
    address="福建省武夷山市星村镇 8 号",
    contact_name="林小山",
    contact_phone="+8613900001234",
)
LICENCE = PaperGiven(kind="business", number="", valid_until=None, picture="papers/licence.webp")
PERMIT = PaperGiven(kind="food", number=JY, valid_until=date(2029, 1, 1), picture="papers/permit.webp")
BANK = {"holder": COMPANY.company_name, "bank_name": "农业银行武夷山支行", "number": "6222 0200 1234 5678"}


def tea() -> Category:
    """A category whose goods are sold with a permit, and one beside it that asks for none."""
    top = add_category(name="食品", slug="food")
    below = add_category(name="茶叶", slug="tea", parent=top)
    set_category_permit(category=top, permit="food")
    add_category(name="家居", slug="home")
    return Category.objects.get(pk=below.pk)


def company(**changes: str) -> Company:
    known = {name: getattr(COMPANY, name) for name in COMPANY.__slots__}
    return Company(**{**known, **changes})


def begun(member: Member | None = None) -> Application:
    return commands.start_application(member=member or a_member(nickname="林小山"), at=AT)


def filled(member: Member | None = None, *, category: Category | None = None, at: datetime = AT) -> Application:
    """An application with all steps filled in."""
    application = begun(member)
    commands.save_company(application=application, company=COMPANY, at=at)
    chosen = category or tea()
    commands.save_papers(application=application, categories=[chosen], papers=[LICENCE, PERMIT], at=at)
    commands.save_bank(application=application, at=at, **BANK)
    version = text_in_force(kind="supplier").version
    commands.sign_agreement(application=application, version=version, name="林禾山", at=at)
    return fresh(application)


def waiting(member: Member | None = None, **more: Any) -> Application:
    application = filled(member, **more)
    commands.submit_application(application=application, at=AT)
    return fresh(application)


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def states(application: Application) -> str:
    """`filled sent_back passed passed`: the steps in their order."""
    found = dict(application.steps.values_list("step", "state"))
    return " ".join(found[step] for step in ("company", "papers", "bank", "agreement"))


def a_picture() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (900, 600), "ivory").save(file, "PNG")
    return SimpleUploadedFile("licence.png", file.getvalue(), content_type="image/png")
