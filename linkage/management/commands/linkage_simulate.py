import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from linkage.rules.event_file import EventFileError
from linkage.rules.result import result_of, write_result
from linkage.rules.simulation import Simulation, simulate
from linkage.rules.summary import Summary, summary_of
from mall.core.money import yuan


class Command(BaseCommand):
    help = "Settle an event file by the rules alone and write the result JSON; no database is touched."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--out", type=Path, help="where to write the result; otherwise to the standard output")
        parser.add_argument("--summary", action="store_true", help="print who earns what instead of the result")

    def handle(self, *args: Any, file: Path, out: Path | None, summary: bool, **options: Any) -> None:
        with _no_collection():
            simulation = self._simulate(file)
            if out is not None:
                self._write(simulation, out)
            elif not summary:
                write_result(result_of(simulation), sys.stdout)
            if summary:
                Console(file=sys.stdout).print(summary_table(summary_of(simulation.book, simulation.plan)))

    def _simulate(self, file: Path) -> Simulation:
        try:
            with file.open("rb") as lines:
                return simulate(lines)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=2) from error
        except EventFileError as error:
            raise CommandError(str(error), returncode=2) from error

    def _write(self, simulation: Simulation, out: Path) -> None:
        try:
            with out.open("w", encoding="utf-8") as target:
                write_result(result_of(simulation), target)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.", returncode=2) from error
        self.stderr.write(f"Wrote {out}.", style_func=str)


@contextmanager
def _no_collection() -> Iterator[None]:
    """A growing book holds no garbage, and looking for it again and again would cost a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def summary_table(summary: Summary) -> Table:
    """Lay a summary out as people read it."""
    table = Table(title="模拟结果", show_header=False)
    table.add_column(justify="left")
    table.add_column(justify="right")
    sections = (
        (
            ("会员数", f"{summary.members:,}"),
            ("持有礼包的会员", f"{summary.buyers:,}"),
            ("其中合伙人", f"{summary.partners:,}"),
        ),
        (
            ("没有任何收入的购买者", _percent(summary.earned_nothing_bps)),
            ("收回礼包支出的购买者", _percent(summary.recovered_price_bps)),
            ("收入最高 1% 购买者所占份额", _percent(summary.top_percent_bps)),
            ("购买者收入中位数", yuan(summary.earned_median_fen)),
            ("购买者净收支中位数（收入减礼包支出）", yuan(summary.balance_median_fen)),
            ("购买者最高收入", yuan(summary.earned_max_fen)),
        ),
        (
            ("礼包销售额（已扣退货）", yuan(summary.revenue_fen)),
            ("奖励支出", yuan(summary.reward_expense_fen)),
            ("拨出率（奖励支出 ÷ 礼包销售额）", _percent(summary.payout_bps)),
            ("帮扶基金", yuan(summary.support_fund_fen)),
            ("仍在冻结", yuan(summary.frozen_fen)),
        ),
        (
            ("推荐层级：中位数 / 最深", f"{summary.depth_median} / {summary.depth_max}"),
            ("团队数", f"{summary.teams:,}"),
            ("团队人数：中位数 / 最大", f"{summary.team_size_median:,} / {summary.team_size_max:,}"),
            ("团队层级：中位数 / 最深", f"{summary.team_depth_median} / {summary.team_depth_max}"),
        ),
    )
    for rows in sections:
        for label, value in rows:
            table.add_row(label, value)
        table.add_section()
    return table


def _percent(rate_bps: int) -> str:
    return f"{rate_bps // 100}.{rate_bps % 100:02d}%"
