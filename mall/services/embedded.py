"""Both servers on one folder, and the environment that points to them."""

import fcntl
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from secrets import token_urlsafe

from mall.services import children, postgres, valkey
from mall.services.children import Account
from mall.services.errors import ServiceError
from mall.services.keys import draw_payment_keys

PROJECT = Path(__file__).resolve().parents[2]
ANNOUNCED = "environment.json"


@dataclass(frozen=True)
class Secrets:
    """What is drawn once per data folder and kept there, readable by the launcher's user only."""

    postgres: postgres.Passwords
    valkey: str
    secret_key: str
    sandbox_key: str
    payment_keys: dict[str, str] = field(default_factory=draw_payment_keys)

    @classmethod
    def random(cls) -> "Secrets":
        return cls(postgres.Passwords.random(), token_urlsafe(24), token_urlsafe(48), token_urlsafe(32))

    @classmethod
    def kept_in(cls, path: Path) -> "Secrets":
        """Read the secrets, or draw and write them."""
        if path.exists():
            kept = json.loads(path.read_text())
            secrets = cls(**(kept | {"postgres": postgres.Passwords(**kept["postgres"])}))
            if "payment_keys" not in kept:
                secrets.keep_in(path)
            return secrets
        secrets = cls.random()
        secrets.keep_in(path)
        return secrets

    def keep_in(self, path: Path) -> None:
        """Write the secrets for this user only; whoever reads meanwhile finds the old file or the new one."""
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        new.touch(mode=0o600)
        new.write_text(json.dumps(asdict(self)))
        new.rename(path)


def default_data() -> Path:
    """The project's own var/; for root a system folder, since the servers' user may not reach the project."""
    if os.geteuid() != 0:
        return PROJECT / "var" / "data"
    return Path("/var/lib/mall") / f"{PROJECT.name}-{zlib.crc32(str(PROJECT).encode()):08x}"


@contextmanager
def services(
    data: Path, *, fast: bool, buffers: str = postgres.BUFFERS, environment: Mapping[str, str] = os.environ
) -> Iterator[dict[str, str]]:
    """Run the servers that the environment does not name already; yield what to add to the environment."""
    found: dict[str, str] = {}
    own_database, own_redis = "DATABASE_URL" in environment, "REDIS_URL" in environment
    if "DATABASE_OWNER_URL" in environment and not own_database:
        raise ServiceError("DATABASE_OWNER_URL is set and DATABASE_URL is not: set both or neither.")
    with ExitStack() as stack:
        try:
            account = prepare(data)
            stack.enter_context(only_launcher(data))
            secrets = Secrets.kept_in(data / "secrets.json")
            if not own_database:
                running = postgres.running(
                    data, account=account, passwords=secrets.postgres, fast=fast, buffers=buffers
                )
                addresses = stack.enter_context(running)
                found |= {"DATABASE_URL": addresses.application, "DATABASE_OWNER_URL": addresses.owner}
            if not own_redis:
                found["REDIS_URL"] = stack.enter_context(
                    valkey.running(data, account=account, password=secrets.valkey, fast=fast)
                )
        except OSError as error:
            raise children.folder_error(data, error) from None
        found |= {
            "SECRET_KEY": secrets.secret_key,
            "SANDBOX_KEY": secrets.sandbox_key,
            "MEDIA_ROOT": str(data / "media"),
            **secrets.payment_keys,
        }
        found |= {name: value for name, value in environment.items() if name in found}
        announce(data, found)
        stack.callback((data / ANNOUNCED).unlink, missing_ok=True)
        yield found


def announce(data: Path, environment: Mapping[str, str]) -> None:
    """Write down, for this user only, the environment that others need to join the running servers."""
    new = data / f"{ANNOUNCED}.new"
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(json.dumps(dict(environment)))
    new.rename(data / ANNOUNCED)


def announced(data: Path) -> dict[str, str]:
    """Return the environment of the servers that another launcher runs on the same data."""
    nobody = ServiceError(f"No servers run on {data}: start them first.")
    try:
        if not is_locked(data):
            raise nobody
        environment: dict[str, str] = json.loads((data / ANNOUNCED).read_text())
    except FileNotFoundError:
        raise nobody from None
    except OSError as error:
        raise children.folder_error(data, error) from None
    return environment


def prepare(data: Path) -> Account:
    """Make the data folder, private to the servers' user; a folder that holds something else is left alone."""
    account = Account.for_servers()
    if data.is_dir() and any(data.iterdir()) and not (data / "lock").exists():
        raise ServiceError(f"{data} holds other files: choose an empty folder with --data.")
    account.folder(data)
    return account


@contextmanager
def only_launcher(data: Path) -> Iterator[None]:
    """Refuse a second start on the same data while the first one runs."""
    with (data / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise ServiceError(
                f"The data in {data} are in use by process {lock.read().strip()}: stop it first, or --join it."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def is_locked(data: Path) -> bool:
    """Say whether a launcher runs on the data."""
    with (data / "lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
