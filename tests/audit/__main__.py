"""`make audit`: what Lighthouse says of the six pages that matter most, written to docs/evidence/.

Runs a demo of its own, and before it a web server with compressed pages and static files. With `--data DIR` and
`--accounts FILE` it uses the servers and the data of a demo that runs already.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

from playwright.sync_api import Browser, Page, sync_playwright

from mall.services.children import free_port
from tests.audit import lighthouse
from tests.audit.report import Found, found_in, page
from tests.browser import chromium
from tests.browser.pages import DEVICES
from tests.browser.people import log_in
from tests.browser.screens import Accounts, running_demo

PROJECT = Path(__file__).resolve().parents[2]
EVIDENCE = PROJECT / "docs" / "evidence"
# Name, path, who looks, the first link of that page to follow instead.
PAGES = (
    ("home", "/", "", ""),
    ("list", "/list", "", ""),
    ("product", "/list", "", "main a[href^='/p/']"),
    ("cart", "/cart", "consumer", ""),
    ("order", "/orders/", "consumer", "main a[href^='/orders/HJ']"),
    ("agent home", "/agent/", "agent", ""),
)


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path, help="folder of a demo that runs already")
    parser.add_argument("--accounts", type=Path, help="file with the answer of `manage.py demo_accounts --json`")
    parser.add_argument("--write", type=Path, help="where the page is written, instead of docs/evidence/")
    parser.add_argument("names", nargs="*", help="only these pages")
    arguments = parser.parse_args(words)
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(chromium.node()))
    lighthouse.install()
    with demo(arguments.data, arguments.accounts) as (data, accounts), packed_server(data) as site:
        found = audit_all(site, accounts, runs=arguments.runs, names=arguments.names)
    today = datetime.now(UTC).date()
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}, Lighthouse {version()}."
    target = arguments.write or EVIDENCE / f"{today}-audit.md"
    target.write_text(page(found, date=str(today), runs=arguments.runs, machine=machine))
    print(f"\n{target}")
    return 1 if any(one.missed for one in found) else 0


@contextmanager
def demo(data: Path | None, accounts: Path | None) -> Iterator[tuple[Path, Accounts]]:
    """Yield the folder and the accounts of a demo: one that runs already, or a fresh one."""
    if data and accounts:
        yield data, json.loads(accounts.read_text())
        return
    with running_demo() as (_site, known, folder):
        yield folder, known


@contextmanager
def packed_server(data: Path) -> Iterator[str]:
    """Run gunicorn on the demo's servers, as production would; yield its address."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    joined = [sys.executable, "-m", "mall.services", "--join", "--data", str(data), "--", sys.executable]
    with TemporaryDirectory(prefix="mall-audit-static-") as static:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "mall.settings.production",
            "DEMO": "1",
            "DEBUG": "0",
            "COMPRESS_PAGES": "1",
            "PAYMENT_PROVIDERS": "sandbox",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": site,
            "STATIC_ROOT": static,
        }
        subprocess.run(
            [*joined, "manage.py", "collectstatic", "--no-input", "-v0"], cwd=PROJECT, env=environment, check=True
        )
        gunicorn = ["-m", "gunicorn", "mall.wsgi:application", "--bind", f"127.0.0.1:{port}"]
        process = subprocess.Popen(
            [*joined, *gunicorn, "--workers", "2", "--threads", "8", "--worker-class", "gthread"],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(f"{site}/healthz")
            yield site
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            sleep(0.2)
    sys.exit(f"audit: {address} does not answer.")


def audit_all(site: str, accounts: Accounts, *, runs: int, names: Sequence[str]) -> list[Found]:
    """Audit every page, the runs of one page in a row."""
    found = []
    wanted = [one for one in PAGES if not names or one[0] in names]
    addresses = dict(places(site, accounts))
    with lighthouse.browser() as port:
        for name, _path, who, _follow in wanted:
            path, cookies = addresses[name]
            reports = [lighthouse.audit(site + path, port=port, cookies=cookies) for _ in range(runs)]
            one = found_in(name, path, not who, reports)
            found.append(one)
            print(
                f"  {name}: {one.scores} LCP {one.metrics['lcp']:.0f} ms {'; '.join(one.missed) or 'good'}", flush=True
            )
            for cost in one.costs:
                print(f"    {cost}", flush=True)
    return found


def places(site: str, accounts: Accounts) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield for each page where it is and the cookies of who looks."""
    found = chromium.find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.path, args=chromium.ARGUMENTS, env={**os.environ, **found.environment}
        )
        looking: dict[str, Page] = {}
        for name, path, who, follow in PAGES:
            if who not in looking:
                looking[who] = open_page(browser, site, accounts[who]["phone"] if who else "")
            phone = looking[who]
            answer = phone.goto(path)
            if answer is None or answer.status != 200:
                sys.exit(f"audit: {path} answers {answer.status if answer else 'nothing'}.")
            if follow:
                path = str(phone.locator(follow).first.get_attribute("href"))
            cookies = phone.context.cookies() if who else []
            yield name, (path, "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies))
        browser.close()


def open_page(browser: Browser, site: str, phone: str) -> Page:
    context = browser.new_context(base_url=site, locale="zh-CN", **DEVICES["phone"])
    page = context.new_page()
    if phone:
        log_in(page, phone)
    return page


def version() -> str:
    told = json.loads((lighthouse.HERE / "package.json").read_text())
    return str(told["dependencies"]["lighthouse"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
