"""A month's statement as files: CSV for spreadsheets, line by line, and PDF for printing."""

from collections.abc import Iterator

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.queries.statements import Checksum, Moves, Statement, canonical_instant, statement_lines
from ledger.models import MEMBER_KINDS
from mall.core import spreadsheet
from mall.core.money import yuan
from mall.core.paper import CENTRE, HEIGHT, INK, LEFT, MUTED, RIGHT, WIDTH, Paper

MARGIN = 36
ROW = 13
# Where the columns of the table stand, how wide they are, and on which side they are lined up.
_COLUMNS = [(36, 66, LEFT), (104, 40, LEFT), (146, 50, LEFT), (198, 88, LEFT)]
_COLUMNS += [(right, 54, RIGHT) for right in (340, 394, 450, 504, 559)]


def proof_address() -> str:
    """Return where anybody can look up the published roots that entries are proved against."""
    return settings.SITE_URL + reverse("proof:roots")


def month_words(head: Statement) -> str:
    return _("%(year)s 年 %(month)s 月") % {"year": head.period.year, "month": head.period.month}


# CSV


def csv_lines(head: Statement) -> Iterator[str]:
    """Give the file piece by piece: the opening, each entry, the closing, what was withheld, the checksum."""
    summed = Checksum(head)
    columns = [_("凭证号"), _("时间"), _("类型"), _("关联单号"), *(str(kind.label) for kind in MEMBER_KINDS)]
    yield spreadsheet.BOM + spreadsheet.line([*columns, _("类型代码")])
    yield _amounts(_("期初余额"), head.period.key, head.opening, "opening")
    for entry in statement_lines(head=head):
        summed.add(entry)
        yield spreadsheet.line(
            [
                entry.entry_id,
                canonical_instant(entry.at),
                entry.name,
                entry.about,
                *map(spreadsheet.yuan, entry.moves),
                entry.kind,
            ]
        )
    yield _amounts(_("期末余额"), head.period.key, head.closing, "closing")
    yield spreadsheet.line([_("提现服务费"), spreadsheet.yuan(head.fee_fen)])
    yield spreadsheet.line([_("代扣个税"), spreadsheet.yuan(head.tax_fen)])
    yield spreadsheet.line([_("校验码 SHA-256"), summed.finish()])
    yield spreadsheet.line([_("核对地址"), proof_address()])


def _amounts(title: str, month: str, moves: Moves, code: str) -> str:
    return spreadsheet.line([title, month, "", "", *map(spreadsheet.yuan, moves), code])


# PDF


def pdf_file(head: Statement, *, made_at: str) -> bytes:
    """Return the statement on A4 sheets; `made_at` says when it was made."""
    return _Sheets(head, made_at).file()


class _Sheets:
    """The statement under way; `y` is where the next row goes."""

    def __init__(self, head: Statement, made_at: str) -> None:
        self.head = head
        self.made_at = made_at
        self.title = _("%(site)s 收益对账单 %(month)s") % {"site": settings.SITE_NAME, "month": month_words(head)}
        self.paper = Paper(title=self.title)
        self.y = 0.0

    def file(self) -> bytes:
        self.paper.new_page()
        self._head()
        self._accounts()
        summed = Checksum(self.head)
        self._table_head()
        for entry in statement_lines(head=self.head):
            summed.add(entry)
            self._room(ROW)
            when = f"{timezone.localtime(entry.at):%m-%d %H:%M:%S}"
            self._row([when, f"#{entry.entry_id}", entry.name, entry.about, *map(_moved, entry.moves)])
        if not self.head.entries:
            self.paper.text(WIDTH / 2, self.y + 12, _("本月没有变动"), align=CENTRE, tone=MUTED)
            self.y += 24
        self._tail(summed.finish())
        return self.paper.finish(self._foot)

    def _foot(self, number: int, count: int) -> str:
        page = _("第 %(number)s 页，共 %(count)s 页") % {"number": number, "count": count}
        return f"{self.title} · {self.head.member.public_id} · {page}"

    def _head(self) -> None:
        paper, member = self.paper, self.head.member
        paper.text(MARGIN, 56, settings.SITE_NAME, size=12, tone=MUTED)
        paper.text(MARGIN, 80, _("收益对账单"), size=20, strong=True)
        paper.text(MARGIN, 100, month_words(self.head), size=12)
        whose = _("会员 %(name)s（%(id)s）") % {"name": member.nickname or _("未填昵称"), "id": member.public_id}
        paper.text(MARGIN, 122, whose, size=9, room=380)
        until = _("至今，本月尚未结束") if self.head.is_running else _("全月")
        span = _("北京时间 %(first)s 至 %(last)s · %(until)s") % {
            "first": f"{timezone.localtime(self.head.period.start):%Y-%m-%d}",
            "last": f"{timezone.localtime(self.head.period.last):%Y-%m-%d}",
            "until": until,
        }
        paper.text(MARGIN, 136, span, size=8, tone=MUTED)
        made = _("生成于 %(at)s · 金额单位：元") % {"at": self.made_at}
        paper.text(MARGIN, 149, made, size=8, tone=MUTED)
        matrix = [list(row) for row in segno.make(proof_address(), error="m", micro=False).matrix]
        paper.code(WIDTH - MARGIN - 72, 44, matrix, size=72)
        paper.text(WIDTH - MARGIN - 36, 128, _("扫码核对账本"), size=7, align=CENTRE, tone=MUTED)
        paper.text(WIDTH - MARGIN, 149, proof_address(), size=7, align=RIGHT, tone=MUTED)
        self.y = 168

    def _accounts(self) -> None:
        paper = self.paper
        rights = (300, 430, 559)
        paper.rule(MARGIN, self.y - 12, WIDTH - MARGIN)
        paper.text(MARGIN, self.y, _("账户"), tone=MUTED)
        for right, words in zip(rights, (_("期初余额"), _("本月变动"), _("期末余额")), strict=True):
            paper.text(right, self.y, words, align=RIGHT, tone=MUTED)
        for kind, opening, moved, closing in self.head.accounts:
            self.y += 15
            paper.text(MARGIN, self.y, str(kind.label), size=9)
            for right, words in zip(rights, (yuan(opening), _signed(moved), yuan(closing)), strict=True):
                paper.text(right, self.y, words, size=9, align=RIGHT)
        self.y += 18
        withheld = _("本月提现已扣：服务费 %(fee)s，代扣个税 %(tax)s") % {
            "fee": yuan(self.head.fee_fen),
            "tax": yuan(self.head.tax_fen),
        }
        paper.text(MARGIN, self.y, withheld, size=9)
        self.y += 22

    def _table_head(self) -> None:
        names = [_("时间"), _("凭证"), _("类型"), _("关联单号"), *(str(kind.label) for kind in MEMBER_KINDS)]
        self._row(names, tone=MUTED)
        self.paper.rule(MARGIN, self.y - 9, WIDTH - MARGIN)

    def _row(self, cells: list[str], *, tone: str = INK) -> None:
        for (x, room, align), words in zip(_COLUMNS, cells, strict=True):
            if words:
                self.paper.text(x, self.y, words, size=7.5, align=align, room=room, tone=tone)
        self.y += ROW

    def _room(self, points: float) -> None:
        """Begin another sheet where so much does not fit on this one."""
        if self.y + points > HEIGHT - 44:
            self.paper.new_page()
            self.y = 52
            self._table_head()

    def _tail(self, checksum: str) -> None:
        self._room(64)
        self.paper.rule(MARGIN, self.y - 9, WIDTH - MARGIN)
        self._row([_("期末余额"), "", "", "", *map(_plain, self.head.closing)])
        self.y += 8
        self.paper.text(MARGIN, self.y, _("校验码 SHA-256"), size=7, tone=MUTED)
        self.paper.text(MARGIN + 70, self.y, checksum, size=7)
        self.y += 12
        how = _("校验码由期初、每笔凭证和期末逐行计算，算法见说明；改动任何一笔，校验码都会不同。")
        self.paper.text(MARGIN, self.y, how, size=7, tone=MUTED)


def _plain(fen: int) -> str:
    return yuan(fen).replace("¥", "")


def _moved(fen: int) -> str:
    """Return a movement without ¥; nothing where nothing moved."""
    return f"{'+' if fen > 0 else ''}{_plain(fen)}" if fen else ""


def _signed(fen: int) -> str:
    return f"+{yuan(fen)}" if fen > 0 else yuan(fen)
