"""Posters over HTTP, as their sharer asks for them: drawn for the first time, and again as they were kept."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from bench import databases, goods
from bench.results import Result, ceiling
from bench.run import ROUNDS, Run
from bench.serving import Server, ask
from mall.pictures import draw_product, view_path
from members.models import Member

from .pages import served

PRODUCTS = 200
A_ROUND = 4
KEPT_ASKED = 20
COLD_SECONDS_MAX = 0.5
KEPT_MS_MAX = 20
BYTES_MAX = 200_000
LOOKS = ("paper", "jade", "rose", "ink")


def measure(run: Run) -> Iterator[Result]:
    name = databases.copy(databases.EMPTY, "mall_bench_posters")
    # As many sharers as rounds: none of them has more drawn in a minute than is allowed.
    shop = goods.fill(products=PRODUCTS, order_lines=200, buyers=ROUNDS)
    codes = list(Member.objects.order_by("pk").values_list("referral_code", flat=True)[:ROUNDS])
    databases.settle_down(name)
    cold, kept, sizes = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        _hang_pictures(Path(folder) / "media")
        with served(name, Path(folder), media=Path(folder) / "media") as server:
            for turn in range(ROUNDS):
                cookie = f"sessionid={shop.cookies[turn]}"
                address = f"/agent/share/poster/{codes[turn]}"
                for _ in range(A_ROUND):
                    # Both workers have loaded what they need; this poster is of no product.
                    _asked(server, f"{address}/paper.jpg", cookie)
                paths = [f"{address}/{look}.jpg?to={shop.products[place][1:]}" for place, look in enumerate(LOOKS)]
                drawn = [_asked(server, path, cookie) for path in paths]
                again = [_asked(server, paths[number % A_ROUND], cookie)[0] for number in range(KEPT_ASKED)]
                cold.append(median(spent for spent, _size in drawn))
                kept.append(1000 * median(again))
                sizes.append(max(size for _spent, size in drawn))
                run.tell(f"round {turn + 1}: drawn in {cold[-1]:.3f} s, kept {kept[-1]:.1f} ms, {sizes[-1]:,} bytes")
    yield ceiling("poster, drawn for the first time", "s", cold, COLD_SECONDS_MAX)
    yield ceiling("poster, as it was kept", "ms", kept, KEPT_MS_MAX)
    yield ceiling("poster, the largest", "bytes", [max(sizes)], BYTES_MAX)


def _hang_pictures(media: Path) -> None:
    """Draw the pictures of the products that are shared, as the mall draws them."""
    for number in range(A_ROUND):
        slug = f"product-{number}"
        path = media / view_path(slug, "hero")
        path.parent.mkdir(parents=True)
        path.write_bytes(draw_product(slug, 140, "tin", "龙井"))


def _asked(server: Server, path: str, cookie: str) -> tuple[float, int]:
    connection = server.connect()
    began = perf_counter()
    _answer, content = ask(connection, path, cookie=cookie)
    spent = perf_counter() - began
    connection.close()
    return spent, len(content)
