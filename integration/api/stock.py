"""Stock: what there is, and what was counted."""

from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from integration import queries, rules
from integration.models import ActKind
from mall.core import clock
from mall.core.own_supplier import as_the_mall
from mall.core.text import clean_line
from suppliers.commands import OutOfStock, StockMoved, correct_stock
from suppliers.models import Sku

from . import schemas
from .base import SupplierView
from .openapi import documented
from .orders import checked
from .problems import Problem
from .shown import stock_shown


class StockView(SupplierView):
    scopes: ClassVar = {"GET": (rules.STOCK_READ,), "POST": (rules.STOCK_WRITE,)}
    once: ClassVar = frozenset({"POST"})

    @documented(
        name="list_stock",
        title=_("库存列表"),
        about=_("所有规格的库存，按商品编码排列。"),
        query=schemas.PageQuery,
        answers={200: schemas.StockPageOut},
        refusals=("invalid_request",),
    )
    def get(self, request: Request) -> Response:
        asked = checked(schemas.PageQuery, request.query_params)
        found = queries.skus_page(supplier=self.supplier, after=asked.get("cursor", ""), limit=asked["limit"] + 1)
        shown = found[: asked["limit"]]
        return Response(
            {
                "stock": [stock_shown(sku) for sku in shown],
                "next_cursor": shown[-1].code if len(found) > len(shown) else None,
            }
        )

    @documented(
        name="correct_many",
        title=_("批量改库存"),
        about=_(
            "最多 200 行，每行有自己的结果：一行不成，其他行照做。没做的行改好后用新的 Idempotency-Key 再发。"
            "每行和改一个规格时一样填。"
        ),
        request=schemas.CorrectionsDoc,
        answers={200: schemas.CorrectedLinesOut},
        refusals=("invalid_request",),
    )
    def post(self, request: Request) -> Response:
        lines = checked(schemas.CorrectionsIn, request.data)["lines"]
        results = _corrected_lines(self, lines)
        done = [result["code"] for result in results if result["status"] == "done"]
        if done:
            self.note(ActKind.STOCK_CHANGED, "、".join(done)[:80], str(_("批量 %d 个规格") % len(done)))
        return Response({"lines": results})


class SkuView(SupplierView):
    scopes: ClassVar = {"GET": (rules.STOCK_READ,), "POST": (rules.STOCK_WRITE,)}
    once: ClassVar = frozenset({"POST"})

    @documented(
        name="show_stock",
        title=_("一个规格的库存"),
        about=_("按商品编码查。"),
        answers={200: schemas.StockOut},
        refusals=("not_found",),
    )
    def get(self, request: Request, code: str) -> Response:
        return Response(stock_shown(_own_sku(self, code)))

    @documented(
        name="correct_stock",
        title=_("改库存"),
        about=_(
            "set 改成多少件，adjust 增减多少件，二选一，都要写原因。带上 expected 时，在库不是这个数就不改，"
            "返回 409 stock_moved 和现在的数。改的是在库（on_hand），不能少于已下单未发出的件数。"
        ),
        request=schemas.CorrectionIn,
        answers={200: schemas.StockOut},
        refusals=("invalid_request", "not_found", "stock_moved", "out_of_stock"),
    )
    def post(self, request: Request, code: str) -> Response:
        given = checked(schemas.CorrectionIn, request.data)
        before = _own_sku(self, code)
        after = _corrected(self, before, given)
        self.note(ActKind.STOCK_CHANGED, code, f"{before.on_hand} → {after.on_hand} {given['reason']}")
        return Response(stock_shown(after))


def _own_sku(view: SupplierView, code: str) -> Sku:
    found = queries.sku_of(supplier=view.supplier, code=code)
    if found is None:
        raise Problem("not_found", _("没有这个商品编码"))
    return found


def _corrected(view: SupplierView, sku: Sku, given: dict[str, Any]) -> Sku:
    """Correct one SKU, as the desk does."""
    reason = clean_line(given["reason"], schemas.REASON_MAX)
    if not reason:
        raise Problem("invalid_request", _("请写明原因"))
    with as_the_mall():
        return correct_stock(
            sku=sku,
            on_hand=given.get("set"),
            delta=given.get("adjust", 0),
            expected=given.get("expected"),
            reason=reason,
            by=view.key.made_by,
            at=clock.now(),
        )


def _corrected_lines(view: SupplierView, lines: list[Any]) -> list[dict[str, Any]]:
    """Correct each line at a savepoint of its own, in the order of the SKUs' ids, as all locks of stock are taken."""
    checks = [schemas.CorrectionLineIn(data=line) for line in lines]
    good = [check.validated_data["code"] if check.is_valid() else "" for check in checks]
    skus = queries.skus_by_code(supplier=view.supplier, codes=[code for code in good if code])
    results: list[dict[str, Any]] = []
    for number, (check, code) in enumerate(zip(checks, good, strict=True)):
        said = str(lines[number].get("code", ""))[:40]
        result = {"line": number, "code": said, "status": "refused"}
        results.append(result)
        if not code:
            result |= {"problem": "invalid_request", "detail": _first_fault(check.errors)}
        elif good.index(code) != number:
            result |= {"problem": "invalid_request", "detail": str(_("和第 %d 行是同一个商品编码") % good.index(code))}
        elif code not in skus:
            result |= {"problem": "not_found", "detail": str(_("没有这个商品编码"))}
    waiting = [number for number, result in enumerate(results) if "problem" not in result]
    for number in sorted(waiting, key=lambda one: skus[good[one]].pk):
        results[number] |= _corrected_line(view, skus[good[number]], checks[number].validated_data)
    return results


def _corrected_line(view: SupplierView, sku: Sku, given: dict[str, Any]) -> dict[str, Any]:
    try:
        with transaction.atomic():
            now = _corrected(view, sku, given)
    except StockMoved as moved:
        kept = moved.sku
        return {
            "problem": "stock_moved",
            "detail": str(moved),
            "on_hand": kept.on_hand,
            "reserved": kept.reserved,
        }
    except OutOfStock as refusal:
        return {"problem": "out_of_stock", "detail": str(refusal)}
    except Problem as refusal:
        return {"problem": refusal.code, "detail": str(refusal.detail)}
    return {"status": "done", "on_hand": now.on_hand, "reserved": now.reserved}


def _first_fault(errors: Any) -> str:
    """Return the first thing that is wrong with a line, with the name of the member."""
    name, words = next(iter(errors.items()))
    first = words[0] if isinstance(words, list) else words
    return str(first) if name == "non_field_errors" else f"{name}: {first}"
