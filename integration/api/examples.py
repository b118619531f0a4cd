"""One request for each operation, as pages and docs show it. A test sends every one of them."""

from typing import Any

# Operation: what stands in the address, what is asked, what is sent.
ADDRESS: dict[str, str] = {"number": "HJ2611300000000001", "code": "TEA-250"}
QUERIES: dict[str, str] = {"list_orders": "?state=to_ship&limit=50", "list_stock": "?limit=100"}
BODIES: dict[str, dict[str, Any]] = {
    "ship_order": {
        "carrier": "顺丰速运",
        "tracking_number": "SF1234567890",
        "items": [{"code": "TEA-250", "quantity": 1}],
    },
    "show_recipients": {"orders": ["HJ2611300000000001"], "reason": "打印面单"},
    "correct_stock": {"set": 120, "expected": 100, "reason": "盘点"},
    "correct_many": {"lines": [{"code": "TEA-250", "adjust": -2, "reason": "破损"}]},
}
IDEMPOTENCY_KEY = "6f1c1a52-8b7e-4c57-9d0e-0c2f5d3f9a11"
MESSAGE = {
    "type": "order.to_ship",
    "timestamp": "2026-11-30T06:11:13+00:00",
    "data": {"number": "HJ2611300000000001"},
}
