"""The trail of operators' acts: every one is written down, with what it changed, and nobody rewrites it."""

import pytest
from django.db import DatabaseError, connection, transaction

from mall.core.models import OperatorAct
from mall.core.rights import PLANS, REVIEW
from members.models import Member
from tests.factories import a_member
from tests.operators import as_, operator, text
from tests.payouts.people import asked, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> Member:
    return operator("苏敏", REVIEW)


def test_an_act_is_written_down_with_before_and_after(reviewer):
    withdrawal = asked(person("周舟"))
    client = as_(reviewer)
    client.get(f"/ops/payouts/withdrawal/{withdrawal.pk}/approve/")
    assert not OperatorAct.objects.exists()
    client.post(f"/ops/payouts/withdrawal/{withdrawal.pk}/approve/")
    act = OperatorAct.objects.get()
    assert (act.by_id, act.by_name, act.act, act.subject) == (reviewer.pk, "苏敏", "初审通过", withdrawal.number)
    assert act.before["state"] == "requested"
    assert act.after["state"] == "approved"
    assert act.after["approved_by_id"] == reviewer.pk
    assert "amount_fen" not in act.after
    assert act.page.endswith("/approve/")
    assert act.request_id


def test_a_reason_is_written_down_and_a_refused_act_is_none(reviewer):
    withdrawal = asked(person("周舟"))
    client = as_(reviewer)
    client.post(f"/ops/payouts/withdrawal/{withdrawal.pk}/reject/", {"reason": ""})
    assert not OperatorAct.objects.exists()
    client.post(f"/ops/payouts/withdrawal/{withdrawal.pk}/reject/", {"reason": "姓名不符"})
    assert OperatorAct.objects.get().reason == "姓名不符"


def test_phones_are_masked_and_secrets_left_out(reviewer):
    client = as_(operator("林岚", PLANS))
    form = {"member": person("周舟").public_id, "kind": "credit", "amount_fen": "5", "number": "TZ9"}
    client.post(
        "/ops/linkage/adjustment/ask/",
        {**form, "reason": "致电 13812345678 确认", "csrfmiddlewaretoken": "abc", "password": "hunter2"},
    )
    act = OperatorAct.objects.get()
    assert act.reason == "致电 138****5678 确认"
    assert "hunter2" not in str(act.sent)
    assert "csrfmiddlewaretoken" not in act.sent


def test_members_and_those_without_the_right_leave_no_act(reviewer):
    as_(a_member()).post("/ops/payouts/stop/place/", {"reason": "x"})
    as_(operator("新同事")).post("/ops/payouts/stop/place/", {"reason": "x"})
    assert not OperatorAct.objects.exists()


def test_the_trail_is_only_appended_to():
    act = OperatorAct.objects.create(at="2026-06-01T00:00Z", by_id=1, by_name="x", act="x", page="/ops/")
    rows = OperatorAct.objects.filter(pk=act.pk)
    for change in (lambda: rows.update(reason="y"), rows.delete):
        with pytest.raises(DatabaseError, match="appended"), transaction.atomic():
            change()
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="appended"), transaction.atomic():
        cursor.execute("DELETE FROM core_operatoract")


def test_it_is_read_and_searched_and_never_changed(reviewer):
    withdrawal = asked(person("周舟"))
    client = as_(reviewer)
    client.post(f"/ops/payouts/withdrawal/{withdrawal.pk}/reject/", {"reason": "姓名不符"})
    listed = text(client.get("/ops/core/operatoract/", {"q": "姓名不符"}))
    assert withdrawal.number in listed
    assert withdrawal.number not in text(client.get("/ops/core/operatoract/", {"q": "没有"}))
    record = f"/ops/core/operatoract/{OperatorAct.objects.get().pk}/change/"
    assert "rejected" in text(client.get(record))
    assert client.post(record, {"reason": "y"}).status_code == 403
    assert as_(operator("新同事")).get("/ops/core/operatoract/").status_code == 403
    assert as_(a_member()).get("/ops/core/operatoract/").status_code == 302
