"""The published roots, a member's own chain, and the proof that is downloaded and checked by the script."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ledger.commands import Entry, Line, post_entry, publish_root
from ledger.models import AccountKind, ChainEntry, DailyRoot, Posting, account_id
from mall.core import clock
from tests.ledger.chains import chain
from tests.linkage.stories import Mall, three_generations
from tests.pages.reading import markup

from .conftest import See

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def proved(mall: Mall) -> DailyRoot:
    """zoe and ann have earned; their entries are chained and today's root is published."""
    three_generations(mall)
    chain()
    root = publish_root(at=clock.now())
    assert root is not None
    return root


def download(client: Client, query: str = "") -> bytes:
    answer = client.get(f"/agent/proof/download{query}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def checked(folder: Path, proof: bytes, *arguments: str) -> tuple[int, str]:
    """Run the script that is served, as a person would, on a file."""
    script = folder / "verify.py"
    script.write_bytes(Client().get("/proof/verify.py").content)
    file = folder / "proof.json"
    file.write_bytes(proof)
    done = subprocess.run([sys.executable, "-I", script, file, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_downloaded_proof_is_right_by_the_script_of_thirty_lines(
    mall: Mall, see: See, proved: DailyRoot, tmp_path: Path
) -> None:
    assert len(Client().get("/proof/verify.py").content.decode().splitlines()) <= 30
    proof = download(see("zoe"))
    told = json.loads(proof)
    root = Client().get(f"/proof/{told['date']}.json").json()["root"]
    assert told["holder"] == mall.members["zoe"].pk
    assert len(told["entries"]) == told["sequence"] == ChainEntry.objects.filter(holder_id=told["holder"]).count() > 1
    assert checked(tmp_path, proof, root) == (
        0,
        f"RIGHT: {told['sequence']} entries lead to the root of {told['date']}: {root}\n",
    )
    last = download(see("zoe"), f"?from={told['sequence']}")
    assert json.loads(last)["entries"] == told["entries"][-1:]
    assert checked(tmp_path, last, root)[0] == 0
    code, said = checked(tmp_path, proof, "0" * 64)
    assert code == 1
    assert "another root was published" in said


@pytest.mark.parametrize("what", ["text", "hash", "head", "path", "sequence", "left out"])
def test_a_proof_with_one_thing_changed_is_wrong(
    mall: Mall, see: See, proved: DailyRoot, tmp_path: Path, what: str
) -> None:
    told: dict[str, Any] = json.loads(download(see("zoe")))
    entry = told["entries"][0]
    if what == "text":
        entry["text"] = entry["text"].replace('"pending",-', '"pending",-1')
    elif what == "hash":
        del entry["text"]
        entry["hash"] = "0" * 64
    elif what == "path":
        told["path"][0][1] = "0" * 64
    elif what == "left out":
        told["entries"] = told["entries"][1:]
    else:
        told[what] = told["sequence"] + 1 if what == "sequence" else "0" * 64
    code, said = checked(tmp_path, json.dumps(told, ensure_ascii=False).encode())
    assert code == 1
    assert "WRONG" in said


def test_a_past_that_was_changed_fails_the_members_own_check(
    mall: Mall, see: See, proved: DailyRoot, tmp_path: Path
) -> None:
    pending = account_id(AccountKind.PENDING, mall.members["zoe"].pk)
    posting = Posting.objects.filter(account_id=pending).order_by("id").first()
    assert posting is not None
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_posting SET amount_fen = amount_fen - 1 WHERE id = %s", [posting.pk])
        cursor.execute("ALTER TABLE ledger_posting ENABLE TRIGGER USER")
    code, said = checked(tmp_path, download(see("zoe")))
    assert code == 1
    assert f"entry 1 was changed: [{posting.entry_id}," in said
    assert checked(tmp_path, download(see("ann")))[0] == 0


def test_the_page_shows_the_own_chain_and_costs_the_same_however_long(mall: Mall, see: See, proved: DailyRoot) -> None:
    browser = see("zoe")
    page = browser.get("/agent/proof/")
    markup(page)
    body = page.content.decode()
    assert bytes(proved.root).hex() in body
    assert "奖励入账" in body
    with CaptureQueriesContext(connection) as before:
        browser.get("/agent/proof/")
    zoe = mall.members["zoe"].pk
    lines = (Line(AccountKind.REWARD_EXPENSE, 0, 7), Line(AccountKind.PENDING, zoe, -7))
    for number in range(40):
        post_entry(Entry("grant", f"g{number}", mall.at + timedelta(seconds=number), lines))
    chain()
    with CaptureQueriesContext(connection) as after:
        body = browser.get("/agent/proof/").content.decode()
    assert len(after) <= len(before)
    assert "之后的 40 笔等下一次公布" in body
    assert body.count("待公布") == 20
    older = body.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    assert browser.get(f"/agent/proof/{older}").content.decode().count("待公布") == 20


def test_without_entries_there_is_no_proof_and_without_login_no_page(mall: Mall, see: See, proved: DailyRoot) -> None:
    mall.join("new")
    assert "还没有账目" in see("new").get("/agent/proof/").content.decode()
    for query in ("", "?from=1", "?from=x"):
        assert see("new").get(f"/agent/proof/download{query}").status_code == 404
    assert see("zoe").get("/agent/proof/download?from=999").status_code == 404
    for path in ("/agent/proof/", "/agent/proof/download"):
        assert Client().get(path).status_code == 302


def test_everybody_reads_the_roots_of_the_days(mall: Mall, proved: DailyRoot) -> None:
    today = proved.date
    for day in range(1, 25):
        publish_root(at=clock.now() + timedelta(days=day))
    page = Client().get("/proof/")
    markup(page)
    body = page.content.decode()
    assert body.count(bytes(proved.root).hex()) == 40, "the copy button and the words of twenty days"
    assert f"?before={today + timedelta(days=5)}" in body
    assert str(today) in Client().get(f"/proof/?before={today + timedelta(days=5)}").content.decode()
    told = Client().get("/proof/roots.json").json()
    assert len(told["roots"]) == 25
    assert told["next"] is None
    assert told["roots"][-1]["date"] == str(today)
    assert set(told["roots"][0]) == {"date", "root", "holders", "entries", "published_at"}
    for path in ("/proof/2020-01-01.json", "/proof/x.json", "/proof/2026-13-01.json"):
        assert Client().get(path).status_code == 404
    assert Client().get("/proof/?before=x").status_code == 200
