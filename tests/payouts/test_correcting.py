"""A name that was used already is put right by an operator, with a reason and evidence; the old one stays on record."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mall.core import clock
from mall.core.models import OperatorAct
from mall.core.rights import RELEASE, REVIEW
from members.models import Member
from payouts.commands import AccountRefused, correct_payee, register_payee
from payouts.models import Payee, PayeeCorrection, Withdrawal, WithdrawalState
from payouts.queries import rests_until
from payouts.rules import REST
from tests.operators import as_, operator, text
from tests.snapshots import nothing_changes

from .people import asked_by_wechat, id_number, person

pytestmark = pytest.mark.django_db

WORDS = {"reason": "登记时写错一个字", "evidence": "工单 GD1 里的身份证"}


@pytest.fixture
def paid() -> Member:
    """Somebody who was paid once, as 林小满."""
    member = person("林溪")
    asked_by_wechat(member, at=clock.now() - timedelta(days=9))
    Withdrawal.objects.update(state=WithdrawalState.REJECTED, reason="核对", rejected_at=clock.now())
    return member


def correct(member: Member, **changes: Any) -> Payee:
    given: dict[str, Any] = {"name": "林晓满", "id_number": "", "at": clock.now()}
    by = changes.pop("by", None) or person("何琳", staff=True)
    return correct_payee(member=member, by=by, **(given | WORDS | changes))


def test_the_right_name_counts_from_now_on_and_the_old_one_stays(paid: Member) -> None:
    before = Payee.objects.get()
    with nothing_changes(), pytest.raises(AccountRefused, match="不能自己修改"):
        register_payee(member=paid, name="林晓满", id_number=id_number(paid.pk), at=clock.now())
    at = clock.now()
    after = correct(paid, at=at)
    before.refresh_from_db()
    assert (after.name, after.id_hash, after.is_current, after.used) == ("林晓满", before.id_hash, True, False)
    assert (before.name, before.is_current, before.used) == ("林小满", False, True)
    assert Withdrawal.objects.get().payee == before
    row = PayeeCorrection.objects.get()
    assert (row.before, row.after, row.reason, row.evidence) == (before, after, *WORDS.values())
    assert rests_until(member_id=paid.pk, at=at) == at + REST


def test_a_wrong_number_is_put_right_too_unless_it_is_somebody_elses(paid: Member) -> None:
    other = person("周可")
    register_payee(member=other, name="周可可", id_number=id_number(900), at=clock.now())
    by = person("何琳", staff=True)
    with nothing_changes(), pytest.raises(AccountRefused, match="另一个账号"):
        correct(paid, id_number=id_number(900), by=by)
    assert correct(paid, id_number=id_number(901)).id_tail == id_number(901)[-4:]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, "no_reason"),
        ({"evidence": ""}, "no_reason"),
        ({"name": "林小满"}, "same"),
        ({"name": "林1"}, "name"),
        ({"id_number": "110101199001010011"}, "id_number"),
    ],
)
def test_what_cannot_be_corrected_so_changes_nothing(paid: Member, changes: dict[str, Any], code: str) -> None:
    by = person("何琳", staff=True)
    with nothing_changes(), pytest.raises(AccountRefused) as refused:
        correct(paid, by=by, **changes)
    assert refused.value.code == code


def test_nobody_corrects_the_own_name_nor_one_that_is_free_nor_during_a_withdrawal(paid: Member) -> None:
    free, nobody = person("周可"), person("江满")
    register_payee(member=free, name="周可可", id_number=id_number(900), at=clock.now())
    under_way = person("安然")
    asked_by_wechat(under_way, at=clock.now())
    by = person("何琳", staff=True)
    for member, who, code in (
        (paid, paid, "own"),
        (free, by, "not_used"),
        (nobody, by, "no_name"),
        (under_way, by, "in_use"),
    ):
        with nothing_changes(), pytest.raises(AccountRefused) as refused:
            correct(member, by=who)
        assert refused.value.code == code
    first, second = Payee.objects.order_by("pk")[:2]
    with pytest.raises(IntegrityError), transaction.atomic():
        PayeeCorrection.objects.create(
            before=first, after=second, member=paid, corrected_by=paid, corrected_at=clock.now(), **WORDS
        )


def test_an_operator_corrects_it_on_a_page_and_the_trail_says_why(paid: Member) -> None:
    payee = Payee.objects.get()
    browser = as_(operator("何琳", RELEASE))
    assert "林**" in text(browser.get("/ops/payouts/payee/"))
    page = f"/ops/payouts/payee/{payee.pk}/correct/"
    assert "72 小时内不能提现" in text(browser.get(page))
    answer = browser.post(page, {"real_name": "林晓满", "id_number": id_number(901), **WORDS}, follow=True)
    assert "已更正为 林**" in text(answer)
    record = text(browser.get(f"/ops/payouts/payee/{payee.pk}/change/"))
    assert WORDS["evidence"] in record
    assert "林小满" not in record
    trail = OperatorAct.objects.get(act="更正实名")
    assert (trail.reason, trail.sent["evidence"]) == (WORDS["reason"], WORDS["evidence"])
    told = str(OperatorAct.objects.filter(pk=trail.pk).values())
    for secret in ("晓满", id_number(901), Payee.objects.get(is_current=True).id_hash):
        assert secret not in told
    assert browser.get(page).status_code == 404, "that name is no longer the current one"
    again = f"/ops/payouts/payee/{Payee.objects.get(is_current=True).pk}/correct/"
    with nothing_changes():
        assert "会员可以自己修改" in text(browser.post(again, {"real_name": "林大满", **WORDS}))


def test_only_who_releases_payouts_corrects_names(paid: Member) -> None:
    payee = Payee.objects.get()
    browser = as_(operator("苏敏", REVIEW))
    assert browser.get("/ops/payouts/payee/").status_code == 200
    with nothing_changes():
        for call in (browser.get, browser.post):
            assert call(f"/ops/payouts/payee/{payee.pk}/correct/").status_code == 403
