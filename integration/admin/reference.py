"""The interface in words for people, taken from the same document that programs read."""

import json
from typing import Any

from django.utils.translation import gettext as _

from integration.api import examples
from integration.api.openapi import PREFIX, described
from integration.api.problems import CODES, CONTENT_TYPE
from integration.models import Scope


def reference(*, base: str) -> dict[str, Any]:
    """Return what the page shows: operations with members, refusals and a command to try, and all problem codes."""
    document = described()
    operations = [
        _operation(document, base, address.removeprefix(PREFIX), method, told)
        for address, methods in document["paths"].items()
        for method, told in methods.items()
    ]
    return {
        "base": base,
        "operations": operations,
        "message": json.dumps(examples.MESSAGE, ensure_ascii=False),
        "codes": [(code, status, title) for code, (status, title) in CODES.items()],
    }


def _operation(document: dict[str, Any], base: str, address: str, method: str, told: dict[str, Any]) -> dict[str, Any]:
    answers = told["responses"]
    good = next(status for status in answers if status.startswith("2"))
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "id": told["operationId"],
        "method": method.upper(),
        "address": address,
        "title": told["summary"],
        "about": told["description"],
        "scopes": [f"{Scope(scope).label} · {scope}" for scope in told["x-scopes"]],
        "parameters": [
            {
                "name": one["name"],
                "type": _type(document, one["schema"]),
                "is_required": one.get("required", False),
                "about": one.get("description", ""),
            }
            for one in told.get("parameters", [])
        ],
        "sent": _members(document, body) if body else [],
        "status": good,
        "answered": _members(document, answers[good]["content"]["application/json"]["schema"]),
        "refusals": [
            (status, answer["description"]) for status, answer in answers.items() if CONTENT_TYPE in answer["content"]
        ],
        "command": command(told["operationId"], method=method.upper(), base=base, address=address),
    }


def command(name: str, *, method: str, base: str, address: str) -> str:
    """Return a curl command that does an operation."""
    for part, value in examples.ADDRESS.items():
        address = address.replace(f"{{{part}}}", value)
    lines = [f"curl '{base}{address}{examples.QUERIES.get(name, '')}'", '-H "Authorization: Bearer $KEY"']
    if method == "POST":
        lines[0] = lines[0].replace("curl ", "curl -X POST ", 1)
        lines.append("-H 'Content-Type: application/json'")
        if name != "show_recipients":
            lines.append(f"-H 'Idempotency-Key: {examples.IDEMPOTENCY_KEY}'")
        lines.append(f"-d '{json.dumps(examples.BODIES[name], ensure_ascii=False)}'")
    return " \\\n  ".join(lines)


def _members(document: dict[str, Any], schema: dict[str, Any], depth: int = 0) -> list[dict[str, Any]]:
    """Return the members of an object, those of inner ones behind it, each with how deep it lies."""
    whole = _resolved(document, schema)
    found = []
    for name, inner in whole.get("properties", {}).items():
        found.append(
            {
                "name": name,
                "depth": depth,
                "type": _type(document, inner),
                "is_required": name in whole.get("required", ()),
                "about": inner.get("description", ""),
            }
        )
        found += _members(document, _inner(document, inner), depth + 1)
    return found


def _inner(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    whole = _resolved(document, schema)
    return _resolved(document, whole["items"]) if "items" in whole else whole


def _type(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """Return in words what a value is."""
    whole = _resolved(document, schema)
    if "items" in whole:
        return _("列表")
    if "enum" in whole:
        return " | ".join(str(value) for value in whole["enum"] if value is not None)
    kind = whole.get("type", "object")
    kinds = [one for one in kind if one != "null"] if isinstance(kind, list) else [kind]
    words = {
        "string": _("时间") if whole.get("format") == "date-time" else _("文字"),
        "integer": _("整数"),
        "boolean": _("true 或 false"),
        "object": _("对象"),
    }
    word = str(words.get(kinds[0], kinds[0]))
    return f"{word} | null" if "null" in kind else word


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference, also one that is wrapped to carry a description."""
    if "allOf" in schema and len(schema["allOf"]) == 1:
        schema = {**_resolved(document, schema["allOf"][0]), **{k: v for k, v in schema.items() if k != "allOf"}}
    if "oneOf" in schema:
        schema = {**_resolved(document, schema["oneOf"][0]), **{k: v for k, v in schema.items() if k != "oneOf"}}
    if "$ref" in schema:
        target = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return {**target, **{name: value for name, value in schema.items() if name != "$ref"}}
    return schema
