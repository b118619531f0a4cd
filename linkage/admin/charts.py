"""Charts of two courses side by side, drawn as SVG on the server: each has a table and a CSV of the same figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from mall.core.money import yuan

WIDTH, HEIGHT = 600, 220
KINDS = ("direct", "see_point", "peer_bonus", "peer_share", "fund")


@dataclass(slots=True)
class Bar:
    """One class with both figures; widths are in thousandths of the largest."""

    label: str
    before: int | None
    after: int
    before_width: int
    after_width: int
    before_text: str
    after_text: str
    below_price: bool = False


@dataclass(slots=True)
class Chart:
    """What is drawn (`bars`, or `lines` as points of polylines), and the same as a table of words."""

    name: str
    title: str
    note: str
    head: list[str]
    table: list[list[str]]
    bars: list[Bar] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    top: str = ""
    ends: tuple[str, str] = ("", "")


def charts_of(result: dict[str, Any]) -> list[Chart]:
    """Return the charts of a simulation's result, in the order of the page."""
    before, after = result["before"], result["after"]
    return [
        _earnings(before, after),
        _concentration(before, after),
        _course(
            "payout",
            _("拨出率"),
            _("累计奖励支出 ÷ 累计礼包销售额（已扣退货）"),
            before,
            after,
            lambda sample: sample[2] * 10_000 // sample[1] if sample[1] > 0 else 0,
            percent,
        ),
        _course(
            "liability",
            _("待付奖励"),
            _("全体会员待结算与冻结之和：以后可能要付的钱"),
            before,
            after,
            lambda sample: sample[3],
            yuan,
        ),
        _course("fund", _("帮扶基金"), _("当日余额"), before, after, lambda sample: sample[5], yuan),
        _stress(before, after),
        _cohorts(before, after),
        _kinds(before, after),
    ]


def percent(bps: int) -> str:
    """Basis points as `12.34%`."""
    return f"{bps // 100}.{bps % 100:02d}%"


def _earnings(before: Any, after: Any) -> Chart:
    labels = [_class(row) for row in after["buckets"]]
    price = after["price_fen"]
    rows = _pairs(before, after, "buckets", "people")
    bars = _bars(labels, rows, _people)
    for bar, row in zip(bars, after["buckets"], strict=True):
        bar.below_price = row["from_fen"] < price
    return Chart(
        "earnings",
        _("每位购买者拿到多少"),
        _("按到手奖励分组的人数；礼包价 %s 以下的没有收回礼包价") % yuan(price),
        [_("奖励"), _("现行（人）"), _("试算（人）")],
        _table(bars),
        bars=bars,
    )


def _class(row: dict[str, Any]) -> str:
    if not row["from_fen"]:
        return _("没有奖励")
    if row["below_fen"] is None:
        return _("%s 以上") % yuan(row["from_fen"])
    return _("%(from)s 起，不到 %(below)s") % {"from": yuan(row["from_fen"]), "below": yuan(row["below_fen"])}


def _concentration(before: Any, after: Any) -> Chart:
    steps = len(after["concentration"]) - 1
    shares = [f"{100 * step // steps}%" for step in range(steps + 1)]
    old = before["concentration"] if before else None
    return Chart(
        "concentration",
        _("集中在谁手里"),
        _("从奖励最少的人数起，累计占全部奖励的比例；越贴近右下角越集中"),
        [_("人数"), _("现行"), _("试算")],
        [
            [share, percent(old[step]) if old else "—", percent(after["concentration"][step])]
            for step, share in enumerate(shares)
        ],
        lines=_lines([old, after["concentration"]], 10_000),
        top="100%",
        ends=(_("奖励最少"), _("奖励最多")),
    )


def _course(
    name: str,
    title: str,
    note: str,
    before: Any,
    after: Any,
    figure: Callable[[Sequence[int]], int],
    words: Callable[[int], str],
) -> Chart:
    new = [figure(sample) for sample in after["samples"]]
    old = [figure(sample) for sample in before["samples"]] if before else None
    most = max([1, *new, *(old or [])])
    days = [sample[0] for sample in after["samples"]]
    return Chart(
        name,
        title,
        note,
        [_("第几天"), _("现行"), _("试算")],
        [
            [str(day), words(old[place]) if old and place < len(old) else "—", words(new[place])]
            for place, day in enumerate(days)
        ],
        lines=_lines([old, new], most),
        top=words(most),
        ends=(_("第 1 天"), _("第 %d 天") % days[-1] if days else ""),
    )


def _stress(before: Any, after: Any) -> Chart:
    labels = [percent(row["share_bps"]) for row in after["stress"]]
    rows = _pairs(before, after, "stress", "debt_fen")
    names = ("refund_fen", "back_fen", "unpaid_fen", "fund_fen", "debt_fen")
    table = []
    for place, row in enumerate(after["stress"]):
        old = before["stress"][place] if before else None
        table.append([labels[place], *(f"{yuan(old[name]) if old else '—'} → {yuan(row[name])}" for name in names)])
    return Chart(
        "stress",
        _("退货压力"),
        _("大家把可提现的都提走之后，再有这么多礼包退货：要退的货款、应扣回的奖励，其中已付出、要向会员追缴的"),
        [_("退货"), _("退还货款"), _("扣回奖励"), _("从待结算和冻结"), _("从帮扶基金"), _("成为欠款")],
        table,
        bars=_bars(labels, rows, yuan),
    )


def _cohorts(before: Any, after: Any) -> Chart:
    count = len(after["cohorts"])
    labels = [_("第 %(turn)d/%(count)d 批") % {"turn": turn, "count": count} for turn in range(1, count + 1)]
    bars = _bars(labels, _pairs(before, after, "cohorts", "recovered_bps"), percent)
    return Chart(
        "cohorts",
        _("越晚加入越难收回"),
        _("按购买先后分批，收回礼包价的比例"),
        [_("批次"), _("现行"), _("试算")],
        _table(bars),
        bars=bars,
    )


def _kinds(before: Any, after: Any) -> Chart:
    names = {
        "direct": _("直推奖"),
        "see_point": _("见点奖"),
        "peer_bonus": _("平级奖"),
        "peer_share": _("平级分润"),
        "fund": _("转入帮扶基金"),
    }
    rows = [(before["kinds"].get(kind, 0) if before else None, after["kinds"].get(kind, 0)) for kind in KINDS]
    bars = _bars([names[kind] for kind in KINDS], rows, yuan)
    return Chart(
        "kinds",
        _("奖励构成"),
        _("未被扣回的奖励，按种类"),
        [_("奖励"), _("现行"), _("试算")],
        _table(bars),
        bars=bars,
    )


def _pairs(before: Any, after: Any, rows: str, name: str) -> list[tuple[int | None, int]]:
    """Return one figure of each row, before (none: no plan was in force) and after."""
    return [
        (before[rows][place][name] if before and place < len(before[rows]) else None, row[name])
        for place, row in enumerate(after[rows])
    ]


def _bars(labels: list[str], rows: Sequence[tuple[int | None, int]], words: Callable[[int], str]) -> list[Bar]:
    most = max([1, *(abs(figure) for row in rows for figure in row if figure)])
    return [
        Bar(
            label,
            before,
            after,
            1000 * abs(before or 0) // most,
            1000 * abs(after) // most,
            "—" if before is None else words(before),
            words(after),
        )
        for label, (before, after) in zip(labels, rows, strict=True)
    ]


def _table(bars: list[Bar]) -> list[list[str]]:
    return [[bar.label, bar.before_text, bar.after_text] for bar in bars]


def _people(count: int) -> str:
    return f"{count:,}"


def _lines(courses: Sequence[list[int] | None], most: int) -> list[tuple[str, str]]:
    """Return polylines with their tones, the one in force first."""
    found = []
    for tone, points in zip(("old", "new"), courses, strict=True):
        if points:
            last = max(1, len(points) - 1)
            placed = (
                f"{WIDTH * place // last},{HEIGHT - HEIGHT * max(0, figure) // most}"
                for place, figure in enumerate(points)
            )
            found.append((tone, " ".join(placed)))
    return found
