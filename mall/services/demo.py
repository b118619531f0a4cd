"""The whole mall with one command: servers, demo data, web, a worker and beat; `make demo` calls it.

Started again it keeps the data. A first start that was interrupted begins afresh.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from rich.console import Console

from mall.services import children
from mall.services.children import Account
from mall.services.embedded import PROJECT, announce, default_data, only_launcher, prepare, services
from mall.services.errors import ServiceError

PYTHON = sys.executable
MANAGE = [PYTHON, str(PROJECT / "manage.py")]
console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m mall.services.demo", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the demo's data")
    parser.add_argument("--accounts", type=Path, help="file to write the demo's accounts to, as JSON")
    parser.add_argument("--attached", action="store_true", help="stop when the process that started this one is gone")
    parser.add_argument("--all-pictures", action="store_true", help="draw all pictures before the mall opens")
    parser.add_argument("--scale", type=int, default=100, help="percent of the members and orders")
    parser.add_argument("--reset", action="store_true", help="delete the demo's data and stop")
    arguments = parser.parse_args()
    data = (arguments.data or default_data()).resolve()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    if arguments.attached:
        children.die_with_parent_of_this_process(signal.SIGTERM)
    try:
        if arguments.reset:
            reset(data)
        else:
            host = os.environ.get("HOST", "127.0.0.1")
            run(
                data,
                port=chosen_port(),
                host=host,
                accounts=arguments.accounts,
                all_pictures=arguments.all_pictures,
                scale=arguments.scale,
            )
    except ServiceError as error:
        console.print(f"[red]✗[/] {error}")
        return 1
    except KeyboardInterrupt:
        console.print("[green]✓[/] Everything has stopped; the data are kept.")
    return 0


def chosen_port() -> int:
    named = os.environ.get("PORT", "8000")
    if not named.isdigit() or not 0 < int(named) < 65536:
        raise ServiceError(f"PORT={named} is no port: choose a number from 1 to 65535.")
    return int(named)


def run(
    data: Path,
    *,
    port: int,
    host: str,
    accounts: Path | None = None,
    all_pictures: bool = False,
    scale: int = 100,
) -> None:
    """Bring the mall up and stay until Ctrl-C, or until one of its processes ends.

    Goods open with one picture each; the others are drawn while people look around already.
    """
    started = monotonic()
    refuse_busy_port(host, port)
    site = f"http://{host}:{port}"
    with ExitStack() as stack:
        with step("PostgreSQL and Valkey"):
            fresh = begin_afresh_if_interrupted(data)
            found = stack.enter_context(services(data, fast=False))
        environment = {
            **os.environ,
            **found,
            "DJANGO_SETTINGS_MODULE": "mall.settings.local",
            "DEBUG": "0",
            "DEMO": "1",
            "PORT": str(port),
            "SITE_URL": os.environ.get("SITE_URL", site),
            "STATIC_ROOT": str(data / "static"),
            "PYTHONUNBUFFERED": "1",
        }
        announce(data, {name: value for name, value in environment.items() if os.environ.get(name) != value})
        with step("Tables, styles, scripts and icons"):
            both = [begun(words, "--no-input", environment=environment) for words in ("migrate", "collectstatic")]
            for process in both:
                finished(process)
        if fresh:
            load_demo_data(data, environment, scale)
        if all_pictures:
            with step("All pictures"):
                manage("draw_demo_views", environment=environment)
        with step("Web server, worker and beat"):
            processes = [stack.enter_context(part.running(data, environment)) for part in parts(host, port, data)]
            wait_until_healthy(f"{site}/healthz", processes[0])
            for part in processes[1:]:
                wait_for_words(part)
        console.print(f"\n[bold green]Ready[/] in {monotonic() - started:.0f} s: [bold]{environment['SITE_URL']}/[/]\n")
        subprocess.run([*MANAGE, "demo_accounts"], env=environment, check=False)
        if accounts:
            accounts.write_text(manage("demo_accounts", "--json", environment=environment))
        stack.enter_context(PICTURES.running(data, environment))
        console.print(f"\nCtrl-C stops everything. Logs and data lie in {data}.")
        stay(processes)


def refuse_busy_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise ServiceError(f"This user may not open port {port}: choose another one, as in PORT=8001.") from None
        except OSError:
            raise ServiceError(f"Port {port} is in use: choose another one, as in PORT={port % 65535 + 1}.") from None


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show what is being done, and how long it took."""
    started = monotonic()
    with console.status(f"{title} …"):
        yield
    console.print(f"[green]✓[/] {title} [dim]{monotonic() - started:.1f} s[/]")


def begin_afresh_if_interrupted(data: Path) -> bool:
    """Say whether demo data have still to be loaded; what a first start left half done is deleted."""
    prepare(data)
    if (data / "demo-loaded").exists():
        return False
    with only_launcher(data):
        delete_servers(data)
    return True


def delete_servers(data: Path) -> None:
    for name in ["postgres", "valkey", "media", "static"]:
        shutil.rmtree(data / name, ignore_errors=True)


def load_demo_data(data: Path, environment: dict[str, str], scale: int) -> None:
    """Fill the new mall; the command shows its own progress."""
    started = monotonic()
    done = subprocess.run(
        [*MANAGE, "load_demo", f"--scale={scale}"],
        env=environment,
        preexec_fn=children.die_with_parent(signal.SIGTERM),
        check=False,
    )
    if done.returncode:
        raise ServiceError("The demo data could not be loaded.")
    (data / "demo-loaded").touch()
    console.print(f"[green]✓[/] Demo data [dim]{monotonic() - started:.1f} s[/]")


def manage(*words: str, environment: dict[str, str]) -> str:
    """Run a management command and return what it printed."""
    return finished(begun(*words, environment=environment))


def begun(*words: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    """Begin a management command; what it prints is read by `finished`."""
    return subprocess.Popen(
        [*MANAGE, *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=children.die_with_parent(signal.SIGTERM),
    )


def finished(process: subprocess.Popen[str]) -> str:
    """Wait for a management command and return what it printed. Raises ServiceError where it failed."""
    try:
        printed, wrong = process.communicate()
    except BaseException:
        process.kill()
        process.wait()
        raise
    if process.returncode:
        command = list(process.args)[len(MANAGE)] if isinstance(process.args, list) else ""
        raise ServiceError(f"`manage.py {command}` failed: {(wrong.strip().splitlines() or ['no word of why'])[-1]}")
    return printed


@dataclass(frozen=True)
class Part:
    """One process of the mall."""

    name: str
    command: Sequence[str]
    ready: bytes

    @contextmanager
    def running(self, data: Path, environment: dict[str, str]) -> Iterator["RunningPart"]:
        log_path = data / f"{self.name}.log"
        with log_path.open("wb") as log:
            process = children.start(
                self.command,
                account=Account(os.geteuid(), os.getegid()),
                cwd=PROJECT,
                log=log,
                last_signal=signal.SIGTERM,
                environment=environment,
            )
        try:
            yield RunningPart(self.name, process, log_path, self.ready)
        finally:
            children.stop(process, (signal.SIGTERM, 15), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))


# Ends by itself when everything is drawn.
PICTURES = Part("pictures", [*MANAGE, "draw_demo_views", "--quietly"], b"")


@dataclass(frozen=True)
class RunningPart:
    name: str
    process: subprocess.Popen[bytes]
    log_path: Path
    ready: bytes

    def ended(self, seconds: float) -> bool:
        """Wait a moment and say whether the process has ended."""
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def parts(host: str, port: int, data: Path) -> list[Part]:
    celery = [PYTHON, "-m", "celery", "-A", "mall.celery"]
    gunicorn = [PYTHON, "-m", "gunicorn", "mall.wsgi:application", "--bind", f"{host}:{port}", "--preload"]
    return [
        Part("web", [*gunicorn, "--workers", "2", "--threads", "8", "--worker-class", "gthread"], b"Booting worker"),
        Part("worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"], b" ready."),
        Part(
            "beat", [*celery, "beat", "--schedule", str(data / "beat-schedule"), "--loglevel", "INFO"], b"Starting..."
        ),
    ]


def wait_until_healthy(address: str, web: RunningPart) -> None:
    """Return when the web server reaches its servers."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=20):
                return
        except urllib.error.HTTPError as error:
            raise ServiceError(f"The web server answers {error.code}: see {web.log_path}.") from None
        except OSError:
            if web.ended(0.1):
                raise children.log_error("The web server", web.log_path) from None
    raise ServiceError(f"The web server did not answer within a minute: see {web.log_path}.")


def wait_for_words(part: RunningPart) -> None:
    """Return when the process has written that it is ready."""
    for _ in range(600):
        if part.ready in part.log_path.read_bytes():
            return
        if part.ended(0.1):
            raise children.log_error(f"The {part.name} process", part.log_path)
    raise ServiceError(f"The {part.name} process was not ready within a minute: see {part.log_path}.")


def stay(processes: Sequence[RunningPart]) -> None:
    while True:
        for part in processes:
            if part.ended(0.5):
                raise ServiceError(
                    f"The {part.name} process has ended; its last words: {children.tail(part.log_path)}."
                )


def reset(data: Path) -> None:
    if not data.exists():
        console.print("[green]✓[/] There are no demo data.")
        return
    prepare(data)
    with only_launcher(data):
        delete_servers(data)
        for name in ["demo-loaded", "secrets.json"]:
            (data / name).unlink(missing_ok=True)
    console.print("[green]✓[/] The demo data are deleted; `make demo` starts afresh.")


if __name__ == "__main__":
    sys.exit(main())
