"""Pages and placing an order over HTTP, against a shop of django-oscar over the same goods on the same server."""

import html
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

from bench import databases, goods, oscar_shop
from bench.goods import Shop
from bench.oscar_shop import OscarShop
from bench.results import Result, pair
from bench.run import ROUNDS, Run
from bench.serving import CONNECTIONS, Server, ask, pages_a_second

PRODUCTS = 10_000
ORDER_LINES = 1_000_000
SECONDS = 4.0
ORDERS_A_ROUND = 12
BASKET_LINES = 3
PRODUCT_LEAST, LIST_LEAST, PLACING_LEAST = 6, 4, 6
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
INPUT = re.compile(r"<input\b[^>]*>")


def measure(run: Run) -> Iterator[Result]:
    buyers = ORDERS_A_ROUND * ROUNDS + CONNECTIONS
    sizes = {
        "products": run.size(PRODUCTS),
        "order_lines": run.size(ORDER_LINES),
        "buyers": buyers,
        "lookers": CONNECTIONS,
    }
    run.tell(f"filling both shops: {sizes['products']} products, {sizes['order_lines']} order lines")
    name = databases.copy(databases.EMPTY, "mall_bench_shop")
    ours = goods.fill(**sizes)
    databases.settle_down(name)
    reference = databases.make_blank("mall_bench_oscar")
    with tempfile.TemporaryDirectory() as folder:
        pictures = Path(folder) / "pictures"
        goods.draw_pictures(pictures)
        content = goods.for_oscar(**sizes)
        with oscar_shop.served(reference, content, pictures) as oscar, served(name, Path(folder)) as server:
            databases.settle_down(reference)
            yield from _measure_pages(run, server, ours, oscar)
            yield from _measure_placing(run, server, ours, oscar)


@contextmanager
def served(database: str, folder: Path, *, media: Path | None = None) -> Iterator[Server]:
    """Serve the mall as in production, its static files collected, its pictures in `media`."""
    environment = databases.environment(database) | {"STATIC_ROOT": str(folder / "static")}
    if media is not None:
        environment |= {"MEDIA_ROOT": str(media), "PRIVATE_ROOT": str(folder / "private")}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, env=environment, check=True, stdout=subprocess.DEVNULL)
    with Server(Path(sys.executable), "mall.wsgi:application", Path.cwd(), environment) as server:
        yield server


def _measure_pages(run: Run, server: Server, ours: Shop, oscar: OscarShop) -> Iterator[Result]:
    pages = [
        ("product page", ours.products[:50], oscar.products[:50], PRODUCT_LEAST),
        ("category list", ours.lists, oscar.categories, LIST_LEAST),
        ("home", ["/"], ["/catalogue/"], LIST_LEAST),
    ]
    for who, our_cookies, their_cookies in (
        ("anonymous", [], []),
        ("signed in", _cookies(ours.cookies), _cookies(oscar.cookies)),
    ):
        for page, our_paths, their_paths, least in pages:
            run.tell(f"{page}, {who}")
            for shop, paths, cookies in (server, our_paths, our_cookies), (oscar.server, their_paths, their_cookies):
                pages_a_second(shop, paths, cookies=cookies, seconds=SECONDS / 2)
            our_rates, their_rates = [], []
            for _ in range(ROUNDS):
                our_rates.append(pages_a_second(server, our_paths, cookies=our_cookies, seconds=SECONDS))
                their_rates.append(pages_a_second(oscar.server, their_paths, cookies=their_cookies, seconds=SECONDS))
            name = f"{page} ({who}) against django-oscar"
            yield pair(name, "pages a second", our_rates, their_rates, at_least=least)


def _cookies(sessions: list[str]) -> list[str]:
    return [f"sessionid={session}" for session in sessions[:CONNECTIONS]]


def _measure_placing(run: Run, server: Server, ours: Shop, oscar: OscarShop) -> Iterator[Result]:
    """Time the final request alone, each time of a buyer with the same basket; as a rate, so that more is better."""
    run.tell("placing an order")
    our_rates, their_rates = [], []
    for turn in range(ROUNDS):
        # The first buyers have looked at pages; each further one buys once.
        numbers = range(CONNECTIONS + turn * ORDERS_A_ROUND, CONNECTIONS + (turn + 1) * ORDERS_A_ROUND)
        our_rates.append(ORDERS_A_ROUND / sum(_place_ours(server, ours, ours.cookies[n]) for n in numbers))
        their_rates.append(ORDERS_A_ROUND / sum(_place_oscars(oscar, oscar.cookies[n]) for n in numbers))
    name = "placing an order of three lines over HTTP, against django-oscar"
    yield pair(name, "orders a second", our_rates, their_rates, at_least=PLACING_LEAST)


def _place_ours(server: Server, shop: Shop, session: str) -> float:
    connection = server.connect()
    answer, page = ask(connection, "/me/settings/", cookie=f"sessionid={session}")
    token = TOKEN.findall(page.decode())[0]
    secret = _cookie(answer.headers.get_all("Set-Cookie") or [], "csrftoken")
    cookie = f"sessionid={session}; csrftoken={secret}"
    for sku_id in shop.sku_ids[:BASKET_LINES]:
        form = urlencode({"csrfmiddlewaretoken": token, "sku": sku_id, "quantity": 1})
        ask(connection, "/cart/add", cookie=cookie, form=form, wanted=(200, 302, 303))
    _, page = ask(connection, "/checkout", cookie=cookie)
    form = urlencode(_fields(page.decode(), "order"))
    began = perf_counter()
    answer, _ = ask(connection, "/checkout", cookie=cookie, form=form, wanted=(302, 303))
    spent = perf_counter() - began
    if not (answer.headers["Location"] or "").startswith("/pay/"):
        raise AssertionError(f"no order was placed: {answer.headers['Location']}")
    connection.close()
    return spent


def _place_oscars(oscar: OscarShop, session: str) -> float:
    connection = oscar.server.connect()
    answer, page = ask(connection, oscar.products[0], cookie=f"sessionid={session}")
    secret = _cookie(answer.headers.get_all("Set-Cookie") or [], "csrftoken")
    cookie = f"sessionid={session}; csrftoken={secret}"
    token = TOKEN.findall(page.decode())[0]
    for product_id in oscar.product_ids[:BASKET_LINES]:
        form = urlencode({"csrfmiddlewaretoken": token, "quantity": 1})
        ask(connection, f"/basket/add/{product_id}/", cookie=cookie, form=form, wanted=(302,))
    _, page = ask(connection, "/checkout/shipping-address/", cookie=cookie)
    address = re.findall(r'name="address_id" value="(\d+)"', page.decode())[0]
    form = urlencode({"csrfmiddlewaretoken": token, "action": "ship_to", "address_id": address})
    ask(connection, "/checkout/shipping-address/", cookie=cookie, form=form, wanted=(302,))
    ask(connection, "/checkout/shipping-method/", cookie=cookie, wanted=(302,))
    ask(connection, "/checkout/payment-method/", cookie=cookie, wanted=(302,))
    ask(connection, "/checkout/preview/", cookie=cookie)
    form = urlencode({"csrfmiddlewaretoken": token, "action": "place_order"})
    began = perf_counter()
    answer, _ = ask(connection, "/checkout/preview/", cookie=cookie, form=form, wanted=(302,))
    spent = perf_counter() - began
    if "thank-you" not in (answer.headers["Location"] or ""):
        raise AssertionError(f"oscar placed no order: {answer.headers['Location']}")
    connection.close()
    return spent


def _fields(page: str, form_id: str) -> list[tuple[str, str]]:
    """Return what the browser would send of a form's inputs, those outside that belong to it included."""
    form = re.search(rf'<form\b[^>]*\bid="{form_id}".*?</form>', page, re.DOTALL)
    if form is None:
        raise AssertionError(f"no form {form_id}")
    outside = [tag for tag in INPUT.findall(page) if f'form="{form_id}"' in tag]
    fields = []
    for tag in [*INPUT.findall(form[0]), *outside]:
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        chosen = re.search(r"\schecked\b", tag) or attributes.get("type") not in ("radio", "checkbox")
        if chosen and "name" in attributes and attributes.get("type") != "submit":
            fields.append((attributes["name"], html.unescape(attributes.get("value", "on"))))
    return fields


def _cookie(headers: list[str], name: str) -> str:
    for header in headers:
        if header.startswith(f"{name}="):
            return header.split(";")[0].removeprefix(f"{name}=")
    raise AssertionError(f"no cookie {name}")
