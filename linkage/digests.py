"""What params say, however they were written: two that mean the same plan have the same digest."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from linkage.rules.plan import parse_plan, plan_as_dict


def params_digest(params: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the plan that these params are read as. Raises PlanError where they are malformed."""
    return text_digest(plan_as_dict(parse_plan(params)[0]))


def text_digest(value: Any) -> str:
    """Return the SHA-256 of a JSON value, whatever the order of its keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
