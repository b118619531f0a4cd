"""Batches for a bank's own desk: one file for a set, a transfer in one file for ever, results booked by two."""

import io
import zipfile
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mall.core.rights import RELEASE, REVIEW
from members.models import Member
from payouts.commands import (
    BatchRefused,
    Quote,
    approve_result_file,
    approve_withdrawal,
    book_result_file,
    drop_result_file,
    keep_quote,
    make_batch,
    note_download,
    place_hold,
    read_result_file,
    release_withdrawal,
    stop_payouts,
)
from payouts.models import BatchDownload, Payee, PayoutBatch, PayoutBatchRow, ResultFile, Withdrawal
from payouts.queries import policy_in_force, result_report
from payouts.rules import breakdown
from payouts.rules.results import UnreadableFile, read_results
from tests.concurrency.threads import at_once
from tests.operators import as_, operator, text
from tests.payouts.people import AT, asked, payable, person
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db(transaction=True)
UNSEEN = ("members_dayvisit", "members_membersession", "core_operatoract")
HEAD = "商户单号,结果,流水号,金额（元）,失败原因"


@pytest.fixture(autouse=True)
def by_hand(settings: Any) -> None:
    """No gateway carries bank transfers: people make them."""
    settings.PAYOUT_GATEWAY = ""


@pytest.fixture
def first() -> Member:
    return operator("陈立", RELEASE)


@pytest.fixture
def second() -> Member:
    return operator("赵复", RELEASE)


def released(amount_fen: int = 50_000, *, member: Member | None = None) -> Withdrawal:
    """A withdrawal to a bank card that two people let pass."""
    owner = member or person("周敏")
    account = payable(owner)
    number = asked(owner, amount_fen).number
    parts = breakdown(amount_fen=amount_fen, fee_bps=60, tax_bps=0)
    payee = Payee.objects.get(member=owner, is_current=True)
    keep_quote(number=number, quote=Quote(policy_in_force(at=AT), parts, account, payee))
    approve_withdrawal(number=number, by=person("苏敏", staff=True), at=AT)
    return release_withdrawal(number=number, by=person("林核", staff=True), at=AT)


def lines(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode()


def fresh(withdrawal: Withdrawal) -> Withdrawal:
    return Withdrawal.objects.get(pk=withdrawal.pk)


def test_a_batch_takes_what_waits_once_and_for_ever(first: Member, second: Member) -> None:
    one, other = released(), released(80_000)
    batch = make_batch(channel="bank", by=first, at=AT)
    assert (batch.count, batch.total_fen) == (2, one.net_fen + other.net_fen)
    with nothing_changes(), pytest.raises(BatchRefused, match="没有等着打款"):
        make_batch(channel="bank", by=second, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutBatchRow.objects.create(batch=batch, position=3, withdrawal=one, net_fen=1)


def test_eight_who_make_a_batch_at_once_make_one(first: Member) -> None:
    for _number in range(3):
        released()

    def make(_number: int) -> bool:
        try:
            make_batch(channel="bank", by=first, at=AT)
        except BatchRefused:
            return False
        return True

    assert sum(at_once(make, 8)) == 1
    assert (PayoutBatch.objects.count(), PayoutBatchRow.objects.count()) == (1, 3)


def test_ones_own_and_those_on_hold_stay_out_and_a_stop_stops_it(first: Member, second: Member) -> None:
    own, held, fine = released(member=first), released(), released()
    place_hold(member_id=held.member_id, reason="在查", words="核查中", by=second, at=AT)
    batch = make_batch(channel="bank", by=first, at=AT)
    assert [row.withdrawal for row in batch.rows.all()] == [fine]
    assert make_batch(channel="bank", by=second, at=AT).rows.get().withdrawal == own
    released()
    stop_payouts(reason="演练一下", by=operator("总管", RELEASE), at=AT)
    with nothing_changes(), pytest.raises(BatchRefused, match="暂停"):
        make_batch(channel="bank", by=first, at=AT)


def test_who_has_no_right_makes_downloads_and_books_nothing(first: Member) -> None:
    released()
    batch, stranger = make_batch(channel="bank", by=first, at=AT), operator("苏敏", REVIEW)
    with nothing_changes():
        for act in (
            lambda: make_batch(channel="bank", by=stranger, at=AT),
            lambda: note_download(batch=batch, form="csv", by=stranger, at=AT),
            lambda: read_result_file(batch=batch, content=lines("X,成功,1,,"), by=stranger, at=AT),
        ):
            with pytest.raises(BatchRefused):
                act()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_names_whole_accounts_is_always_the_same_and_who_took_it_is_written_down(
    form: str, first: Member, second: Member
) -> None:
    withdrawal = released()
    batch = make_batch(channel="bank", by=first, at=AT)
    client, address = as_(first), reverse("ops:payouts_payoutbatch_file", args=[batch.pk, form])
    assert client.get(address).status_code == 405
    one, again = client.post(address), as_(second).post(address)
    assert one.content == again.content
    if form == "csv":
        found = one.content.decode("utf-8-sig")
        assert f"1,{withdrawal.number},林小满,'6222020200112233446,工商银行,497.00" in found
    else:
        with zipfile.ZipFile(io.BytesIO(one.content)) as package:
            sheet = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))
        cells = ["".join(cell.itertext()) for cell in sheet.iter() if cell.tag.endswith("}c")]
        assert cells[10:16] == ["1", withdrawal.number, "林小满", "6222020200112233446", "工商银行", "497.00"]
    assert list(BatchDownload.objects.order_by("id").values_list("by", "form")) == [
        (first.pk, form),
        (second.pk, form),
    ]


def test_the_page_of_a_batch_shows_no_whole_account(first: Member) -> None:
    released()
    batch = make_batch(channel="bank", by=first, at=AT)
    page = text(as_(first).get(reverse("ops:payouts_payoutbatch_change", args=[batch.pk])))
    assert "6222020200112233446" not in page
    assert "****3446" in page


def test_nobody_takes_a_file_with_the_own_withdrawal_on_it(first: Member, second: Member) -> None:
    released(member=first)
    batch = make_batch(channel="bank", by=second, at=AT)
    with nothing_changes(), pytest.raises(BatchRefused, match="你本人"):
        note_download(batch=batch, form="csv", by=first, at=AT)


def test_reading_books_nothing_and_another_person_books(first: Member, second: Member) -> None:
    paid, failed, silent = released(), released(), released()
    batch = make_batch(channel="bank", by=first, at=AT)
    content = lines(f"{paid.number},成功,BANK1,497.00,", f"{failed.number},失败,,,户名不符")
    with nothing_changes(without=("payouts_resultfile",)):
        file = read_result_file(batch=batch, content=content, by=first, at=AT)
    report = result_report(file=file)
    assert (report.paid, report.paid_fen, report.failed, report.hindered, report.missing) == (1, 49_700, 1, 0, 1)
    with nothing_changes(), pytest.raises(BatchRefused, match="另一位同事"):
        approve_result_file(file=file, by=first, at=AT)
    approve_result_file(file=file, by=second, at=AT)
    done = book_result_file(file_id=file.pk, at=AT)
    assert (done.state, done.booked) == ("done", {paid.number: "", failed.number: ""})
    assert (fresh(paid).state, fresh(paid).provider_ref) == ("paid", "BANK1")
    assert (fresh(failed).state, fresh(failed).reason) == ("rejected", "未能打款：户名不符")
    assert fresh(silent).state == "sending"
    with nothing_changes():
        book_result_file(file_id=file.pk, at=AT)
        assert read_result_file(batch=batch, content=content, by=first, at=AT).pk == file.pk


def test_a_worker_that_stopped_midway_goes_on_and_books_nothing_twice(first: Member, second: Member) -> None:
    one, other = released(), released()
    batch = make_batch(channel="bank", by=first, at=AT)
    content = lines(f"{one.number},成功,BANK1,,", f"{other.number},成功,BANK2,,")
    file = read_result_file(batch=batch, content=content, by=first, at=AT)
    approve_result_file(file=file, by=second, at=AT)
    ResultFile.objects.update(booked={one.number: ""})
    book_result_file(file_id=file.pk, at=AT)
    assert (fresh(one).state, fresh(other).state) == ("sending", "paid")


def test_each_row_says_what_hinders_it(first: Member, second: Member) -> None:
    fine, wrong, twice = released(), released(), released()
    own = released(member=second)
    batch = make_batch(channel="bank", by=first, at=AT)
    content = lines(
        f"{fine.number},成功,BANK1,,",
        f"{wrong.number},成功,BANK2,0.01,",
        "TX404,成功,BANK3,,",
        f"{twice.number},成功,BANK1,,",
        f"{own.number},成功,BANK5,,",
        f"{fine.number},也许,BANK6,,",
        f"{fine.number},成功,,,",
        f"{fine.number},失败,,,",
        f"{fine.number},成功,BANK7,1e3,",
    )
    file = read_result_file(batch=batch, content=content, by=second, at=AT)
    assert [row[4] for row in file.rows] == [
        "",
        "金额和批次里的不一样",
        "这个批次里没有这个单号",
        "同一个单号或流水号在文件里出现两次",
        "这是你本人的提现，须由其他同事导入",
        "“结果”要写成功或失败",
        "成功的要有流水号，不超过 64 个字",
        "失败的要写明原因",
        "金额写得不对",
    ]
    approve_result_file(file=file, by=first, at=AT)
    book_result_file(file_id=file.pk, at=AT)
    states = [fresh(one).state for one in (fine, wrong, twice, own)]
    assert states == ["paid", "sending", "sending", "sending"]


def test_nobody_approves_results_with_the_own_withdrawal(first: Member, second: Member) -> None:
    own = released(member=second)
    batch = make_batch(channel="bank", by=first, at=AT)
    file = read_result_file(batch=batch, content=lines(f"{own.number},成功,BANK1,,"), by=first, at=AT)
    with nothing_changes(), pytest.raises(BatchRefused, match="你本人"):
        approve_result_file(file=file, by=second, at=AT)


def test_the_database_wants_two_people_for_results(first: Member) -> None:
    one = released()
    batch = make_batch(channel="bank", by=first, at=AT)
    file = read_result_file(batch=batch, content=lines(f"{one.number},成功,BANK1,,"), by=first, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResultFile.objects.filter(pk=file.pk).update(state="approved", approved_by=first, approved_at=AT)


def test_a_file_that_was_dropped_may_be_read_again(first: Member) -> None:
    one = released()
    batch = make_batch(channel="bank", by=first, at=AT)
    content = lines(f"{one.number},成功,BANK1,,")
    file = read_result_file(batch=batch, content=content, by=first, at=AT)
    drop_result_file(file=file, by=first)
    assert read_result_file(batch=batch, content=content, by=first, at=AT + timedelta(hours=1)).pk != file.pk
    with pytest.raises(BatchRefused, match="已经处理过"):
        approve_result_file(file=file, by=operator("别人", RELEASE), at=AT)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no_columns"),
        (HEAD.encode(), "empty"),
        (b"a,b,c\n1,2,3", "no_columns"),
        (b"PK\x03\x04\x00\x00", "no_text"),
        (b"\xff\xff\xff", "no_text"),
        (b"x" * 1_000_001, "too_long"),
        (lines(*(f"TX{n},成功,B{n},," for n in range(2_001))), "too_many"),
    ],
)
def test_what_is_no_list_of_results_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        read_results(content)


def test_results_are_read_as_banks_write_them() -> None:
    rows = read_results(f"{HEAD}\n\n'TX1,成功,'123456789012345,\"1,234.50\",\n".encode("gb18030"))
    assert [(row.number, row.reference, row.amount_fen) for row in rows] == [("TX1", "123456789012345", 123_450)]


def test_operators_make_read_and_book_on_pages(first: Member, second: Member) -> None:
    one = released()
    client, other = as_(first), as_(second)
    assert "1 笔，合计 ¥497.00" in text(client.get("/ops/payouts/payoutbatch/make/"))
    made = client.post("/ops/payouts/payoutbatch/make/", {"channel": "bank"}, follow=True)
    assert "下载 XLSX" in text(made)
    batch = PayoutBatch.objects.get()
    upload = io.BytesIO(lines(f"{one.number},成功,BANK1,,"))
    upload.name = "结果.csv"
    address = reverse("ops:payouts_payoutbatch_results", args=[batch.pk])
    report = client.post(address, {"file": upload}, follow=True)
    assert "须由另一位同事复核入账" in text(report)
    file = ResultFile.objects.get()
    assert "入账：成功 1 笔 ¥497.00" in text(other.get(reverse("ops:payouts_payoutbatch_approve", args=[file.pk])))
    other.post(reverse("ops:payouts_payoutbatch_approve", args=[file.pk]))
    assert ResultFile.objects.get().state in ("approved", "done")
    book_result_file(file_id=file.pk, at=AT)
    assert "已入账" in text(other.get(reverse("ops:payouts_payoutbatch_report", args=[file.pk])))
    stranger = as_(operator("苏敏", REVIEW))
    with nothing_changes(without=UNSEEN):
        for bad in ({}, {"file": io.BytesIO(b"a,b\n1,2")}):
            assert client.post(address, bad).status_code == 200
        assert stranger.post(address).status_code == 403
        assert client.post("/ops/payouts/payoutbatch/make/", {"channel": "wechat"}).status_code == 200
        assert client.post(f"/ops/payouts/payoutbatch/{batch.pk}/file/exe/").status_code == 404
        assert client.get(f"/ops/payouts/payoutbatch/{2**70}/change/").status_code == 404
