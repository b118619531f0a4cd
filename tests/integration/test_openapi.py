"""The document is true: every address is in it, every answer is as it says, the file in docs/ is what is served."""

import json
import re
import shlex
from copy import deepcopy
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from jsonschema import Draft202012Validator

from integration.api import examples
from integration.api.openapi import PREFIX, described
from integration.api.problems import CODES
from integration.api.urls import endpoints
from orders.models import Order, OrderLine
from suppliers.models import Sku
from tests.factories import a_paid_order, a_sku
from tests.house.project import PROJECT
from tests.suppliers.firms import Firm

from .callers import BASE, Caller

pytestmark = pytest.mark.django_db
FILE = PROJECT / "docs" / "api" / "supplier-openapi.json"
PAGE = PROJECT / "docs" / "api" / "supplier.md"
OPERATIONS = [
    (address, method, told["operationId"])
    for address, methods in json.loads(FILE.read_text())["paths"].items()
    for method, told in methods.items()
]


@pytest.fixture
def caller() -> Caller:
    """A supplier with the SKU and the order that examples name."""
    found = Caller()
    sku = a_sku(supplier=found.supplier, on_hand=101)
    Sku.objects.filter(pk=sku.pk).update(code=examples.ADDRESS["code"])
    order = a_paid_order(sku=sku)
    Order.objects.filter(pk=order.pk).update(number=examples.ADDRESS["number"])
    return found


def closed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with every object closed: a member that it does not name is a fault."""
    found = deepcopy(document)
    for schema in found["components"]["schemas"].values():
        if schema.get("type") == "object":
            schema["additionalProperties"] = False
    return found


def holds(operation: dict[str, Any], answer: Any) -> None:
    """Assert that an answer is one that the operation names, and of its shape."""
    kind = answer.headers["Content-Type"].partition(";")[0]
    told = operation["responses"][str(answer.status_code)]["content"][kind]["schema"]
    Draft202012Validator({**told, "components": closed(described())["components"]}).validate(answer.json())


def ask(caller: Caller, address: str, method: str, name: str) -> Any:
    address = _filled(address)
    if method == "post":
        return caller.post(address, examples.BODIES[name])
    return caller.get(address + examples.QUERIES.get(name, ""))


def test_the_file_in_docs_is_what_is_served(capsys: Any) -> None:
    call_command("supplier_openapi")
    made_anew = "after a change of views or English words: manage.py supplier_openapi > docs/api/supplier-openapi.json"
    assert json.loads(capsys.readouterr().out) == json.loads(FILE.read_text()), made_anew
    served = Client().get(BASE + "openapi.json", headers={"Accept-Language": "en"})
    assert served.json() == json.loads(FILE.read_text())
    assert not re.search(r"[\u4e00-\u9fff]", re.sub("|".join(_carriers()), "", FILE.read_text()))
    chinese = Client().get(BASE + "openapi.json").json()
    assert chinese["paths"][PREFIX + "orders"]["get"]["summary"] == "订单列表"


def _carriers() -> list[str]:
    carriers: list[str] = described()["components"]["schemas"]["CarrierEnum"]["enum"]
    return carriers


def test_every_address_and_method_is_in_the_document() -> None:
    views = {
        PREFIX + re.sub(r"<\w+:(\w+)>", r"{\1}", str(entry.pattern)): entry.callback.cls  # type: ignore[union-attr]
        for entry in endpoints
    }
    document = described()
    assert document["openapi"].startswith("3.")
    assert set(document["paths"]) == set(views)
    for address, view in views.items():
        assert {method.upper() for method in document["paths"][address]} == set(view.scopes)
        for method, told in document["paths"][address].items():
            assert told["x-scopes"] == list(view.scopes[method.upper()])
            assert told["security"] == [{"supplierKey": []}]
            assert {"401", "403", "429"} <= set(told["responses"])
            for status, answer in told["responses"].items():
                named = answer["description"].split(", ") if answer["description"] else []
                assert all(CODES[code][0] == int(status) for code in named)


@pytest.mark.parametrize(("address", "method", "name"), OPERATIONS, ids=[name for *_where, name in OPERATIONS])
def test_answers_are_as_the_document_says(caller: Caller, address: str, method: str, name: str) -> None:
    operation = described()["paths"][address][method]
    good = ask(caller, address, method, name)
    if name == "correct_stock":
        Sku.objects.update(on_hand=100)
        good = ask(caller, address, method, name)
    assert good.status_code in (200, 201), good.json()
    holds(operation, good)
    refused = Client().get(BASE + "key")
    holds(operation, refused)
    if method == "post":
        for body in ({}, {"unknown": 1}, []):
            holds(operation, caller.post(_filled(address), body))
        if "409" in operation["responses"]:
            again = ask(caller, address, method, name)
            assert again.status_code == 409
            holds(operation, again)
    if "{" in address:
        missing = address.removeprefix(PREFIX).replace("{number}", "none").replace("{code}", "none")
        body = examples.BODIES.get(name, {})
        holds(operation, caller.post(missing, body) if method == "post" else caller.get(missing))


def _filled(address: str) -> str:
    for part, value in examples.ADDRESS.items():
        address = address.replace(f"{{{part}}}", value)
    return address.removeprefix(PREFIX)


def test_the_page_shows_every_operation_with_a_command_that_works() -> None:
    firm = Firm("甲家", whole=False)
    address = reverse("supplier:integration_apikey_reference")
    page = firm.client.get(address).content.decode()
    for _address, _method, name in OPERATIONS:
        assert f'id="{name}"' in page
    for code in CODES:
        assert code in page
    with override("en"):
        english = firm.client.get(address, headers={"Accept-Language": "en"}).content.decode()
    assert "Ship" in english


COMMANDS = re.findall(r"```sh\n(curl .*?)```\n+```json\n(.*?)```", PAGE.read_text(), re.S)


def plain(text: str) -> Any:
    """Return an answer without what is different each time."""
    text = re.sub(r'"\d{4}-\d\d-\d\dT[\d:.]+Z"', '"…"', text)
    text = re.sub(r'"(request_id|prefix)":\s*"[^"]*"', r'"\1": "…"', text)
    return json.loads(text)


def run(command: str, caller: Caller) -> Any:
    """Do what a curl command of the docs does."""
    words = iter(shlex.split(command.replace("\\\n", " ")))
    assert next(words) == "curl"
    method, headers, body, address = "GET", {}, "", ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _colon, value = next(words).partition(": ")
            headers[name] = value.replace("$KEY", caller.text)
        elif word == "-d":
            body = next(words)
        elif word != "-s":
            address = word
    path = address.removeprefix("$MALL")
    kind = headers.pop("Content-Type", "application/json")
    if method == "POST":
        return caller.client.post(path, body, content_type=kind, headers=headers)
    return caller.client.get(path, headers=headers)


def test_the_commands_of_the_docs_answer_what_stands_there(caller: Caller) -> None:
    caller.supplier.name = "云岭茶业"
    caller.supplier.save()
    type(caller.key).objects.filter(pk=caller.key.pk).update(name="仓库 ERP")
    caller.supplier.products.update(name="狮峰龙井")
    OrderLine.objects.update(product_name="狮峰龙井")
    assert len(COMMANDS) >= 7
    for command, told in COMMANDS:
        answer = run(command, caller)
        assert plain(answer.content.decode()) == plain(told), f"{command}\n{answer.content.decode()}"


def test_the_docs_name_every_code() -> None:
    text = PAGE.read_text()
    assert [code for code in CODES if f"`{code}`" not in text] == []
