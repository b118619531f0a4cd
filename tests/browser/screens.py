"""`make screens`: pictures of every page, light and dark, and contact sheets, under docs/screens/.

Runs a demo of its own on a free port. With `--site ADDRESS` it looks at one that runs already; names after the options
take only those pages.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Error, Page, sync_playwright

from mall.services.children import free_port
from tests.browser import chromium
from tests.browser.pages import DEVICES, PAGES, Shot
from tests.browser.people import log_in, log_in_with_password

PROJECT = Path(__file__).resolve().parents[2]
TARGET = PROJECT / "docs" / "screens"
LOOKS = ("light", "dark")
Accounts = dict[str, dict[str, str]]


class NoPage(Exception):
    """A page does not answer as it should."""


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screens", description=__doc__)
    parser.add_argument("--site", help="address of a running demo")
    parser.add_argument("--accounts", type=Path, help="file with the answer of `manage.py demo_accounts --json`")
    parser.add_argument("names", nargs="*", help="only these pages")
    arguments = parser.parse_args(words)
    wanted = [shot for shot in PAGES if not arguments.names or shot.name in arguments.names]
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(chromium.node()))
    if arguments.site:
        missing = take_all(wanted, arguments.site, json.loads(arguments.accounts.read_text()))
    else:
        with running_demo() as (site, accounts, _data):
            missing = take_all(wanted, site, accounts)
    make_sheets()
    if missing:
        sys.exit("screens: no picture of " + "; ".join(missing))


@contextmanager
def running_demo() -> Iterator[tuple[str, Accounts, Path]]:
    """Run a demo on fresh data; yield its address, the accounts that it announces, and the folder of its data."""
    port = free_port()
    with TemporaryDirectory(prefix="mall-screens-", ignore_cleanup_errors=True) as data:
        accounts_file = Path(data).with_suffix(".accounts")
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "mall.services.demo",
                "--data",
                data,
                "--accounts",
                str(accounts_file),
                "--all-pictures",
            ],
            cwd=PROJECT,
            env={**os.environ, "PORT": str(port)},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            for line in process.stdout:
                print(line, end="")
                if "Ctrl-C stops" in line:
                    break
            else:
                sys.exit("screens: the demo did not start.")
            yield f"http://127.0.0.1:{port}", json.loads(accounts_file.read_text()), Path(data)
        finally:
            accounts_file.unlink(missing_ok=True)
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def take_all(wanted: Sequence[Shot], site: str, accounts: Accounts) -> list[str]:
    """Take each page in both looks; one browser context for each person, device and look. Return what could not be
    taken, and why."""
    missing: list[str] = []
    TARGET.mkdir(parents=True, exist_ok=True)
    found = chromium.find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.path, args=chromium.ARGUMENTS, env={**os.environ, **found.environment}
        )
        for who, device in dict.fromkeys((shot.who, shot.device) for shot in wanted):
            cookies = log_in_once(browser, site, accounts[who]) if who else None
            for look in LOOKS:
                page = open_page(browser, site, device=device, look=look, cookies=cookies)
                for shot in wanted:
                    if (shot.who, shot.device) == (who, device):
                        try:
                            take(page, shot, look, accounts)
                        except (NoPage, Error) as error:
                            missing.append(f"{shot.name}-{look}: {str(error).splitlines()[0]}")
                            print(f"  {missing[-1]}")
                page.context.close()
        browser.close()
    return missing


def open_page(browser: Browser, site: str, *, device: str, look: str, cookies: Any = None) -> Page:
    context = browser.new_context(
        storage_state=cookies,
        base_url=site,
        color_scheme="dark" if look == "dark" else "light",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        **DEVICES[device],
    )
    context.set_default_timeout(15_000)
    return context.new_page()


def log_in_once(browser: Browser, site: str, account: dict[str, str]) -> Any:
    """Log a person in and return the cookies; a second code within a minute would be refused."""
    page = open_page(browser, site, device="desk", look="light")
    if account.get("password"):
        log_in_with_password(page, account["phone"], account["password"], site=account.get("site", "/ops/"))
    else:
        log_in(page, account["phone"])
    cookies = page.context.storage_state()
    page.context.close()
    return cookies


def take(page: Page, shot: Shot, look: str, accounts: Accounts) -> None:
    path = re.sub(r"\{(\w+)\.(\w+)\}", lambda match: accounts[match[1]][match[2]], shot.path)
    answer = page.goto(path)
    for link in shot.follow:
        with page.expect_navigation() as navigation:
            page.locator(link).first.click()
        answer = navigation.value
    if answer is None or answer.status != shot.status:
        raise NoPage(f"{page.url} answers {answer.status if answer else 'nothing'}")
    for selector in shot.click:
        page.locator(selector).first.click()
    page.wait_for_load_state("networkidle")
    picture = TARGET / f"{shot.name}-{look}.png"
    viewport = DEVICES[shot.device]["viewport"]
    if shot.full:
        # The whole page at once, so that bars which stick to the foot are drawn at the foot.
        height = page.evaluate("() => document.documentElement.scrollHeight")
        page.set_viewport_size({"width": viewport["width"], "height": max(viewport["height"], min(height, 6_000))})
    page.screenshot(path=picture, animations="disabled")
    page.set_viewport_size(viewport)
    with Image.open(picture) as drawn:
        drawn.convert("RGB").save(picture.with_suffix(".webp"), quality=82, method=6)
    picture.unlink()
    print(f"  {shot.name}-{look}.webp")


def make_sheets() -> None:
    """Lay all pictures of one person side by side, light above dark."""
    font = ImageFont.truetype(str(chinese_face()), 22)
    for person in dict.fromkeys(shot.sheet for shot in PAGES):
        shots = [shot for shot in PAGES if shot.sheet == person and (TARGET / f"{shot.name}-light.webp").exists()]
        if not shots:
            continue
        width = 640 if any(shot.device == "desk" for shot in shots) else 320
        height = width * 5 // 8 if width == 640 else 700
        columns = min(len(shots), 3 if width == 640 else 6)
        rows = -(-len(shots) // columns)
        cell = (width + 24, height + 56)
        sheet = Image.new("RGB", (columns * cell[0] + 24, rows * 2 * cell[1] + 24), "#e9e6e1")
        draw = ImageDraw.Draw(sheet)
        for number, shot in enumerate(shots):
            for row, look in enumerate(LOOKS):
                left = 24 + number % columns * cell[0]
                top = 24 + (number // columns * 2 + row) * cell[1]
                with Image.open(TARGET / f"{shot.name}-{look}.webp") as picture:
                    picture.load()
                    small = picture.resize((width, round(picture.height * width / picture.width)))
                sheet.paste(small.crop((0, 0, width, min(height, small.height))), (left, top + 32))
                draw.text((left, top), f"{shot.name}  {look}", font=font, fill="#3a3632")
        sheet.save(TARGET / f"sheet-{person}.jpg", quality=84)
        print(f"  sheet-{person}.jpg")


def chinese_face() -> Path:
    """Return the face that the browser uses too."""
    configuration = (chromium.UNPACKED / "fonts.conf").read_text()
    return Path(re.findall(r"<dir>(.+?)</dir>", configuration)[0]) / "NotoSansSC-Regular.otf"


if __name__ == "__main__":
    main(sys.argv[1:])
