"""Reading the explanation of a reward off its page, and computing its amount from nothing but what a reader sees."""

import re

from django.test import Client

from linkage.models import Commission, Reward
from members.models import Member


def fen_of(text: str) -> int:
    """Return the fen of an amount as it is written: `+¥1,234.50`, `−¥150.00`."""
    fen = int(re.sub(r"[^0-9]", "", text))
    return -fen if text.startswith("−") else fen


def recomputed(formula: str) -> int:
    """Return what the lines of a formula (HTML) give."""
    total = product = 0
    for line in re.findall(r"<div data-term>(.*?)</div>", formula, re.S):
        sign = re.search(r'class="term-sign">([^<]+)<', line)
        value = re.search(r"<dd[^>]*>([^<]+)</dd>", line)
        assert value is not None
        shown = value[1].strip()
        if shown.endswith("%"):
            whole, _, rest = shown[:-1].partition(".")
            rate_bps = int(whole) * 100 + int(rest.ljust(2, "0"))
            total, product = (total + product) * rate_bps // 10_000, 0
        elif sign is not None and sign[1] == "×":
            product *= int(shown)
        else:
            total, product = total + product, fen_of(shown)
    return total + product


def prove_every_commission() -> int:
    """Open the page of every commission as its shopkeeper; the lines must give the amount. Returns how many there
    were."""
    count = 0
    for commission in Commission.objects.select_related("member"):
        client = Client()
        client.force_login(commission.member, backend="django.contrib.auth.backends.ModelBackend")
        body = client.get(f"/agent/earnings/c/{commission.pk}/").content.decode()
        formula = body.partition('id="formula"')[2].partition("</dl>")[0]
        assert recomputed(formula) == commission.amount_fen, commission.pk
        total = re.search(r"data-total.*?<dd>([^<]+)</dd>", formula, re.S)
        assert total is not None, commission.pk
        assert fen_of(total[1]) == commission.amount_fen, commission.pk
        count += 1
    return count


def prove_every_trace() -> int:
    """Open the page of every reward as the member who got it; the lines must give the amount, and the parts add up to
    it. Returns how many rewards there were."""
    count = 0
    rewards = Reward.objects.exclude(member=None)
    for member_id in rewards.order_by().values_list("member_id", flat=True).distinct():
        client = Client()
        client.force_login(Member.objects.get(pk=member_id), backend="django.contrib.auth.backends.ModelBackend")
        for reward in rewards.filter(member_id=member_id):
            body = client.get(f"/agent/earnings/{reward.pk}/").content.decode()
            formula = body.partition('id="formula"')[2].partition("</dl>")[0]
            assert recomputed(formula) == reward.amount_fen, reward.pk
            total = re.search(r"data-total.*?<dd>([^<]+)</dd>", formula, re.S)
            assert total is not None, reward.pk
            assert fen_of(total[1]) == reward.amount_fen, reward.pk
            parts = re.findall(r"data-part>.*?<dd[^>]*>([^<]+)</dd>", formula, re.S)
            assert sum(fen_of(part) for part in parts) == reward.amount_fen, reward.pk
            count += 1
    return count
