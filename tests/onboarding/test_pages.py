"""V-0 and O-4: the pages on which a firm applies, and on which operators decide."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mall.core.own_supplier import rows_of
from mall.core.personal import erase_rows
from mall.core.rights import PLANS, SERVICE
from members.models import Member
from onboarding import commands
from onboarding.models import Application, ApplicationPaper, ApplicationStep, Stage
from suppliers.models import Category, Supplier
from tests.factories import AT, a_member
from tests.operators import as_, operator, text
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

from .firms import BANK, CODE, COMPANY, JY, a_picture, begun, filled, fresh, states, tea, waiting

pytestmark = pytest.mark.django_db

APPLY = "/supply/apply/"


@pytest.fixture(autouse=True)
def private(tmp_path: Path, settings: Any, monkeypatch: Any) -> Path:
    monkeypatch.setattr("mall.core.clock._standing", AT)
    folder = tmp_path / "private"
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder, "file_permissions_mode": 0o600},
        },
    }
    return folder


@pytest.fixture
def member() -> Member:
    return a_member(nickname="林小山")


@pytest.fixture
def client_of(member: Member) -> Client:
    return signed_in(member)


def company_form(**changes: str) -> dict[str, str]:
    names = ("shop_name", "company_name", "licence_number", "legal_person", "address", "contact_name")
    return {**{name: getattr(COMPANY, name) for name in names}, "contact_phone": "13900001234", **changes}


def papers_form(**changes: Any) -> dict[str, Any]:
    return {
        "categories": [Category.objects.get(slug="tea").pk],
        "business_document": a_picture(),
        "food_number": JY,
        "food_valid_until": "2029-01-01",
        "food_document": a_picture(),
        **changes,
    }


def test_anybody_reads_what_it_takes_and_logs_in_to_begin(client: Client) -> None:
    tea()
    page = client.get("/supply/")
    markup(page)
    for words in ("营业执照", "食品经营许可证", "供货协议", "不收入驻费"):
        assert words in text(page)
    assert "/account/login/?next=/supply/" in text(page)
    for path in (APPLY, f"{APPLY}company/", f"{APPLY}papers/business/photo/"):
        assert client.get(path).status_code == 302


@pytest.mark.parametrize("page", ["/supplier/login/", "/help"])
def test_the_way_there_is_found(client: Client, page: str) -> None:
    assert 'href="/supply/"' in text(client.get(page))


def test_a_firm_fills_in_step_by_step_and_hands_in(client_of: Client, member: Member, private: Path) -> None:
    tea()
    client_of.post(APPLY)
    overview = client_of.get(APPLY)
    markup(overview)
    assert "还差 4 步" in text(overview)
    for step, form in (
        ("company", company_form()),
        ("papers", papers_form()),
        ("bank", BANK),
        ("agreement", {"version": 1, "name": "林禾山", "agreed": "1"}),
    ):
        page = client_of.get(f"{APPLY}{step}/")
        markup(page)
        assert client_of.post(f"{APPLY}{step}/", form).status_code == 302, step
    application = Application.objects.get(applicant=member)
    assert (application.stage, application.licence_number) == (Stage.FILLING, CODE)
    assert application.contact_phone == "+8613900001234"
    assert len(list(private.rglob("*.webp"))) == 2
    photo = client_of.get(f"{APPLY}papers/food/photo/")
    assert photo["Content-Type"] == "image/webp"
    assert client_of.post(APPLY, {"act": "submit"}).status_code == 302
    assert fresh(application).stage == Stage.WAITING
    assert "等待审核" in text(client_of.get(APPLY))
    with nothing_changes():
        assert client_of.post(f"{APPLY}bank/", BANK).status_code == 302


@pytest.mark.parametrize(
    ("step", "form"),
    [
        ("company", {"licence_number": "123"}),
        ("company", {"contact_phone": "12"}),
        ("company", {"shop_name": "一"}),
        ("papers", {"categories": []}),
        ("papers", {"categories": ["999999"]}),
        ("papers", {"food_number": "JY1"}),
        ("papers", {"food_valid_until": "2026-01-01"}),
        ("papers", {"food_document": ""}),
        ("papers", {"business_document": "text"}),
        ("bank", {"number": "12"}),
        ("bank", {"holder": "别人"}),
        ("agreement", {"agreed": ""}),
        ("agreement", {"name": ""}),
    ],
)
def test_bad_input_is_said_at_the_step_and_changes_nothing(
    client_of: Client, member: Member, private: Path, step: str, form: dict[str, Any]
) -> None:
    tea()
    application = begun(member)
    if step != "company":
        commands.save_company(application=application, company=COMPANY, at=AT)
    good = {
        "company": company_form,
        "papers": papers_form,
        "bank": lambda: BANK,
        "agreement": lambda: {"version": 1, "name": "林", "agreed": "1"},
    }[step]()
    if form.get("business_document") == "text":
        form = {"business_document": a_picture().__class__("x.png", b"<html>")}
    with nothing_changes():
        answer = client_of.post(f"{APPLY}{step}/", {**good, **form})
    assert answer.status_code == 400
    assert "field-error" in text(answer) or "notice-danger" in text(answer)
    assert list(private.rglob("*.webp")) == []


def test_a_form_says_nothing_of_stage_owner_or_supplier(client_of: Client, member: Member) -> None:
    begun(member)
    other = a_member()
    client_of.post(f"{APPLY}company/", company_form(stage="approved", applicant=str(other.pk), supplier="1"))
    application = Application.objects.get()
    assert (application.stage, application.applicant, application.supplier) == (Stage.FILLING, member, None)
    client_of.post(APPLY, {"act": "submit", "stage": "approved"})
    assert fresh(application).stage == Stage.FILLING


def test_nobody_opens_the_application_of_another(member: Member) -> None:
    filled(member)
    other = signed_in(a_member())
    assert other.get(f"{APPLY}papers/business/photo/").status_code == 404
    assert other.get(f"{APPLY}company/").status_code == 404
    assert other.get(APPLY).status_code == 302
    with nothing_changes():
        assert other.post(f"{APPLY}bank/", BANK).status_code == 404


def test_what_came_back_stands_at_its_step(client_of: Client, member: Member) -> None:
    application = waiting(member)
    commands.return_application(
        application=application, reasons={"bank": "请填对公账户"}, by=operator("何琳", SERVICE), at=AT
    )
    page = text(client_of.get(APPLY))
    assert "审核意见：请填对公账户" in page
    assert page.count('class="btn btn-block btn-primary"') == 1
    assert "审核意见：请填对公账户" in text(client_of.get(f"{APPLY}bank/"))
    with nothing_changes():
        assert client_of.post(f"{APPLY}company/", company_form(shop_name="改名")).status_code == 302


def test_operators_see_the_pipeline_by_stage_and_decide(member: Member) -> None:
    application, client = waiting(member), as_(operator("何琳", SERVICE))
    begun(a_member())
    lists = reverse("ops:onboarding_application_changelist")
    page = text(client.get(lists, follow=True))
    assert "禾山茶业" in page
    assert 'class="ops-count">1<' in page
    record = text(client.get(reverse("ops:onboarding_application_change", args=[application.pk])))
    for words in (CODE, JY, "****5678", "供货协议", "139****1234", "2029-01-01"):
        assert words in record, words
    assert "+8613900001234" not in record
    assert "6222020012345678" not in record
    back = reverse("ops:onboarding_application_send_back", args=[application.pk])
    with nothing_changes():
        assert "请至少给一个步骤写明" in text(client.post(back, {}))
    assert client.post(back, {"papers": "执照太模糊"}).status_code == 302
    assert states(application) == "passed sent_back passed passed"
    Application.objects.update(stage=Stage.WAITING, submitted_at=AT)
    assert client.post(reverse("ops:onboarding_application_approve", args=[application.pk])).status_code == 302
    assert Supplier.objects.get().application == application


@pytest.mark.parametrize("act", ["approve", "send_back", "reject", "photo"])
def test_only_whoever_has_the_right_decides(member: Member, act: str) -> None:
    application = waiting(member)
    address = reverse(
        f"ops:onboarding_application_{act}", args=[application.pk, *(["business"] if act == "photo" else [])]
    )
    others = [as_(operator("规则", PLANS)), signed_in(member)]
    with nothing_changes():
        for number, client in enumerate(others):
            answer = client.post(address, {"bank": "x", "reason": "x"}) if act != "photo" else client.get(address)
            # Every operator may look, nobody else.
            assert answer.status_code == (404 if act == "photo" and number == 0 else 403 if number == 0 else 302)


def test_the_list_asks_as_much_for_many_as_for_few(django_assert_max_num_queries: Any) -> None:
    category, client = tea(), as_(operator("何琳", SERVICE))
    address = reverse("ops:onboarding_application_changelist") + "?stage__exact=waiting"
    waiting(category=category)
    client.get(address)
    with django_assert_max_num_queries(30) as first:
        client.get(address)
    for _ in range(4):
        waiting(a_member(), category=category)
    with django_assert_max_num_queries(len(first)):
        client.get(address)


def test_under_a_suppliers_request_only_the_own_application_is_there(member: Member) -> None:
    mine, checker = waiting(member), operator("何琳", SERVICE)
    supplier = commands.approve_application(application=mine, by=checker, at=AT)
    begun(a_member())
    with rows_of(supplier.pk):
        assert list(Application.objects.values_list("pk", flat=True)) == [mine.pk]
        assert ApplicationStep.objects.count() == 4
        assert ApplicationPaper.objects.count() == 2
        assert Application.categories.through.objects.count() == 1
    with rows_of(0):
        assert not Application.objects.exists()
        assert not ApplicationPaper.objects.exists()


def test_whoever_closes_the_account_leaves_no_open_application_and_a_contract_that_the_law_keeps(
    member: Member, private: Path, client_of: Client, django_capture_on_commit_callbacks: Any
) -> None:
    tea()
    client_of.post(APPLY)
    client_of.post(f"{APPLY}company/", company_form())
    client_of.post(f"{APPLY}papers/", papers_form())
    assert len(list(private.rglob("*.webp"))) == 2
    owner = a_member()
    contract = waiting(owner, category=Category.objects.get(slug="tea"))
    commands.approve_application(application=contract, by=operator("何琳", SERVICE), at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        for one in (member, owner):
            erase_rows(member_id=one.pk)
    assert list(private.rglob("*.webp")) == []
    assert list(Application.objects.values_list("pk", flat=True)) == [contract.pk]
    assert ApplicationPaper.objects.count() == 2
